# Target native: the x86-64 machine at hand.
# SPDX-License-Identifier: GPL-3.0-or-later
CROSS    :=
CFLAGS_TARGET  := -O2 -pthread
CFLAGS_FAST    :=
EMULATOR :=
