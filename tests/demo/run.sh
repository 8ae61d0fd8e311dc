#!/bin/sh
# Compiles the demo config with the ccx given and shows the result, where it came from, and the time.
set -eu
ccx=$(realpath "$1")
cd "$(dirname "$0")"
runs=100

echo "\$ cd tests/demo; ccx config process --orb-path orbs --branch release/1.0"
"$ccx" config process --orb-path orbs --branch release/1.0
echo
echo "\$ ccx config process --orb-path orbs --branch release/1.0 --trace"
"$ccx" config process --orb-path orbs --branch release/1.0 --trace

start=$(date +%s%N)
for _ in $(seq $runs); do
	"$ccx" config process --orb-path orbs --branch release/1.0 >/dev/null
done
each=$((($(date +%s%N) - start) / runs / 1000))
echo
echo "$(wc -l <.circleci/config.yml) lines of config and an orb, compiled $runs times:" \
	"$each microseconds each, the start of the process included."
