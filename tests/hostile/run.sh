#!/bin/sh
# SPDX-License-Identifier: MIT
# Gives hostile configs to the ccx that is named, or ./ccx: run.sh [--unlimited] [CCX [NAME...]]. It
# must be built. With --unlimited time and memory do not count: for builds with sanitizers.
# Takes CC, CFLAGS and BUILD (where the driver is built) from the environment.
set -eu
cd "$(dirname "$0")/../.."

CC=${CC:-cc}
CFLAGS=${CFLAGS:--O2 -g}
driver=${BUILD:-build}/hostile
mkdir -p "${BUILD:-build}"

# shellcheck disable=SC2086 # CFLAGS are words
$CC -std=c11 -D_POSIX_C_SOURCE=200809L $CFLAGS -o "$driver" tests/hostile/*.c tests/measure.c

files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
trap 'exit 130' INT TERM
unlimited=
if [ "${1-}" = --unlimited ]; then
	unlimited=$1
	shift
fi
ccx=${1:-./ccx}
[ $# -eq 0 ] || shift
"$driver" $unlimited "$ccx" "$files" "$@"
