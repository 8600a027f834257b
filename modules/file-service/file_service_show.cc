// show tftp-server: state of the service and its files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row.h"
#include "modules/file-service/file_service.h"
#include "platform/log/debug_subjects.h"

namespace parley::file_service {
namespace {

void show_table(Writer& out, const FileTable& table) {
  List<const Entry*> entries(general_arena());
  if (!table.sorted(entries)) return void(out.put("% No memory to list the files\n"));
  for (const Entry* entry : entries) {
    const Entry& e = *entry;
    out.left(e.name, 40).put(' ').dec(e.counters.requests, 9).dec(e.counters.completed, 11).dec(e.counters.failed, 9);
    out.put("  ").put(e.content->path.empty() ? std::string_view("memory") : e.content->path.view()).put('\n');
  }
}

void show_http(Writer& out, const HttpFiles& http, bool secure) {
  const HttpStats& s = http.stats(secure);
  const bool listening = secure ? http.listening_secure() : http.listening();
  out.put(secure ? "HTTPS" : "HTTP").put(" server is ").put(listening ? "listening" : "not listening");
  out.put(" on TCP port ").dec(secure ? kHttpsPort : kHttpPort);
  if (secure && !listening && !http.trustpoint().empty()) out.put(": trustpoint ").put(http.trustpoint()).put(", ").put(http.why_not_secure());
  out.put("\n  Requests: ").dec(static_cast<int64_t>(s.requests)).put(", ").dec(static_cast<int64_t>(s.completed)).put(" completed, ");
  out.dec(static_cast<int64_t>(s.failed)).put(" failed, ").dec(static_cast<int64_t>(s.not_found)).put(" not found\n");
  out.put("  Bytes sent: ").dec(static_cast<int64_t>(s.bytes)).put('\n');
}

void show_tftp_server(cli::Call& call) { call.module<FileService>().show(call.out()); }

struct DebugTftp {
  uint8_t what = 0;
};

constexpr DebugSubject kSubjects[] = {{"tftp events", "TFTP events"}, {"tftp packets", "TFTP packets"}};
void set_debug(cli::Call& call, const DebugTftp& a, bool on) {
  switch_debug(call.module<FileService>().log(), std::span(kSubjects).subspan(a.what, 1), on, call.out());
}
void debug_tftp(cli::Call& call, const DebugTftp& a) { set_debug(call, a, true); }
void undebug_tftp(cli::Call& call, const DebugTftp& a) { set_debug(call, a, false); }

}  // namespace

extern const cli::Row kExec[3];
constexpr cli::Row kExec[3] = {
    cli::action<show_tftp_server>("show tftp-server", "Files served by TFTP"),
    cli::privilege(15, cli::action<debug_tftp>("debug tftp {events|packets}", "Transfers of files", &DebugTftp::what)),
    cli::privilege(15, cli::action<undebug_tftp>("undebug tftp {events|packets}", "Transfers of files", &DebugTftp::what)),
};

void FileService::show(Writer& out) const {
  const TftpStats& s = tftp_.stats();
  out.put("TFTP server is ").put(tftp_.listening() ? "listening" : "not listening");
  out.put(" on UDP port ").dec(kTftpPort + env_.net.port_offset()).put('\n');
  out.put("  Transfers: ").dec(static_cast<int64_t>(tftp_.active())).put(" active, ");
  out.dec(static_cast<int64_t>(s.completed)).put(" completed, ").dec(static_cast<int64_t>(s.failed)).put(" failed, at most ");
  out.dec(static_cast<int64_t>(tftp_.pool().count())).put(" at once\n");
  out.put("  Requests: ").dec(static_cast<int64_t>(s.requests)).put(", ").dec(static_cast<int64_t>(s.not_found));
  out.put(" not found, ").dec(static_cast<int64_t>(s.refused)).put(" refused, ").dec(static_cast<int64_t>(s.dropped)).put(" dropped\n");
  out.put("  Bytes sent: ").dec(static_cast<int64_t>(s.bytes)).put('\n');
  show_http(out, http_, false);
  show_http(out, http_, true);
  out.put('\n');
  out.left("File", 40).put("  Requests  Completed   Failed  Content\n");
  show_table(out, published_);
  show_table(out, rows_);
}

}  // namespace parley::file_service
