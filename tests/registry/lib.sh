# SPDX-License-Identifier: MIT
# What the tests of the registry's client share; each is run as NAME.sh CCX SERVER. Makes an empty
# home, starts a registry of our own ($server at $host, its requests in $tmp/log), and counts. Uses
# this machine only.
set -u
suite=$(basename "$0" .sh) ccx=$1 server=$2
"$ccx" --version >/dev/null || exit 1
tmp=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT PIPE TERM
unset CCX_OFFLINE CIRCLE_TOKEN CIRCLECI_CLI_TOKEN CIRCLECI_CLI_HOST CCX_ORB_PATH CCX_ORB_MAX_AGE
unset SSL_CERT_FILE CURL_CA_BUNDLE http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
export HOME="$tmp/home" XDG_CACHE_HOME="$tmp/cache" XDG_CONFIG_HOME="$tmp/config" NO_COLOR=1
mkdir -p "$HOME"
cd "$tmp" || exit 1
passed=0 failed=0

# serve LOG: starts a server of its own; sets $host, $port and $started.
serve() {
	: >"$tmp/port"
	"$server" "$1" "$tmp/orbs" >"$tmp/port" &
	started=$!
	pids="$pids $started"
	i=0
	while [ ! -s "$tmp/port" ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
	port=$(cat "$tmp/port")
	host=http://127.0.0.1:$port
}
serve "$tmp/log"

pass() {
	passed=$((passed + 1))
}

# fail WHAT [FILE]: with what FILE holds.
fail() {
	failed=$((failed + 1))
	echo "FAILED $1"
	[ -z "${2-}" ] || sed 's/^/  /' "$2"
}

# verdict NAME EXIT WANTED PATTERN: of a run whose output is in $tmp/out.
verdict() {
	if [ "$2" = "$3" ] && grep -qE -e "$4" "$tmp/out"; then
		pass
	else
		fail "$1: exit $2, expected $3 and \"$4\":" "$tmp/out"
	fi
}

# check NAME EXIT PATTERN ARGS…: the exit code, and a line of the output (both streams) that fits.
# Variables in $with are set for this once.
with=
check() {
	name=$1 want=$2 pattern=$3
	shift 3
	# shellcheck disable=SC2086
	env $with "$ccx" "$@" >"$tmp/out" 2>&1 </dev/null
	got=$?
	with=
	verdict "$name" $got "$want" "$pattern"
}

# logged NAME N PATTERN: so many requests fit.
logged() {
	n=$(grep -cE -e "$3" "$tmp/log")
	if [ "$n" = "$2" ]; then
		pass
	else
		fail "$1: $n requests like \"$3\", expected $2:" "$tmp/log"
	fi
}

# same NAME FILE FILE
same() {
	if cmp -s "$2" "$3"; then
		pass
	else
		diff "$2" "$3" >"$tmp/diff"
		fail "$1: $2 and $3 differ" "$tmp/diff"
	fi
}

forget() {
	: >"$tmp/log"
	rm -rf "$XDG_CACHE_HOME"
}

skip() {
	echo "$suite: skipped, $*"
}

finish() {
	echo "$suite: $passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}
