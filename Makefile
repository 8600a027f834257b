# Parley: what you can ask for. Each target is one line of dispatch; how things are built: toolchain/product.mk.
# SPDX-License-Identifier: GPL-3.0-or-later
BOARD ?= native
FUZZ_SECONDS ?= 30
export BOARD FUZZ_SECONDS

ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-print-directory
PRODUCT := $(MAKE) -f toolchain/product.mk

.PHONY: all help run demo test test-native test-arm test-mips bench soak fuzz menuconfig size lint pending image boot clean distclean
all: ; +@toolchain/setup build && $(PRODUCT) BOARD=$(BOARD) program
help: ; @sed -n 's/^| `make/  make/p' README.md toolchain/README.md | tr -d '`' | sort -u
run: all ; @tests/demo/run-router
demo: all ; +@toolchain/setup build demo && $(PRODUCT) BOARD=native phone && tests/demo/run
test: ; @toolchain/setup build cross test && tests/run
test-native: ; @toolchain/setup build && tests/run native
test-arm: ; @toolchain/setup build cross && tests/run arm
test-mips: ; @toolchain/setup build cross && tests/run mips
bench: all ; @toolchain/setup build bench && tests/bench/run
soak: all ; +@toolchain/setup build && $(PRODUCT) BOARD=native phone && tests/soak/ten_years.sh
fuzz: ; @toolchain/setup build fuzz && tests/fuzz/run
menuconfig: ; @toolchain/setup build && kconfig/menuconfig $(BOARD)
size: ; +@$(PRODUCT) BOARD=$(BOARD) size
lint: ; @tests/lint.py
pending: all ; @build/native/parley --list-pending
image boot: ; @toolchain/no-board-image $(BOARD)
clean: ; @rm -rf $(filter-out build/deps,$(wildcard build/*))
distclean: ; @rm -rf build
