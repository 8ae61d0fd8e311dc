#!/bin/sh
# The registry's client against a web server that is not ours: nginx, with canned answers, over HTTP
# and TLS. Uses this machine only.
# usage: nginx.sh CCX SERVER
# shellcheck source=tests/registry/lib.sh
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
for tool in nginx openssl gzip; do
	command -v $tool >/dev/null 2>&1 && continue
	skip "no $tool here (Debian: nginx-light, openssl, gzip)"
	exit 0
done

# ---- certificates: an authority of our own, and a server of two names ----------------------------

quietly() {
	"$@" >"$tmp/openssl.log" 2>&1 || fail "$*" "$tmp/openssl.log"
}
curve="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
# shellcheck disable=SC2086
{
	quietly openssl req -x509 $curve -keyout ca.key -out ca.pem -days 2 -subj /CN=ours \
		-addext basicConstraints=critical,CA:TRUE
	quietly openssl req $curve -new -keyout server.key -out server.csr -subj /CN=localhost
}
echo subjectAltName=DNS:localhost,IP:127.0.0.1 >server.ext
quietly openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
	-extfile server.ext -out server.pem

# ---- the server: what is asked for is a file, POST or not ----------------------------------------

mkdir -p www/plain www/big www/bomb nginx
cat >www/plain/graphql-unstable <<'END'
{"data":{"orbVersion":{"version":"5.2.1","source":"version: 2.1\ncommands: {install: {steps: [{run: echo install}]}}\n"}}}
END
printf 'version: 2.1\ncommands: {install: {steps: [{run: echo install}]}}\n' >www/orb.yml
awk 'BEGIN { while (i++ < 18000) printf "%01024d", 0 }' >www/big/graphql-unstable
gzip -9 <www/big/graphql-unstable >www/bomb/graphql-unstable

