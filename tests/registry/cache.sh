#!/bin/sh
# The cache of orbs: many processes at once, killed ones, no room, no rights, and broken entries.
# usage: cache.sh CCX SERVER
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

# Ten orbs, each unlike the others; half of them by exact version.
mkdir orbs
{
	printf 'version: 2.1\norbs:\n'
	for n in 0 1 2 3 4 5 6 7 8 9; do
		version=5
		[ $((n % 2)) = 0 ] || version=5.2.1
		echo "  o$n: circleci/orb$n@$version"
		{
			printf 'version: 2.1\ncommands:\n  say:\n    steps:\n      - run: |\n'
			i=0
			while [ $i -lt 200 ]; do
				echo "          echo orb $n line $i"
				i=$((i + 1))
			done
		} >"orbs/orb$n.yml"
	done
	printf 'jobs:\n  build:\n    docker: [{image: "a:1"}]\n    steps:\n'
	for n in 0 1 2 3 4 5 6 7 8 9; do echo "      - o$n/say"; done
} >c.yml

check "ten orbs" 0 'echo orb 9 line 199' config process c.yml --host "$host"
cp out expected

# entries NAME N: there are so many, each is what its first line says, and nothing else is there.
entries() {
	find "$XDG_CACHE_HOME" -type f >files
	while read -r file; do
		case $file in
		*.orb) ;;
		*) fail "$1: $file was left behind" && continue ;;
		esac
		[ "$(sed -n 1p "$file")" = "$(sed 1d "$file" | sha256sum | cut -d ' ' -f 1)" ] ||
			fail "$1: $file is not what it says"
	done <files
	n=$(grep -c . files)
	if [ "$n" = "$2" ]; then pass; else fail "$1: $n entries, expected $2" files; fi
}
entries "ten orbs" 15

# ---- many at once --------------------------------------------------------------------------------

forget
many=
i=0
while [ $i -lt 50 ]; do
	"$ccx" config process c.yml --host "$host" >"many.$i" 2>&1 &
	many="$many $!"
	i=$((i + 1))
done
i=0
for p in $many; do
	wait "$p" || fail "one of fifty: exit $?" "many.$i"
	same "one of fifty" expected "many.$i"
	i=$((i + 1))
done
entries "fifty at once" 15
: >log
check "after fifty at once" 0 'echo orb 9' config process c.yml --host "$host"
logged "all is there" 0 .

# ---- killed while they work ----------------------------------------------------------------------

# Every moment of a run is hit by one of them: from its first milliseconds to behind its end.
rm -rf "$XDG_CACHE_HOME"
begin=$(date +%s%N)
"$ccx" config process c.yml --host "$host" >/dev/null 2>&1
span=$(date +%s%N |
	awk -v b="$begin" '{ d = ($1 - b) / 1e9; print d > 0 && d < 0.1 ? d : 0.1 }')
export CCX_ORB_MAX_AGE=0
i=0
while [ $i -lt 40 ]; do
	[ $((i % 4)) = 0 ] && rm -rf "$XDG_CACHE_HOME"
	"$ccx" config process c.yml --host "$host" >/dev/null 2>&1 &
	sleep "$(awk -v i=$i -v s="$span" 'BEGIN { print s * i / 35 }')"
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	"$ccx" config process c.yml --host "$host" >next 2>&1 || fail "after a kill: exit $?" next
	same "after a kill" expected next
	i=$((i + 1))
done
unset CCX_ORB_MAX_AGE
find "$XDG_CACHE_HOME" -name '*.orb.*' -exec touch -d '2 hours ago' {} +
left=$(find "$XDG_CACHE_HOME" -path '*/orb0/5.orb').Ab3dE9
echo half >"$left"
touch -d '2 hours ago' "$left"
with=CCX_ORB_MAX_AGE=0
check "what the killed left behind is removed" 0 'echo orb 9' config process c.yml --host "$host"
entries "after the kills" 15

# ---- entries that are not what they were ---------------------------------------------------------

# corrupt NAME FILE…: each is asked for again, and the others are not.
corrupt() {
	what=$1
	shift
	: >log
	check "$what" 0 'echo orb 9' config process c.yml --host "$host" --api graphql
	same "$what" expected out
	logged "$what: asked again" $# .
	entries "$what" 15
}
of() {
	find "$XDG_CACHE_HOME" -path "*/orb$1/$2"
}
printf x >>"$(of 0 5.orb)"
corrupt "an entry with more behind it" 0
sed '3,$d' "$(of 1 5.2.1.orb)" >cut && cp cut "$(of 1 5.2.1.orb)"
: >"$(of 2 5.orb)"
corrupt "entries cut short" 1 2
sed 's/line 7/line 8/' "$(of 3 5.2.1.orb)" >changed && cp changed "$(of 3 5.2.1.orb)"
corrupt "an entry that was changed" 3
cp "$(of 4 5.orb)" "$(of 6 5.orb)"
corrupt "another orb's entry" 6
entry=$(of 8 5.orb)
rm "$entry" && mkdir "$entry"
: >log
check "a folder in the place of an entry" 0 'echo orb 9' \
	config process c.yml --host "$host" --api graphql
same "a folder in the place of an entry" expected out
logged "a folder in the place of an entry" 1 .
rmdir "$entry"

# ---- nowhere to write ----------------------------------------------------------------------------

# without NAME: a run with the cache $cache says and prints what it would with a good one.
without() {
	env XDG_CACHE_HOME="$cache" "$ccx" config process c.yml --host "$host" >out 2>err
	got=$?
	same "$1" expected out
	[ $got = 0 ] || fail "$1: exit $got" err
	[ "$(grep -c . err)" -le 1 ] || fail "$1: more than one warning" err
}
echo 'a file' >file
cache=$tmp/file
without "the cache is a file"
grep -q '^a file$' file && pass || fail "the file that is no cache was changed"
cache=$tmp/file/below
without "the cache is below a file"
cache=/proc/none
without "the cache is where no folder can be"
cp -r "$XDG_CACHE_HOME" readonly
chmod -R a-w readonly
cache=$tmp/readonly
export CCX_ORB_MAX_AGE=0
without "a cache that cannot be written"
unset CCX_ORB_MAX_AGE
chmod 0 "$(find readonly -name 5.orb | head -n 1)"
without "an entry that cannot be read"


# ---- standard output is full ---------------------------------------------------------------------

if [ -w /dev/full ]; then
	for command in "config process c.yml" "orb source circleci/orb0@5" "help config process"; do
		# shellcheck disable=SC2086
		"$ccx" $command --host "$host" 2>out >/dev/full
		verdict "$command, to a full device" $? 1 '^ccx: cannot write to standard output: No space'
	done
else
	skip "output to a full device: no /dev/full here"
fi
finish
