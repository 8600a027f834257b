// Names of codecs in the order of enum Codec, for syntax strings.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#define CODEC_SYNTAX                                                                                             \
  "{g711alaw|g711ulaw|g722-64|g723ar53|g723ar63|g723r53|g723r63|g726r16|g726r24|g726r32|g728|g729br8|g729r8|" \
  "gsmfr|ilbc|clear-channel|transparent}"
