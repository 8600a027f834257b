# libCppUTest.a with the mock extension. Its own leak detector is off: it replaces `new` by a macro and is
# not thread safe; the address sanitizer finds leaks in the native run.
# SPDX-License-Identifier: GPL-3.0-or-later
cpputest_LIB   := libCppUTest.a
cpputest_FILES := $(patsubst $(SRC)/cpputest/%.cpp,%,$(wildcard $(addprefix $(SRC)/cpputest/src/,CppUTest/*.cpp \
  CppUTestExt/*.cpp Platforms/Gcc/*.cpp)))
cpputest_FLAGS := -std=gnu++17 -DCPPUTEST_MEM_LEAK_DETECTION_DISABLED -I$(SRC)/cpputest/include
cpputest_HEADERS := include:.
