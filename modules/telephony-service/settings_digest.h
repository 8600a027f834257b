// A digest over settings: it tells whether anything that phone files are made of has changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/capf_notes.h"
#include "modules/telephony-service/telephony_config.h"
#include "platform/crypto/engine.h"

namespace parley::telephony_service {

// SHA-256.
struct FileSum {
  uint8_t bytes[32] = {};
  bool operator==(const FileSum&) const = default;
  Bytes view() const { return Bytes(bytes); }
};
FileSum sum_of(Bytes data);
FileSum sum_of(const FileSum& before, Bytes data);   // goes on

// Whole records with the entries of their tables, as the rows name them: what is added to a record counts by itself. A table that
// moved in memory may change the sum too; that costs a comparison, while a change that is not seen would strand phones.
FileSum sum_of_shared(const Config& c);          // all settings but those of single phones, pools and lines, and the stamp of the files
FileSum sum_of_phone(const FileSum& shared, const Ephone& phone, const PhoneCapf& capf, Bytes certificate);
FileSum sum_of_pool(const FileSum& shared, const RegisterPool& pool);

}  // namespace parley::telephony_service
