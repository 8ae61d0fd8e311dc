#!/bin/sh
# A disk without room for the cache and for what is written: a small one that only this test sees,
# or where that is not allowed, a limit of no bytes a file.
# usage: full.sh CCX SERVER
if [ -z "${CCX_TEST_DISK-}" ]; then
	map=
	[ "$(id -u)" = 0 ] || map=r
	if unshare -m$map mount -t tmpfs tmpfs "$(dirname "$0")" 2>/dev/null; then
		CCX_TEST_DISK=own exec unshare -m$map "$0" "$@"
	fi
	CCX_TEST_DISK=limit
fi
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

printf 'version: 2.1\norbs: {n: circleci/node@5}\njobs:\n  build:\n    docker: [{image: "a:1"}]
    steps: [n/install]\n' >c.yml
mkdir orbs disk
{
	echo 'version: 2.1'
	i=0
	while [ $i -lt 300 ]; do echo "# $i: an orb of more than one block" && i=$((i + 1)); done
	echo 'commands: {install: {steps: [{run: echo install}]}}'
} >orbs/node.yml
check "with room" 0 'echo install' config process c.yml --host "$host"
cp out expected && echo "exit 0" >>expected

if [ "$CCX_TEST_DISK" = own ]; then
	mount -t tmpfs -o size=64k tmpfs disk || exit 1
	echo old >disk/out.yml
	cat /dev/zero >disk/fill 2>/dev/null
else
	skip "a disk that is full: none may be mounted; a limit stands in for it"
	echo old >disk/out.yml
fi

# cramped ARGS…: runs ccx where no file can grow; what it says is in out, which its exit code ends.
cramped() {
	{
		(
			[ "$CCX_TEST_DISK" = own ] || { trap '' XFSZ && ulimit -f 0; }
			XDG_CACHE_HOME="$tmp/disk/cache" exec "$ccx" "$@" 2>&1
		)
		echo "exit $?"
	} | cat >out
}
for run in 1 2; do
	cramped config process c.yml --host "$host"
	grep -v '^ccx: ' out >text
	same "run $run without room for the cache" expected text
	[ "$(grep -c '^ccx: ' out)" -le 1 ] || fail "run $run: more than one warning" out
	[ -z "$(find disk/cache -type f 2>/dev/null)" ] && pass || fail "a part of an entry was kept"
done
cramped config process c.yml --host "$host" -o disk/out.yml
verdict "output without room" "$(sed -n 's/^exit //p' out)" 1 \
	'cannot write disk/out\.yml: (No space left|File too large)'
echo old >old
same "what was there before" old disk/out.yml
[ "$(find disk -name 'out.yml*' | wc -l)" = 1 ] && pass || fail "a part of the output was left"
[ "$CCX_TEST_DISK" = own ] && umount disk
finish
