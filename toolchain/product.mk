# Builds the program or the test runner of one board: make -f toolchain/product.mk BOARD=native program|tests|fuzz|bench|size
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sources are listed by module.mk files, one per folder; $(D) is the folder of the module.mk being read:
#   SRC  += $(D)/x.cc         product code, also linked into the test runner
#   MAIN += $(D)/main.cc      product code that only the program has
#   TEST += $(D)/x_test.cc    tests and test helpers, only in the test runner (helpers also in the fuzzers)
# Folders read: platform/*, platform/*/*, cli, modules, the modules switched on in Kconfig, board,
# board/<this one>, tests/*.
BOARD ?= native
CONFIG := build/$(BOARD)
# One goal a call: each kind of build has its own objects.
KIND := $(firstword $(filter tests fuzz,$(MAKECMDGOALS)) program)
OUT := $(patsubst %-program,%,build/$(BOARD)-$(KIND:tests=test))

.PHONY: program tests fuzz bench phone size libraries config
program: $(OUT)/parley ; @:
tests: $(OUT)/tests ; @:
config: $(CONFIG)/config.mk
.SECONDARY:
.DELETE_ON_ERROR:

# ---- configuration: TARGET, MODULES and CONFIG_... come from Kconfig
KCONFIG_FILES := $(wildcard kconfig/Kconfig kconfig/generate.py board/$(BOARD)/Kconfig board/$(BOARD)/defconfig \
  modules/*/Kconfig $(CONFIG)/choice)
# Which files there are decides too; what is inside a module's main file does not.
FILES_NOW := $(KCONFIG_FILES) $(wildcard modules/*/module.mk) \
  $(foreach d,$(notdir $(patsubst %/,%,$(wildcard modules/*/))),$(wildcard modules/$d/$(subst -,_,$d).cc))
ifneq ($(FILES_NOW),$(file < $(CONFIG)/files))
$(shell mkdir -p $(CONFIG))
$(file > $(CONFIG)/files,$(FILES_NOW))
endif
$(CONFIG)/config.h $(CONFIG)/module_list.cc: $(CONFIG)/config.mk ;
$(CONFIG)/config.mk: $(KCONFIG_FILES) $(CONFIG)/files
	@kconfig/generate.py $(BOARD) $(CONFIG)
include $(CONFIG)/config.mk
ifneq ($(TARGET),)
include toolchain/$(TARGET).mk
endif

# ---- sources
MODULE_FILES := $(wildcard platform/*/module.mk platform/*/*/module.mk cli/module.mk board/module.mk board/$(BOARD)/module.mk) \
  $(wildcard $(MODULES:%=modules/%/module.mk) modules/module.mk) $(wildcard tests/*/module.mk)
SRC :=
MAIN :=
TEST :=
define read_module
D := $(patsubst %/module.mk,%,$(1))
include $(1)
endef
$(foreach m,$(MODULE_FILES),$(eval $(call read_module,$(m))))
GENERATED := $(if $(wildcard modules/module.h),$(CONFIG)/module_list.cc)

# ---- third-party archives
# The folder carries a digest of the recipe: file times say nothing in a fresh clone or a second worktree.
RECIPE := $(sort toolchain/sources.sha256 toolchain/$(TARGET).mk $(addprefix toolchain/,deps.mk wolfssl.mk libsrtp2.mk \
  expat.mk cpputest.mk) $(wildcard toolchain/*/*.h toolchain/patches/*/*.patch))
DEPS := build/deps/$(TARGET)-$(shell cat $(RECIPE) 2>/dev/null | sha256sum | cut -c1-12)
$(DEPS)/ready:
	+@toolchain/deps $(TARGET) $(DEPS)
libraries: $(DEPS)/ready

# ---- compiling
CXX := $(CROSS)g++
WARN := -Wall -Wextra -Wconversion -Wshadow -Werror
ifeq ($(TARGET),arm)
WARN += -Wno-psabi             # notes about what changed in GCC 7 are news to nobody
endif
BASE := -std=c++20 $(WARN) $(CFLAGS_TARGET) -I. -I$(CONFIG) -isystem $(DEPS)/include -DWOLFSSL_USER_SETTINGS \
  -DXML_STATIC -ffunction-sections -fdata-sections -fno-pie -fstack-protector-strong -g -MMD -MP
LINK := -no-pie -pthread -Wl,--gc-sections
LIBS := -lsrtp2 -lexpat -lwolfssl -lm $(LIBS_TARGET)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -O1 -D_GLIBCXX_ASSERTIONS

ifeq ($(KIND)-$(TARGET),tests-native)
  BASE += $(SANITIZE)
  LINK += $(SANITIZE)
else ifeq ($(KIND),fuzz)
  CXX := $(firstword $(wildcard /usr/bin/clang++-16 /usr/bin/clang++-19) clang++)
  BASE += $(SANITIZE) -fsanitize=fuzzer-no-link -w -DFUZZING
  LINK += $(SANITIZE) -fsanitize=fuzzer
else
  LINK += -static
endif
ifneq ($(KIND),program)
  LIBS := -lCppUTest $(LIBS)
endif

PRODUCT_FLAGS := $(BASE) -fno-exceptions -fno-rtti
# Test objects may throw; run-time type information stays off because product objects carry none.
TEST_FLAGS := $(BASE) -fno-rtti -DCPPUTEST_MEM_LEAK_DETECTION_DISABLED

object = $(addprefix $(OUT)/obj/,$(1:.cc=.o))
PRODUCT_OBJECTS := $(call object,$(SRC) $(GENERATED:$(CONFIG)/%=generated/%))
MAIN_OBJECTS := $(call object,$(MAIN))
TEST_OBJECTS := $(call object,tests/main.cc $(TEST))
FUZZERS := $(wildcard tests/fuzz/*_fuzz.cc)
FUZZ_OBJECTS := $(call object,$(FUZZERS) $(filter-out %_test.cc,$(TEST)))

$(MAIN_OBJECTS) $(PRODUCT_OBJECTS): FLAGS = $(PRODUCT_FLAGS)
$(sort $(TEST_OBJECTS) $(FUZZ_OBJECTS)): FLAGS = $(TEST_FLAGS)

# Rewritten only when a flag or a library changes: then everything is compiled again.
FLAGS_NOW := $(CXX) $(PRODUCT_FLAGS) / $(TEST_FLAGS)
ifneq ($(FLAGS_NOW),$(file < $(OUT)/flags))
$(shell mkdir -p $(OUT))
$(file > $(OUT)/flags,$(FLAGS_NOW))
endif

$(OUT)/obj/generated/%.o: $(CONFIG)/%.cc $(OUT)/flags | $(DEPS)/ready
	@mkdir -p $(@D)
	@$(CXX) $(FLAGS) -c $< -o $@
$(OUT)/obj/%.o: %.cc $(OUT)/flags $(CONFIG)/config.h | $(DEPS)/ready
	@mkdir -p $(@D)
	@echo "  CXX $(BOARD) $<"
	@$(CXX) $(FLAGS) -c $< -o $@

# ---- linking
$(OUT)/parley: $(PRODUCT_OBJECTS) $(MAIN_OBJECTS) $(DEPS)/ready
	@echo "  LINK $@"
	@$(CXX) $(PRODUCT_OBJECTS) $(MAIN_OBJECTS) $(LINK) -Wl,-Map,$@.map -L$(DEPS)/lib $(LIBS) -o $@
$(OUT)/tests: $(PRODUCT_OBJECTS) $(TEST_OBJECTS) $(DEPS)/ready
	@echo "  LINK $@"
	@$(CXX) $(PRODUCT_OBJECTS) $(TEST_OBJECTS) $(LINK) -L$(DEPS)/lib $(LIBS) -o $@
# A fuzzer is one tests/fuzz/NAME_fuzz.cc with LLVMFuzzerTestOneInput, linked with all product code.
fuzz: $(FUZZERS:tests/fuzz/%.cc=$(OUT)/%)
$(OUT)/%_fuzz: $(OUT)/obj/tests/fuzz/%_fuzz.o $(PRODUCT_OBJECTS) $(FUZZ_OBJECTS) $(DEPS)/ready
	@echo "  LINK $@"
	@$(CXX) $< $(PRODUCT_OBJECTS) $(filter-out %_fuzz.o,$(FUZZ_OBJECTS)) $(LINK) -L$(DEPS)/lib $(LIBS) -o $@

# The helper of tests/bench/run, built as the product is.
BENCH_OBJECTS := $(call object,tests/bench/helper.cc)
$(BENCH_OBJECTS): FLAGS = $(TEST_FLAGS)
bench: $(OUT)/bench-helper ; @:
$(OUT)/bench-helper: $(BENCH_OBJECTS) $(PRODUCT_OBJECTS) $(DEPS)/ready
	@echo "  LINK $@"
	@$(CXX) $(BENCH_OBJECTS) $(PRODUCT_OBJECTS) $(LINK) -L$(DEPS)/lib $(LIBS) -o $@

# Phones as a program of their own, for the demo and the bench; not part of any image.
PHONE_OBJECTS := $(call object,tests/phone/phone_main.cc)
$(PHONE_OBJECTS): FLAGS = $(TEST_FLAGS)
phone: $(OUT)/phone ; @:
$(OUT)/phone: $(PHONE_OBJECTS) $(PRODUCT_OBJECTS) $(DEPS)/ready
	@echo "  LINK $@"
	@$(CXX) $(PHONE_OBJECTS) $(PRODUCT_OBJECTS) $(LINK) -L$(DEPS)/lib $(LIBS) -o $@

size: $(OUT)/parley
	@toolchain/size $(OUT)/parley $(CONFIG)/config.mk

-include $(wildcard $(patsubst %.o,%.d,$(PRODUCT_OBJECTS) $(MAIN_OBJECTS) $(PHONE_OBJECTS) $(BENCH_OBJECTS) $(TEST_OBJECTS) $(FUZZ_OBJECTS)))
