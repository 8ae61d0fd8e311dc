#!/bin/sh
# Certificates that must not be trusted, and orbs by their address.
# usage: tls.sh CCX SERVER
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

if ! command -v openssl >/dev/null 2>&1; then
	skip "no openssl here"
	exit 0
fi

# certificate NAME DAYS; serve_tls NAME N PAGES: a server that has it, on $tls_port; its pages are of
# its own making (-www) or the files here (-WWW).
certificate() {
	echo subjectAltName=DNS:localhost >"$1.ext"
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
		-keyout "$1.key" -out "$1.csr" -subj /CN=localhost 2>/dev/null &&
		openssl x509 -req -in "$1.csr" -signkey "$1.key" -days "$2" -extfile "$1.ext" \
			-out "$1.pem" 2>/dev/null
}
serve_tls() {
	tls_port=$((22000 + $$ % 3000 * 3 + $2))
	openssl s_server -quiet -accept "127.0.0.1:$tls_port" -key "$1.key" -cert "$1.pem" "$3" \
		>/dev/null 2>&1 &
	pids="$pids $!"
	i=0
	until openssl s_client -connect "127.0.0.1:$tls_port" </dev/null >/dev/null 2>&1 ||
		[ $i -gt 40 ]; do sleep 0.05; i=$((i + 1)); done
}
certificate good 2 || fail "openssl makes no certificate"
serve_tls good 1 -www
check "a certificate of nobody" 1 'certificate cannot be trusted' \
	orb source circleci/node@5 --host "https://localhost:$tls_port"
with=SSL_CERT_FILE=$tmp/good.pem
check "of an authority that is named" 1 'makes no sense|refuses' \
	orb source circleci/node@5 --host "https://localhost:$tls_port" --api v3
with=SSL_CERT_FILE=$tmp/good.pem
check "for another host" 1 'certificate cannot be trusted' \
	orb source circleci/node@5 --host "https://127.0.0.1:$tls_port"
if certificate old -1; then
	serve_tls old 2 -www
	with=SSL_CERT_FILE=$tmp/old.pem
	check "an expired one" 1 'certificate cannot be trusted' \
		orb source circleci/node@5 --host "https://localhost:$tls_port"
fi

printf 'version: 2.1\ncommands: {install: {steps: [{run: echo install}]}}\n' >orb.yml
serve_tls good 3 -WWW
printf 'version: 2.1\norbs: {n: "https://localhost:%d/orb.yml"}\njobs:\n  build:
    docker: [{image: "a:1"}]\n    steps: [n/install]\n' "$tls_port" >c.yml
check "an orb that nobody vouches for" 1 'certificate cannot be trusted' config process c.yml
with=SSL_CERT_FILE=$tmp/good.pem
check "an orb by its address" 0 'echo install' config process c.yml
check "and from the cache" 0 'echo install' config process c.yml --offline
rm -rf "$XDG_CACHE_HOME"
check "and from nowhere" 5 'not in the cache, and the network must not be used' \
	config process c.yml --offline
with="CCX_ORB_URLS=https://example.test/ SSL_CERT_FILE=$tmp/good.pem"
check "and from where it is not allowed" 1 'CCX_ORB_URLS does not list' config process c.yml
finish
