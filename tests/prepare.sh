#!/bin/sh
# Sees to it that the compiler and the headers are there that the build and the tests need:
# installs Debian packages when that is allowed, else says which are missing.
set -eu
CC=${CC:-cc}

has() {
	echo "#include <$1>" | $CC -DPCRE2_CODE_UNIT_WIDTH=8 -E -x c - >/dev/null 2>&1
}

# The usual case takes one run of the preprocessor.
if printf '#include <%s>\n' yaml.h pcre2.h jansson.h expat.h curl/curl.h stdarg.h stddef.h setjmp.h stdint.h cmocka.h |
	$CC -DPCRE2_CODE_UNIT_WIDTH=8 -E -x c - >/dev/null 2>&1; then
	exit 0
fi

missing=
command -v "$CC" >/dev/null 2>&1 || missing="gcc libc6-dev"
has yaml.h || missing="$missing libyaml-dev"
has pcre2.h || missing="$missing libpcre2-dev"
has jansson.h || missing="$missing libjansson-dev"
has expat.h || missing="$missing libexpat1-dev"
has curl/curl.h || missing="$missing libcurl4-openssl-dev"
printf '#include <%s>\n' stdarg.h stddef.h setjmp.h stdint.h cmocka.h |
	$CC -E -x c - >/dev/null 2>&1 || missing="$missing libcmocka-dev"

if command -v apt-get >/dev/null 2>&1; then
	if [ "$(id -u)" = 0 ]; then
		sudo=
	elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
		sudo="sudo -n"
	else
		sudo=no
	fi
	if [ "$sudo" != no ]; then
		echo "installing:$missing"
		$sudo env DEBIAN_FRONTEND=noninteractive sh -c "apt-get update -qq &&
			apt-get install -y -qq --no-install-recommends $missing" >/dev/null
		exit
	fi
fi
echo "missing (names of Debian's packages):$missing" >&2
echo "install them, then run make again" >&2
exit 1
