# Trust in peers: paths, revocation, the service PeerTrust. Included by module.mk of this folder.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC  += $(D)/certificate_map.cc $(D)/https_trust.cc $(D)/path.cc $(D)/path_names.cc $(D)/peer_trust_service.cc $(D)/peer_watch.cc $(D)/pki_debug.cc $(D)/pki_peer_commands.cc \
  $(D)/ocsp_query.cc $(D)/revocation.cc $(D)/trust_set.cc
TEST += $(D)/certificate_map_test.cc $(D)/path_test.cc $(D)/revocation_test.cc
