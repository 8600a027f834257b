# libexpat.a. Settings: expat/expat_config.h.
# SPDX-License-Identifier: GPL-3.0-or-later
expat_LIB   := libexpat.a
# The sources of entropy are files of their own since 2.8.
expat_FILES := $(addprefix expat/lib/,xmlparse xmlrole xmltok) $(patsubst $(SRC)/expat/%.c,%,$(wildcard \
  $(addprefix $(SRC)/expat/expat/lib/random_,getrandom.c dev_urandom.c getentropy.c)))
expat_FLAGS := -std=gnu11 -DXML_STATIC -Itoolchain/expat -I$(SRC)/expat/expat/lib
expat_HEADERS := expat/lib:.
expat_HEADER_NAMES := expat.h expat_external.h
