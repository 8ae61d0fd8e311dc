#!/bin/sh
# The command greet says hello to whom it is told, and to the world when it is told nothing.
set -eu
cd "$(dirname "$0")/.."

expect() {
	[ "$1" = "$2" ] || {
		echo "expected \"$2\", not \"$1\"" >&2
		exit 1
	}
}

expect "$(GREET_TO=you sh src/scripts/greet.sh)" "Hello, you!"
expect "$(GREET_TO='' sh src/scripts/greet.sh)" "Hello, world!"
