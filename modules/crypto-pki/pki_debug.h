// Subjects of `debug crypto pki`, and the lines that more than one part prints.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/cms.h"
#include "modules/http-server/http_client.h"
#include "platform/log/debug_subjects.h"

namespace parley::crypto_pki::debug_of {

constexpr const char* kCallbacks = "crypto pki callbacks";         // certificates come and go: who is told
constexpr const char* kMessages = "crypto pki messages";           // what is in the messages to and from an authority
constexpr const char* kScep = "crypto pki scep";                   // the server's side of SCEP
constexpr const char* kServer = "crypto pki server";               // certificate servers: states, requests, lists
constexpr const char* kTransactions = "crypto pki transactions";   // the client's side: steps of an enrolment
constexpr const char* kValidation = "crypto pki validation";       // certificates of peers

constexpr DebugSubject kAll[] = {   // in the order of the row
    {kCallbacks, "Crypto PKI callbacks"},          {kMessages, "Crypto PKI Msg"},          {kScep, "Crypto PKI SCEP"},
    {kServer, "Crypto PKI Certificate Server"},    {kTransactions, "Crypto PKI Trans"},    {kValidation, "Crypto PKI Validation Path"}};

}  // namespace parley::crypto_pki::debug_of

namespace parley::crypto_pki {

const char* scep_message_name(ScepMessage m);   // "PKCSReq"

// Transactions and messages of the client: an HTTP request goes out, its answer is here.
void debug_request(Log& log, std::string_view label, const http_server::ClientRequest& r);
void debug_answer(Log& log, std::string_view label, const http_server::Client& client);
// A signed message: direction ">" or "<", what its attributes say.
void debug_message(Log& log, const char* direction, const ScepAttributes& s, Hash hash, size_t bytes);

}  // namespace parley::crypto_pki
