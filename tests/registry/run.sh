#!/bin/sh
# Runs ccx against a registry of our own: tests/registry/run.sh CCX SERVER. Uses this machine only.
set -u
ccx=$1 server=$2
tmp=$(mktemp -d)
pids=
trap 'for p in $pids; do kill "$p" 2>/dev/null; done; rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
unset CCX_OFFLINE CIRCLE_TOKEN CIRCLECI_CLI_TOKEN CIRCLECI_CLI_HOST CCX_ORB_PATH CCX_ORB_MAX_AGE
unset SSL_CERT_FILE CURL_CA_BUNDLE http_proxy https_proxy all_proxy HTTPS_PROXY ALL_PROXY
export HOME="$tmp/home" XDG_CACHE_HOME="$tmp/cache" XDG_CONFIG_HOME="$tmp/config" NO_COLOR=1
mkdir -p "$HOME"
cd "$tmp" || exit 1
passed=0 failed=0

"$server" "$tmp/log" >"$tmp/port" &
pids=$!
i=0
while [ ! -s "$tmp/port" ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
port=$(cat "$tmp/port")
host=http://127.0.0.1:$port

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
	if [ $got = "$want" ] && grep -qE -e "$pattern" "$tmp/out"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $name: exit $got, expected $want and \"$pattern\":"
		sed 's/^/  /' "$tmp/out"
	fi
}

