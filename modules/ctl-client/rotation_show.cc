// show ctl-client rotation: the stage of each change, who is waited for, and what to do next.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "modules/ctl-client/ctl_client.h"

namespace parley::ctl_client {
namespace {

struct Waiting {
  size_t confirmed = 0;
  List<PhoneMac> phones{general_arena()};
};

void print_when(Writer& out, UnixTime t) {
  const Calendar c = to_calendar(t);
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0').put(" UTC ");
  out.put(month_name(c.month)).put(' ').dec(c.day).put(' ').dec(c.year);
}

const char* role_name(Role role) {
  switch (role) {
    case Role::sast: return "signer";
    case Role::ccm: return "CCM";
    case Role::ccm_tftp: return "CCM+TFTP";
    case Role::tftp: return "TFTP";
    case Role::capf: return "CAPF";
    case Role::app_server: return "application server";
    case Role::tvs: return "TVS";
  }
  return "unknown";
}

void print_waiting(Writer& out, UnixTime since, const Waiting& w) {
  out.put("        Since: ");
  print_when(out, since);
  out.put("\n        Phones: ").dec(static_cast<int64_t>(w.confirmed)).put(" confirmed, ").dec(static_cast<int64_t>(w.phones.size()));
  out.put(" waited for\n");
  print_phones(out, {w.phones.begin(), w.phones.size()}, "                ");
}

// The other SAST of a list than its signer; empty: none.
std::string_view second_signer(const TrustFile& list) {
  RecordReader records(list.body());
  while (records.more()) {
    const auto r = records.next();
    if (!r) return {};
    if (r->role == Role::sast && (r->issuer != list.header.issuer || !equal_bytes(r->serial, list.header.serial))) return r->subject;
  }
  return {};
}

constexpr const char* kResetPhones = "'reset' of these phones (ephone mode), or 'no ephone' for those that are gone; the rest happens by itself";

void show_list(Writer& out, ListKind kind, Bytes file, bool staged, const PhoneLists& lists) {
  const auto f = read_file(file);
  if (!f) return;
  const Sha256Id id = sha256_id(file);
  Waiting w;
  for (const PhoneLists::Phone& p : lists.phones()) {
    if (!p.configured || !p.holds_any()) continue;
    const auto& held = p.lists[static_cast<size_t>(kind)];
    const bool has = std::any_of(std::begin(held), std::end(held), [&](uint16_t l) { return l != PhoneLists::kNone && lists.list(l).id == id; });
    if (has) ++w.confirmed;
    else (void)w.phones.push(p.mac);
  }
  out.put('\n').put(kind == ListKind::ctl ? "CTL" : "ITL").put(" file, signed by ").put(f->header.subject).put('\n');
  if (const std::string_view second = second_signer(*f); !second.empty())
    out.put(staged ? "        Introduces as next signer: " : "        Second signer: ").put(second).put('\n');
  out.put("        Stage: ").put(staged ? "the next signer is introduced" : "complete").put('\n');
  print_waiting(out, f->header.timestamp, w);
  if (staged) out.put("        Next: ").put(w.phones.empty() ? "the next signer signs by itself" : kResetPhones).put('\n');
}

}  // namespace

void CtlClient::show_rotation(Writer& out) const {
  if (itl_ == nullptr) return;
  const PhoneLists& lists = memory_->lists();
  const bool open = rotating();
  out.put("\nRotation of trust keys: ").put(open ? "open, TVS answers are valid for at most 3600 seconds\n" : "none is open\n");
  if (!memory_->settled()) out.put("What phones did is being written to nvram:\n");
  if (!rotation_->settled()) out.put("What is in use is being written to nvram:\n");
  show_list(out, ListKind::ctl, list_.view(), introduces_signer(), lists);
  show_list(out, ListKind::itl, itl_->list(), itl_->staged(), lists);
  if (!itl_->kept().empty()) {
    out.put("        Held: ").put(itl_->kept()).put('\n');
    print_phones(out, itl_->lost(), "                ");
    if (!itl_->lost().empty()) out.put("        Next: 'regenerate' in ctl-client mode gives these phones up, after a question\n");
  }
  rotation_->each_change([&](const Rotation::Change& c) {
    Waiting w;
    for (const PhoneLists::Phone& p : lists.phones()) {
      if (!p.configured || !p.holds_any()) continue;
      if (rotation_->waits_for(c, p)) (void)w.phones.push(p.mac);
      else ++w.confirmed;
    }
    out.put('\n');
    for (size_t i = 0; i < c.role_count; ++i) out.put(i == 0 ? "" : ", ").put(role_name(c.roles[i]));
    out.put(" certificate of trustpoint ").put(c.label);
    if (c.to != c.label) out.put(", to be that of ").put(c.to);
    out.put("\n        Stage: ");
    if (c.next.empty()) out.put("the next certificate is not here yet, the former one is in use\n");
    else if (c.queued) out.put("waits for the end of the other change; TVS and TFTP never change together\n");
    else out.put("the next certificate is listed, the former one is in use\n");
    print_waiting(out, c.since, w);
    out.put("        Next: ");
    if (c.next.empty()) out.put("'crypto pki enroll ").put(c.to).put("'\n");
    else if (c.queued) out.put("finish the other change\n");
    else out.put(w.phones.empty() ? "the next certificate is used by itself" : kResetPhones).put('\n');
  });
  if (open) return;
  out.put("\nNext: a trust key is changed by 'crypto pki enroll' of its trustpoint; one at a time, phones are waited for\n");
}

}  // namespace parley::ctl_client
