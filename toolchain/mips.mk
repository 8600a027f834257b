# Target mips: MIPS32r2, big endian, o32. 64-bit time, because certificates live beyond 2038.
# SPDX-License-Identifier: GPL-3.0-or-later
CROSS    := mips-linux-gnu-
CFLAGS_TARGET  := -Os -pthread -march=mips32r2 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
CFLAGS_FAST    := -O2
# 64-bit atomics are library calls on this CPU.
LIBS_TARGET := -latomic
EMULATOR := qemu-mips-static