# logged NAME N PATTERN: so many requests fit.
logged() {
	n=$(grep -cE -e "$3" "$tmp/log")
	if [ "$n" = "$2" ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED $1: $n requests like \"$3\", expected $2:"
		sed 's/^/  /' "$tmp/log"
	fi
}

forget() {
	: >"$tmp/log"
	rm -rf "$XDG_CACHE_HOME"
}

# ---- reading, in both generations ----------------------------------------------------------------

for api in v3 graphql; do
	forget
	check "$api source" 0 '^commands:' orb source circleci/node@5 --host "$host" --api $api
	check "$api source of a dev version" 0 '^commands:' \
		orb source circleci/node@dev:x --host "$host" --api $api
	check "$api source of no orb" 5 'there is no orb nobody/nothing@1.0.0' \
		orb source nobody/nothing@1.0.0 --host "$host" --api $api
	check "$api info" 0 '^  5\.2\.1  2024-01-02$' orb info circleci/node --host "$host" --api $api
	check "$api info as JSON" 0 '"builds30Days": 12' \
		orb info circleci/node --json --host "$host" --api $api
	check "$api info of no orb" 5 'there is no orb nobody/nothing' \
		orb info nobody/nothing --host "$host" --api $api
	check "$api categories" 0 '^Build$' orb list-categories --host "$host" --api $api
	check "$api list" 0 '^circleci/node 5\.2\.1$' orb list --host "$host" --api $api
	check "$api list with a limit" 0 'more than 1: raise --limit' \
		orb list circleci --limit 1 --host "$host" --api $api
done
check "all pages of v3" 0 '^circleci/orb5 ' orb list circleci --host "$host" --api v3
check "no such namespace" 5 'no namespace nobody' orb list nobody --host "$host" --api v3
forget
check "a server before v3" 0 '^commands:' orb source circleci/node@5 --host "$host/old"
logged "is probed, then asked by GraphQL" 1 '^GET /old/api/v3/orb/categories'
logged "is probed, then asked by GraphQL" 1 '^POST /old/graphql-unstable'
forget
check "without a token GraphQL is tried" 1 'set CIRCLECI_CLI_TOKEN' \
	orb source circleci/node@5 --host "$host/401"

# ---- the cache -----------------------------------------------------------------------------------

printf 'version: 2.1\norbs: {n: circleci/node@5}\njobs:\n  build:\n    docker: [{image: "a:1"}]
    steps: [n/install]\n' >c.yml
forget
check "a config with an orb" 0 'resolved to .circleci/node@5.2.1' config process c.yml --host "$host"
asked=$(wc -l <"$tmp/log")
check "and once more" 0 'echo install' config process c.yml --host "$host"
logged "asks nothing" "$asked" .
check "and offline" 0 'echo install' config process c.yml --host "$host" --offline
sleep 1
with=CCX_ORB_MAX_AGE=0
check "unless it is too old" 0 'echo install' config process c.yml --host "$host"
logged "then it asks" $((asked * 2)) .
entry=$(find "$XDG_CACHE_HOME" -name '5.orb')
printf 'x' >>"$entry"
check "a broken entry" 0 'echo install' config process c.yml --host "$host"
logged "is fetched again" $((asked * 3)) .
chmod -R a-w "$XDG_CACHE_HOME" 2>/dev/null
export CCX_ORB_MAX_AGE=0
check "a cache that cannot be written" 0 'echo install' config process c.yml --host "$host"
unset CCX_ORB_MAX_AGE
chmod -R u+w "$XDG_CACHE_HOME"

# ---- pins ----------------------------------------------------------------------------------------

forget
mkdir -p pins/.circleci
cp c.yml pins/.circleci/config.yml
check "a lock" 0 '1 reference$' orb lock pins --host "$host"
cp pins/.circleci/ccx.lock "$tmp/log"
logged "says the registry's address" 1 "from: $host\$"
: >"$tmp/log"
check "from the cache it is the same" 0 'as before' orb lock pins --host "$host" --offline
check "versions of the registry" 0 '^circleci/node@5  5\.2\.1' orb outdated pins --host "$host"
check "vendored" 0 '1 orb, 1 written' orb vendor pins --host "$host"
forget
check "needs no network" 0 'echo install' config process pins --frozen --host "$host"
logged "nor asks it" 0 .
printf 'version: 2.1\norbs: {n: circleci/node@5.0.0}\n' >pins/.circleci/config.yml
check "another version than was asked for is not locked" 1 'gave version 5.2.1' \
	orb lock pins --host "$host"
"$server" "$tmp/log2" >"$tmp/port2" &
second=$!
i=0
while [ ! -s "$tmp/port2" ] && [ $i -lt 100 ]; do sleep 0.05; i=$((i + 1)); done
other=http://127.0.0.1:$(cat "$tmp/port2")
check "a registry that goes away" 0 'echo install' config process c.yml --host "$other"
kill "$second"
wait "$second" 2>/dev/null
with=CCX_ORB_MAX_AGE=0
check "an old entry, when there is no answer" 0 'echo install' config process c.yml --host "$other"
rm -rf "$XDG_CACHE_HOME"
: >"$tmp/log"
check "offline without a cache" 5 'Cannot find circleci/node@5' \
	config process c.yml --host "$host" --offline
with=CCX_OFFLINE=1
check "the same by the environment" 5 'Cannot find' config process c.yml --host "$host"
logged "opens no connection" 0 .
mkdir -p .circleci/orbs/circleci/node
printf 'version: 2.1\ncommands: {install: {steps: [{run: echo vendored}]}}\n' \
	>.circleci/orbs/circleci/node/5.0.0.yml
check "orbs of the project come first" 0 'echo vendored' config process c.yml --host "$host"
logged "without asking" 0 .
rm -r .circleci
forget
i=0
while [ $i -lt 20 ]; do
	"$ccx" config process c.yml --host "$host" >"$tmp/many.$i" 2>&1 &
	many="${many-} $!"
	i=$((i + 1))
done
for p in $many; do wait "$p" || { echo "FAILED one of many"; failed=$((failed + 1)); }; done
check "after many at once" 0 'echo install' config process c.yml --host "$host" --offline

# ---- faults --------------------------------------------------------------------------------------

forget
while read -r fault code pattern; do
	check "$fault" "$code" "$pattern" orb source circleci/node@5 --host "$host/$fault" --api v3
	check "$fault by GraphQL" "$code" "$pattern" \
		orb source circleci/node@5 --host "$host/$fault" --api graphql
done <<END
401 1 wants to know who asks: set CIRCLECI_CLI_TOKEN
403 1 does not allow this.*Forbidden
404 5 has no such thing|there is no orb|registry was not asked
429 1 too many requests; try again in 3600 seconds
500 1 is in trouble \\(500\\)
garbage 1 makes no sense
empty 1 makes no sense
list 1 makes no sense
nothing 1 makes no sense
cut 1 broke before the answer was complete
reset 1 broke before the answer was complete
loop 1 too many redirects
outside 1 a redirect to where no TLS is
busy 0 ^commands:
flaky 0 ^commands:
END
for fault in wrongtype nulls; do
	"$ccx" orb info circleci/node --host "$host/$fault" --api v3 >/dev/null 2>&1
	[ $? -lt 100 ] || { echo "FAILED $fault crashes"; failed=$((failed + 1)); }
	"$ccx" orb info circleci/node --host "$host/$fault" --api graphql >/dev/null 2>&1
	[ $? -lt 100 ] || { echo "FAILED $fault crashes"; failed=$((failed + 1)); }
done
with=CCX_HTTP_TIMEOUT=1
check slow 1 'did not answer in time' \
	orb source circleci/node@6 --host "$host/slow" --api v3
sleep 3
check "nobody there" 1 'takes no connection' orb source circleci/node@6 --host http://127.0.0.1:1
check "validate goes on without" 0 'note: Cannot fetch the orb' \
	config validate c.yml --host http://127.0.0.1:1 --fail-on error
check "http to elsewhere" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://circleci.example
check "a host that looks like this machine" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://127.0.0.1.example
check "a name before an @" 1 'must be an address with https' \
	orb source circleci/node@6 --host http://127.0.0.1@circleci.example
check "a list of pages without end" 0 '^circleci/node' orb list circleci --host "$host" --api graphql

# ---- the token -----------------------------------------------------------------------------------

forget
export CIRCLECI_CLI_TOKEN=secret-token
check "a token that is not accepted" 1 'does not accept the token' \
	orb source circleci/node@5 --host "$host/401" --api v3
: >"$tmp/log"
check "a redirect to another host" 0 '^commands:' \
	orb source circleci/node@5 --host "$host/away" --api v3 -v
grep -q secret "$tmp/out" && { echo "FAILED the token was printed"; failed=$((failed + 1)); }
logged "the host gets the token" 2 '^GET /away/.* secret-token$'
logged "the other host does not" 2 '^GET /api/.* -$'
unset CIRCLECI_CLI_TOKEN
mkdir -p "$HOME/.circleci"
printf 'host: %s\nendpoint: graphql-unstable\ntoken: file-token\n' "$host" >"$HOME/.circleci/cli.yml"
forget
check "the official configuration" 0 '^commands:' orb source circleci/node@5
logged "its token goes to its host" 3 ' file-token$'
forget
check "another host" 0 '^commands:' orb source circleci/node@5 --host "http://localhost:$port"
logged "does not get it" 0 ' file-token$'
rm -r "$HOME/.circleci"
export CIRCLE_TOKEN='two words'
check "a token with a space" 2 'was not copied' orb info circleci/node --host "$host"
unset CIRCLE_TOKEN

# ---- writing -------------------------------------------------------------------------------------

printf 'version: 2.1\ncommands: {hi: {steps: [checkout]}}\n' >orb.yml
for api in v3 graphql; do
	forget
	check "$api publish" 0 '^published circleci/node@dev:a$' \
		orb publish orb.yml circleci/node@dev:a --yes --host "$host" --api $api
	check "$api increment" 0 '^published circleci/node@5.3.0$' \
		orb publish increment orb.yml circleci/node minor --yes --host "$host" --api $api
	check "$api promote" 0 'to circleci/node@5.2.2$' \
		orb publish promote circleci/node@dev:x patch --yes --host "$host" --api $api
	check "$api create" 0 '^done: create the private orb' \
		orb create acme/tools --private --yes --host "$host" --api $api
	check "$api unlist" 0 '^done: take circleci/node' \
		orb unlist circleci/node --yes --host "$host" --api $api
	check "$api category" 0 '^done: add' \
		orb add-to-category circleci/node Build --yes --host "$host" --api $api
	check "$api category" 0 '^done: remove' \
		orb remove-from-category circleci/node Build --yes --host "$host" --api $api
	check "$api no category" 5 'no category "Nope"' \
		orb add-to-category circleci/node Nope --yes --host "$host" --api $api
	forget
	check "$api dry run" 0 '^would publish orb.yml as circleci/node@6.0.0 to' \
		orb publish increment orb.yml circleci/node major --dry-run --host "$host" --api $api
	logged "$api dry run sends nothing" 0 '/orb/versions'
	check "$api nobody to ask" 2 'say --yes' \
		orb publish orb.yml circleci/node@9.9.9 --host "$host" --api $api
done
check "a version that is taken" 1 'says: taken' \
	orb publish orb.yml circleci/node@5.2.1 --yes --host "$host/refuse"
for fault in badwrite cutwrite; do
	forget
	check "$fault" 1 'may have been made all the same' \
		orb create acme/tools --yes --host "$host/$fault" --api v3
	logged "$fault is not sent again" 1 '^POST '
done
check "publish what is not there" 5 'cannot read none.yml' orb publish none.yml circleci/node@1.0.0
check "publish a partial version" 2 'x.y.z or dev:label' orb publish orb.yml circleci/node@1

# ---- orbs on their own ---------------------------------------------------------------------------

check "remote and here agree" 0 'valid orb' orb validate orb.yml --remote --host "$host" --api graphql
check "remote says no" 7 'ccx says that it is valid' \
	orb validate orb.yml --remote --host "$host" --api v3
check "remote prints another" 0 '^\+a: 1' orb process orb.yml --remote --host "$host" --api graphql

# ---- TLS -----------------------------------------------------------------------------------------

# certificate NAME DAYS; serve_tls NAME N: a server that has it, on $tls_port.
certificate() {
	echo subjectAltName=DNS:localhost >"$1.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj /CN=localhost 2>/dev/null &&
		openssl x509 -req -in "$1.csr" -signkey "$1.key" -days "$2" -extfile "$1.ext" \
			-out "$1.pem" 2>/dev/null
}
serve_tls() {
	tls_port=$((20000 + $$ % 20000 + $2))
	openssl s_server -quiet -accept "127.0.0.1:$tls_port" -key "$1.key" -cert "$1.pem" -www \
		>/dev/null 2>&1 &
	pids="$pids $!"
	i=0
	until openssl s_client -connect "127.0.0.1:$tls_port" </dev/null >/dev/null 2>&1 ||
		[ $i -gt 40 ]; do sleep 0.05; i=$((i + 1)); done
}
if command -v openssl >/dev/null 2>&1 && certificate good 2; then
	serve_tls good 1
	check "a certificate of nobody" 1 'certificate cannot be trusted' \
		orb source circleci/node@5 --host "https://localhost:$tls_port"
	with=SSL_CERT_FILE=$tmp/good.pem
	check "of an authority that is named" 1 'makes no sense|refuses' \
		orb source circleci/node@5 --host "https://localhost:$tls_port" --api v3
	with=SSL_CERT_FILE=$tmp/good.pem
	check "for another host" 1 'certificate cannot be trusted' \
		orb source circleci/node@5 --host "https://127.0.0.1:$tls_port"
	if certificate old -1; then
		serve_tls old 2
		with=SSL_CERT_FILE=$tmp/old.pem
		check "an expired one" 1 'certificate cannot be trusted' \
			orb source circleci/node@5 --host "https://localhost:$tls_port"
	fi
else
	echo "registry: no openssl here, so TLS is not tried"
fi

echo "registry: $passed passed, $failed failed"
[ $failed = 0 ]
