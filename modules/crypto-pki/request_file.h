// Requests of a certificate server in nvram:, so that those who wait for the operator survive a reload.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/request_list.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

// "nvram:pki/<label>.<number>.req"
Path request_path(std::string_view label, uint32_t id);
Result<Blob> encode_request(const Request& r);
// [job] Fault invalid: damaged. The request's own signature is checked again.
Result<Request> decode_request(Bytes file);
// [job] All of a server, by number. Damaged ones are counted and left alone.
Result<List<Request>> read_requests(Store& store, std::string_view label, size_t& damaged);

struct RequestFile {
  Path path;
  Blob bytes;          // empty: the file goes
};
// [job]
Status save_request(Store& store, const RequestFile& file);

class SaveRequestsJob final : public Job {
 public:
  explicit SaveRequestsJob(Store& store) : store_(store) {}
  void run() override;
  List<RequestFile> files{general_arena()};
  Status result;

 private:
  Store& store_;
};

}  // namespace parley::crypto_pki
