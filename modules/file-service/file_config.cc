// Command rows of file-service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/file_config.h"

#include "cli/place.h"

namespace parley::file_service {

using namespace parley::cli;

constexpr Row kConfigRows[] = {
    list("tftp-server URL -> [alias WORD] [<1-99>]", "File that everybody may fetch", &Config::files,
         &ServedFile::path, &ServedFile::alias, &ServedFile::access_list),                    // 000:2303-2315
};

constexpr Section kSections[1] = {{Place::tftp_server, kConfigRows, false}};

constexpr Gloss kGloss[4] = {
    {"alias", "Name that clients ask for"},
    {"debug", "Tell live what happens"},
    {"events", "Begin and end of transfers, refusals"},
    {"packets", "Every packet"},
};

}  // namespace parley::file_service
