# libexpat.a. Settings: expat/expat_config.h.
# SPDX-License-Identifier: GPL-3.0-or-later
expat_LIB   := libexpat.a
expat_FILES := $(addprefix expat/lib/,xmlparse xmlrole xmltok random_getrandom random_dev_urandom random_getentropy)
expat_FLAGS := -std=gnu11 -DXML_STATIC -Itoolchain/expat -I$(SRC)/expat/expat/lib
expat_HEADERS := expat/lib:.
expat_HEADER_NAMES := expat.h expat_external.h
