#!/bin/sh
# Runs each fuzz target for a while: run.sh BUILD SECONDS TARGET... What is found stays in
# BUILD/found; the corpora, begun with the inputs of the fixtures and what tests/fuzz/TARGET has, in
# BUILD/corpus/TARGET.
set -eu
build=$1 seconds=$2
shift 2
mkdir -p "$build/found" "$build/seeds"
n=0
find tests/fixtures tests/demo -type f \( -name '*.yml' -o -name '*.yaml' -o -name stdin \
	-o -path '*/tests-split/*.xml' -o -path '*/tests-split/*.json' -o -name '*.csv' \) |
	sort | while read -r file; do
	n=$((n + 1))
	cp "$file" "$build/seeds/$n"
done
for target; do
	echo "$target: $seconds seconds"
	mkdir -p "$build/corpus/$target"
	own=
	[ ! -d "tests/fuzz/$target" ] || own="tests/fuzz/$target"
	# shellcheck disable=SC2086 # it may be no word at all
	"$build/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
		-artifact_prefix="$build/found/$target-" -print_final_stats=1 -verbosity=0 \
		"$build/corpus/$target" "$build/seeds" $own 2>"$build/$target.log" || {
		tail -n 40 "$build/$target.log"
		exit 1
	}
	grep -e number_of_executed_units "$build/$target.log" || true
done
