#!/bin/sh
# The rules of the house that a script can see. Prints each breach; exit 1 if there is one.
set -u
cd "$(dirname "$0")/.." || exit
code=$(find src include tests schema -name '*.[ch]' | sort)
text=$(find Makefile README.md src include schema tests man completions .ci -type f 2>/dev/null |
	grep -v -e '^tests/fixtures/' -e '^tests/fuzz/corpus' -e '^tests/hostile/' | sort)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# shellcheck disable=SC2129
for f in $code; do
	[ "$(head -n 1 "$f")" = "/* SPDX-License-Identifier: MIT */" ] ||
		echo "$f:1: the first line is not the SPDX line"
done >>"$log"

# Lines of at most 100 columns, tabs being 8; functions of 60 lines; files of 600.
for f in $code; do
	expand -t 8 "$f" | awk -v f="$f" '
		length > 100 + gsub(/[\200-\277]/, "&") { print f ":" NR ": longer than 100 columns" }
		/^[a-z_]+\(/ { name = $0; sub(/\(.*/, "", name) }
		/^\{/ { start = NR }
		/^\}/ && start && NR - start > 61 {
			print f ":" start ": " name " has " NR - start - 1 " lines"
		}
		/^\}/ { start = 0 }
		END { if (NR > 640) print f ": " NR " lines: split it by subject" }'
done >>"$log"

# shellcheck disable=SC2086
{
	grep -nE '[ 	]+$' $text | grep -v '^tests/demo/expected' | sed 's/$/ <- trailing blanks/'
	grep -nE '(TO''DO|FIX''ME|XX''X)([^X]|$)' $text | grep -v 'XXXXXX'
} >>"$log"

# A room includes only its own header and those of the rooms above it.
rooms=$(sed -n 's/^ROOMS := //p' Makefile)
above=
for room in $rooms; do
	above="$above $room"
	for f in include/ccx/"$room".h src/"$room"/*.[ch]; do
		[ -f "$f" ] || continue
		sed -n 's|^#include "ccx/\([a-z]*\)\.h"|\1|p' "$f" | while read -r used; do
			case " $above limits " in
			*" $used "*) ;;
			*) echo "$f: $room may not use $used" ;;
			esac
		done
	done
done >>"$log"

cat "$log"
[ ! -s "$log" ] && echo "style: no breach"