configure() {
	names="listen 127.0.0.1:$port; listen 127.0.0.1:$tls ssl http2;
		ssl_certificate $tmp/server.pem; ssl_certificate_key $tmp/server.key"
	there="\$scheme://localhost:\$server_port"
	cat >nginx.conf <<END
daemon off;
$([ "$(id -u)" = 0 ] && echo "user root;")
pid $tmp/nginx/pid;
events {}
http {
	log_format line '\$request \$scheme://\$http_host '
		'\$http_authorization\$http_circle_token \$connection_requests '
		'\$sent_http_content_encoding/\$sent_http_transfer_encoding';
	access_log $tmp/log line;
	client_body_temp_path $tmp/nginx/body;
	proxy_temp_path $tmp/nginx/proxy;
	fastcgi_temp_path $tmp/nginx/fastcgi;
	uwsgi_temp_path $tmp/nginx/uwsgi;
	scgi_temp_path $tmp/nginx/scgi;
	client_max_body_size 64k;
	default_type application/json;
	error_page 405 =200 \$uri;
	root $tmp/www;
	server {
		$names;
		server_name 127.0.0.1;
		location /gzip/ { gzip on; gzip_types *; gzip_min_length 1; alias $tmp/www/plain/; }
		location /bomb/ { add_header Content-Encoding gzip; }
		location /away301/ { return 301 $there/plain/graphql-unstable; }
		location /away308/ { return 308 $there/plain/graphql-unstable; }
		location /down/ { return 308 http://localhost:$port/plain/graphql-unstable; }
		location = /v3/api/v3/orb/versions {
			return 200 '{"data":[{"id":"1","attributes":{"version":"5.2.1"}}]}';
		}
		location /v3/api/v3/orb/versions/1/ { return 301 $there/orb.yml; }
		location /moved/ { return 301 $there/orb.yml; }
		location /lost/ { return 301 http://localhost:$port/orb.yml; }
		location /loop/ { return 302 \$scheme://127.0.0.1:\$server_port/loop/; }
	}
	server {
		$names;
		server_name localhost;
	}
}
END
}
start() {
	for port in $((12000 + $$ % 1500 * 6)) $((12002 + $$ % 1500 * 6)) $((12004 + $$ % 1500 * 6)); do
		tls=$((port + 1))
		configure
		nginx -p "$tmp/nginx" -e "$tmp/nginx/error.log" -c "$tmp/nginx.conf" 2>"$tmp/nginx/log" &
		nginx=$!
		pids="$pids $nginx"
		i=0
		while kill -0 $nginx 2>/dev/null && [ $i -lt 100 ]; do
			[ -s nginx/pid ] && return
			sleep 0.05
			i=$((i + 1))
		done
	done
	fail "nginx does not start" nginx/log
	finish
}
start
http=http://127.0.0.1:$port https=https://127.0.0.1:$tls

# ---- answers -------------------------------------------------------------------------------------

printf 'version: 2.1\norbs: {n: circleci/node@5}\njobs:\n  build:\n    docker: [{image: "a:1"}]
    steps: [n/install]\n' >c.yml
export SSL_CERT_FILE="$tmp/ca.pem" CIRCLECI_CLI_TOKEN=secret-token
for host in "$http" "$https"; do
	scheme=${host%%:*}
	forget
	check "$scheme" 0 '^commands:' orb source circleci/node@5 --host "$host/plain" --api graphql
	logged "$scheme" 1 "^POST /plain/graphql-unstable HTTP/1.1 $host secret-token- 1 "
	forget
	check "$scheme, compressed, in pieces" 0 '^    *command: echo install' \
		config process c.yml --host "$host/gzip" --api graphql
	logged "$scheme, compressed, in pieces" 1 ' gzip/chunked$'
	forget
	check "$scheme, a server that has only GraphQL" 0 '^commands:' \
		orb source circleci/node@5 --host "$host/plain"
	logged "$scheme, one connection for all" 1 '^POST .* 2 '
	forget
	check "$scheme, a page that moved to another host" 0 '^commands:' \
		orb source circleci/node@5 --host "$host/v3" --api v3
	logged "$scheme, the token" 2 "^GET /v3/.* $host -secret-token "
	logged "$scheme, no token for the other host" 1 \
		"^GET /orb.yml HTTP/1.1 $scheme://localhost:[0-9]* -- "
	forget
	check "$scheme, a question that is to be asked elsewhere" 0 '^commands:' \
		orb source circleci/node@5 --host "$host/away308" --api graphql
	logged "$scheme, no token for elsewhere" 1 \
		"^POST /plain/[^ ]* HTTP/1.1 $scheme://localhost:[0-9]* -- "
	check "$scheme, a question that is to become another" 1 'a redirect of what was sent' \
		orb source circleci/node@5 --host "$host/away301" --api graphql
	check "$scheme, a write is not sent elsewhere" 1 'a redirect of what was sent' \
		orb publish c.yml circleci/node@1.0.0 --yes --host "$host/away308" --api graphql
	check "$scheme, a long answer" 1 'the answer is larger than any orb' \
		orb source circleci/node@5 --host "$host/big" --api graphql
	check "$scheme, a long answer in short" 1 'the answer is larger than any orb' \
		orb source circleci/node@5 --host "$host/bomb" --api graphql
	check "$scheme, nothing there" 5 'there is no orb' \
		orb source circleci/node@5 --host "$host/none" --api graphql
done
forget
check "from TLS to none" 1 'a redirect to where no TLS is' \
	orb source circleci/node@5 --host "$https/down" --api graphql
logged "it is not followed" 1 .
awk 'BEGIN { print "version: 2.1"; while (i++ < 2000) printf "# %050d\n", i }' >large.yml
check "more than the server takes" 1 'refuses the request \(413\)' \
	orb publish large.yml circleci/node@1.0.0 --yes --host "$https/plain" --api graphql

# ---- orbs by their address -----------------------------------------------------------------------

# uses URL [FILE]: a config, or an orb, that imports it.
uses() {
	printf 'version: 2.1\norbs: {x: "%s"}\njobs:\n  build:\n    docker: [{image: "a:1"}]
    steps: [x/install]\n' "$1" >"${2-u.yml}"
}
there=https://localhost:$tls
mkdir -p www/deep
n=1
while [ $n -le 6 ]; do
	printf 'version: 2.1\norbs: {x: "%s"}\ncommands: {install: {steps: [x/install]}}\n' \
		"$there/deep/$((n + 1)).yml" >www/deep/$n.yml
	n=$((n + 1))
done
cp www/orb.yml www/deep/7.yml
printf 'version: 2.1\norbs: {x: "%s"}\n' "$there/self.yml" >www/self.yml
echo '<!DOCTYPE html><title>Log in</title>' >www/login.yml
{ cat www/orb.yml && awk 'BEGIN { while (i++ < 18000) printf "# %01024d\n", 0 }'; } >www/long.yml
export CIRCLECI_CLI_HOST="$https/plain"
forget
uses "$there/orb.yml"
check "an orb by its address" 0 '^    *command: echo install' config process u.yml
logged "it gets no token" 1 '^GET /orb.yml HTTP/1.1 https://localhost:[0-9]* -- '
logged "nobody else is asked" 1 .
cp out expected
check "and once more" 0 '^    *command: echo install' config process u.yml
logged "it is in the cache" 1 .
check "and offline" 0 '^    *command: echo install' config process u.yml --offline
with=CCX_ORB_MAX_AGE=0
check "and after its time" 0 '^    *command: echo install' config process u.yml
logged "it is asked for again" 2 .
entry=$(find "$XDG_CACHE_HOME" -path '*/@url/*.orb')
[ -n "$entry" ] && echo more >>"$entry"
check "and when its entry is broken" 0 '^    *command: echo install' config process u.yml
logged "it is asked for again" 3 .
check "its source" 0 '^commands:' orb source "$there/orb.yml"
check "an orb that uses one" 0 'valid orb' orb validate www/deep/6.yml
with=CCX_ORB_URLS="https://example.test/"
check "from where it is not allowed" 1 'CCX_ORB_URLS does not list' config process u.yml
with=CCX_ORB_URLS=
check "from nowhere" 1 'CCX_ORB_URLS does not list' config process u.yml
export CCX_ORB_URLS="https://example.test/ $there/deep/"
uses "$there/deep/7.yml"
check "from where it is allowed" 0 'echo install' config process u.yml
for url in "$there/deep/../orb.yml" "$there/deep/%2e%2E/orb.yml" "$there/deep/.%2e?x" \
	"$there/deep/..\\\\orb.yml" "https://$there/deep/@localhost/7.yml" \
	"https://a@localhost:$tls/7.yml"; do
	uses "$url"
	check "$url" 1 'without dots between slashes|CCX_ORB_URLS does not list|by https:// only' \
		config process u.yml
done
uses "$https/moved/orb.yml"
export CCX_ORB_URLS="$https/"
check "a redirect to where it is not allowed" 1 'redirects to where ccx does not follow' \
	config process u.yml
unset CCX_ORB_URLS
forget
check "a redirect" 0 'echo install' config process u.yml
logged "still without a token" 2 ' -- '
while read -r path code pattern; do
	uses "$https/$path"
	check "$path" "$code" "$pattern" config process u.yml
done <<END
none.yml 5 nothing is there, or not for everybody
lost/orb.yml 1 redirects to where ccx does not follow
loop/orb.yml 1 redirects to where ccx does not follow
login.yml 1 a web page is there, and no YAML
long.yml 1 the answer is larger than any orb
self.yml 7 imports itself
deep/2.yml 7 more than 5 deep
deep/3.yml 0 echo install
END
uses "http://localhost:$port/orb.yml"
check "without TLS" 7 'orbs are fetched by https:// only' config process u.yml
{
	printf 'version: 2.1\norbs:\n'
	n=0
	while [ $n -lt 51 ]; do echo "  o$n: $there/orb.yml?$n" && n=$((n + 1)); done
	printf 'jobs: {build: {docker: [{image: "a:1"}], steps: [checkout]}}\n'
} >many.yml
check "one too many" 7 'more than 50 of them' config process many.yml
sed -i '/ o50:/d' many.yml
check "as many as there may be" 0 'checkout' config process many.yml
forget
uses "$there/orb.yml"
check "offline and not in the cache" 5 'not in the cache, and the network must not be used' \
	config process u.yml --offline
check "which validate takes for unknown" 0 'note: Cannot fetch the orb' \
	config validate u.yml --offline --fail-on error
logged "nobody is asked" 0 .
mkdir -p pins/.circleci && cp u.yml pins/.circleci/config.yml
check "a lock" 0 '1 reference$' orb lock pins
check "that holds" 0 'echo install' config process pins --frozen
cp pins/.circleci/ccx.lock out
verdict "says where it is from" 0 0 "^    from: $there/orb.yml\$"
check "the same again" 0 'as before' orb lock pins
check "no versions to update to" 0 "^$there/orb.yml" orb outdated pins
check "it is not vendored" 7 'is an address, which is fetched' orb vendor pins
sed -i 's/echo install/echo changed/' www/orb.yml
rm -rf "$XDG_CACHE_HOME"
check "another source than was locked" 7 'is not the one that was locked' \
	config process pins --frozen
unset CIRCLECI_CLI_HOST

unset SSL_CERT_FILE
forget
check "an orb from a host that nobody vouches for" 1 'certificate cannot be trusted' \
	config process u.yml
check "an authority that nobody named" 1 'certificate cannot be trusted' \
	orb source circleci/node@5 --host "$https/plain"
logged "it is not asked" 0 .
finish
