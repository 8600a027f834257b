// Requests of a certificate server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/request_list.h"

namespace parley::crypto_pki {

const char* request_state_text(RequestState s) {
  switch (s) {
    case RequestState::pending: return "pending";
    case RequestState::granted: return "authorized";
    case RequestState::rejected: return "rejected";
    case RequestState::issued: return "granted";
  }
  return "";
}

Request* RequestList::by_transaction(std::string_view transaction, Bytes spki) {
  for (Request& r : items_) {
    if (r.transaction.view() == transaction && equal_bytes(r.spki, spki)) return &r;
  }
  return nullptr;
}

Request* RequestList::by_id(uint32_t id) {
  for (Request& r : items_) {
    if (r.id == id) return &r;
  }
  return nullptr;
}

void RequestList::drop(size_t i) {
  if (items_[i].kept) (void)gone_.push(items_[i].id);
  items_.remove(i);
}

uint32_t RequestList::take_gone() {
  if (gone_.empty()) return 0;
  const uint32_t id = gone_[gone_.size() - 1];
  gone_.remove(gone_.size() - 1);
  return id;
}

Status RequestList::restore(Request&& r) {
  if (items_.size() >= limit_) return Fault{Code::full, "too many requests", 0};
  last_id_ = r.id > last_id_ ? r.id : last_id_;
  r.kept = r.saved = true;
  return items_.push(std::move(r));
}

bool RequestList::make_room() {
  for (size_t i = 0; i < items_.size(); ++i) {
    const RequestState s = items_[i].state;
    if (s != RequestState::issued && s != RequestState::rejected) continue;
    drop(i);
    return true;
  }
  return false;
}

Result<Request*> RequestList::add(Request&& r) {
  if (items_.size() >= limit_ && !make_room()) return Fault{Code::full, "too many requests wait for the operator", 0};
  r.id = ++last_id_;
  TRY(items_.push(std::move(r)));
  return &items_[items_.size() - 1];
}

void RequestList::remove(uint32_t id) {
  for (size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].id == id) return drop(i);
  }
}

size_t RequestList::expire(UnixTime oldest) {
  size_t n = 0;
  for (size_t i = items_.size(); i-- > 0;) {
    if (items_[i].received >= oldest || items_[i].issuing) continue;
    drop(i);
    ++n;
  }
  return n;
}

size_t RequestList::pending() const {
  size_t n = 0;
  for (const Request& r : items_) n += r.state == RequestState::pending;
  return n;
}

}  // namespace parley::crypto_pki
