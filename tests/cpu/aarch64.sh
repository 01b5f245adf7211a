#!/bin/sh
# The simulator on AArch64, under an emulator: every trace is that of this machine.
# aarch64.sh SOURCES NATIVE, in an empty folder.  Exits with 77 where the tools are missing
# (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static).
set -eu
sources=$1
native=$2
compiler=aarch64-linux-gnu-gcc
emulator=qemu-aarch64-static

for tool in $compiler $emulator; do
    if ! command -v $tool >/dev/null; then
        echo "skipped: no $tool"
        exit 77
    fi
done

# No source text is embedded: it is no part of a trace.
$compiler -std=c11 -O2 -static -D_GNU_SOURCE -I"$sources" -fmacro-prefix-map="$sources"/= \
    -o fingerprint "$sources"/tests/cpu/fingerprint.c "$sources"/scenarios/*.c \
    "$sources"/sim/*/*.c "$sources"/sim/*/*.S -lm
$native >expected
$emulator ./fingerprint >actual
diff expected actual
echo "$(wc -l <actual) runs agree"
