# Target arm: ARMv7 hard float, Thumb-2. 64-bit time, because certificates live beyond 2038.
# SPDX-License-Identifier: GPL-3.0-or-later
CROSS    := arm-linux-gnueabihf-
CFLAGS_TARGET  := -Os -pthread -march=armv7-a -mfpu=vfpv3-d16 -mthumb -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64
# Hot loops and inline assembly of the libraries: speed before size, no Thumb.
CFLAGS_FAST    := -O2 -marm -fomit-frame-pointer
EMULATOR := qemu-arm-static
