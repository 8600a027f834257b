# Builds the third-party archives of one target into DEST/{lib,include}; started by toolchain/deps.
# SPDX-License-Identifier: GPL-3.0-or-later
SRC  := build/deps/src
LIBS := wolfssl libsrtp2 expat cpputest

include toolchain/$(TARGET).mk
include $(LIBS:%=toolchain/%.mk)

CC  := $(CROSS)gcc
CXX := $(CROSS)g++
AR  := $(CROSS)ar
# Third-party code is not ours to tidy: no warnings, but none is turned into silence in our own code.
COMMON := $(CFLAGS_TARGET) -w -ffunction-sections -fdata-sections -fno-pie -fstack-protector-strong -g1

.PHONY: all
all: $(LIBS:%=$(DEST)/%.done)

# $(1) library, $(2) source without suffix
object = $(DEST)/obj/$(1)/$(2).o

define library
$(1)_OBJECTS := $(foreach f,$($(1)_FILES),$(call object,$(1),$(f)))

$(foreach f,$($(1)_FAST),$(eval $(call object,$(1),$(f)): FAST := $(CFLAGS_FAST)))

$(DEST)/obj/$(1)/%.o: $(SRC)/$(1)/%.c
	@mkdir -p $$(@D)
	@$(CC) $(COMMON) $$(FAST) $($(1)_FLAGS) -c $$< -o $$@
$(DEST)/obj/$(1)/%.o: $(SRC)/$(1)/%.S
	@mkdir -p $$(@D)
	@$(CC) $(COMMON) $($(1)_FLAGS) -c $$< -o $$@
$(DEST)/obj/$(1)/%.o: $(SRC)/$(1)/%.cpp
	@mkdir -p $$(@D)
	@$(CXX) $(COMMON) $($(1)_FLAGS) -c $$< -o $$@

$(DEST)/$(1).done: $$($(1)_OBJECTS)
	@mkdir -p $(DEST)/lib $(DEST)/include
	@rm -f $(DEST)/lib/$($(1)_LIB)
	@$(AR) rcs $(DEST)/lib/$($(1)_LIB) $$($(1)_OBJECTS)
	@toolchain/install-headers $(SRC)/$(1) $(DEST)/include "$($(1)_HEADERS)" "$($(1)_HEADER_NAMES)"
	@$(foreach h,$($(1)_OWN_HEADERS),cp $(subst :, $(DEST)/include/,$(h));)
	@touch $$@
	@echo "toolchain: $(TARGET): $($(1)_LIB) ready"
endef
$(foreach l,$(LIBS),$(eval $(call library,$(l))))
