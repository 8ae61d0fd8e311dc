#!/bin/sh
# SPDX-License-Identifier: MIT
# Benchmarks the ccx that is named, or ./ccx: run.sh [--strict] [CCX]. It must be built.
# With --strict, fails when a limit is exceeded. Takes CC, CFLAGS and BUILD (where the tools are
# built) from the environment.
set -eu
cd "$(dirname "$0")/../.."

CC=${CC:-cc}
CFLAGS=${CFLAGS:--O2 -g}
strict=
if [ "${1-}" = --strict ]; then
	strict=$1
	shift
fi
ccx=${1:-./ccx}
tools=${BUILD:-build}/bench
mkdir -p "$tools"

tool() { # name, then sources and libraries
	name=$1
	shift
	# shellcheck disable=SC2086 # CFLAGS are words
	$CC -std=c11 -D_POSIX_C_SOURCE=200809L -Iinclude $CFLAGS -Wl,--no-as-needed \
		-o "$tools/$name" "$@"
}

tool empty tests/bench/empty.c
tool empty-yaml tests/bench/empty.c -lyaml
tool empty-ccx tests/bench/empty.c -lyaml -lpcre2-8
tool events tests/bench/events.c -lyaml
tool gen tests/bench/gen.c src/base/*.c
tool bench tests/bench/bench.c tests/measure.c -lm
tool validate tests/bench/validate.c tests/measure.c
tool pack tests/bench/pack.c tests/measure.c
tool simulate tests/bench/simulate.c tests/measure.c
tool answers tests/bench/answers.c tests/measure.c
tool orbs tests/bench/orbs.c tests/measure.c
tool registry-server tests/registry/server.c -ljansson

configs=$(mktemp -d)
trap 'rm -rf "$configs"' EXIT
trap 'exit 130' INT TERM
for size in 1000 10000 25000 34000 100000 1000000 jobs; do
	"$tools/gen" $size >"$configs/$size.yml"
done
# A thousand, no two of the same text.
mkdir -p "$configs/many/.circleci"
"$tools/gen" 20000 >"$configs/20000.yml"
i=0
while [ $i -lt 1000 ]; do
	{ echo "# number $i" && cat "$configs/20000.yml"; } >"$configs/many/.circleci/config-$i.yml"
	i=$((i + 1))
done
failed=0
"$tools/bench" $strict "$ccx" "$tools" "$configs" || failed=1
"$tools/validate" $strict "$ccx" "$tools" "$configs" || failed=1
"$tools/pack" $strict "$ccx" "$tools" "$configs" || failed=1
"$tools/simulate" $strict "$ccx" "$configs" || failed=1
"$tools/answers" $strict "$ccx" "$configs/34000.yml" || failed=1
"$tools/orbs" $strict "$ccx" "$tools" "$configs" || failed=1
exit $failed
