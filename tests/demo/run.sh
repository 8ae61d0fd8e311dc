#!/bin/sh
# Compiles the demo config with the ccx given, shows source, result and time.
set -eu
ccx=$(realpath "$1")
cd "$(dirname "$0")"

echo "\$ cd tests/demo"
echo "\$ ccx config process --orb-path orbs --branch release/1.0"
start=$(date +%s%N)
"$ccx" config process --orb-path orbs --branch release/1.0
stop=$(date +%s%N)
echo
echo "\$ ccx config process --orb-path orbs --branch release/1.0 --trace"
"$ccx" config process --orb-path orbs --branch release/1.0 --trace
lines=$(wc -l <.circleci/config.yml)
echo
echo "$lines lines of .circleci/config.yml compiled in $(((stop - start) / 1000)) microseconds," \
	"the start of the process included."
