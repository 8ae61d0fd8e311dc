#!/bin/sh
# Runs ccx from other programs, as people do: run.sh [CCX]. Each script beside this one tests one
# client, and passes with a line that says so when that client is not installed.
set -u
cd "$(dirname "$0")/../.." || exit
ccx=${1:-./ccx}
case $ccx in
/*) ;;
*) ccx=$PWD/$ccx ;;
esac
failed=0
for test in tests/clients/*.sh; do
	[ "$test" = tests/clients/run.sh ] && continue
	tmp=$(mktemp -d)
	if ! CCX=$ccx TMP=$tmp NO_COLOR=1 XDG_CONFIG_HOME=$tmp/none HOME=$tmp sh "$test"; then
		echo "FAILED $test"
		failed=1
	fi
	rm -rf "$tmp"
done
exit $failed
