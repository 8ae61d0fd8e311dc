#!/bin/sh
# All tests of the registry's client, side by side: most of their time they wait.
# usage: all.sh CCX SERVER
set -u
here=$(dirname "$0")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
n=0
for test in cache terminal "faults v3" "faults graphql" run full tls nginx; do
	n=$((n + 1))
	# shellcheck disable=SC2086
	set -- "$1" "$2" $test
	"$here/$3.sh" "$1" "$2" "${4-}" >"$tmp/$n" 2>&1 &
	echo $! >"$tmp/$n.pid"
done
failed=0
i=1
while [ $i -le $n ]; do
	wait "$(cat "$tmp/$i.pid")" || failed=1
	cat "$tmp/$i"
	i=$((i + 1))
done
exit $failed
