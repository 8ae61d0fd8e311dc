#!/bin/sh
# vim-ale's circleci linter, which runs `circleci --skip-update-check config validate - < FILE` and
# looks for "Error: ERROR IN CONFIG FILE:". Takes CCX and an empty folder TMP from the environment.
set -eu

for ale in "${ALE:-/usr/share/vim-ale}" /usr/share/vim/vimfiles/pack/*/start/ale \
	/usr/share/nvim/site/pack/*/start/ale; do
	[ -f "$ale/ale_linters/yaml/circleci.vim" ] && break
	ale=
done
[ -n "$ale" ] || { echo "ale: skipped, no vim-ale here"; exit 0; }

mkdir -p "$TMP/bin" "$TMP/project/.circleci"
ln -s "$CCX" "$TMP/bin/circleci"
PATH=$TMP/bin:$PATH
export PATH

cat >"$TMP/lint.vim" <<-'END'
	set nocompatible
	let g:ale_linters = {'yaml': ['circleci']}
	let g:ale_linters_explicit = 1
	let g:ale_virtualtext_cursor = 0
	execute 'set runtimepath^=' . $ALE_PATH
	filetype plugin on
	runtime plugin/ale.vim
	edit .circleci/config.yml
	setlocal filetype=yaml
	ALELint
	let s:left = 200
	while ale#engine#IsCheckingBuffer(bufnr('')) && s:left > 0
		let s:left -= 1
		sleep 50m
	endwhile
	sleep 100m
	let s:found = []
	for s:item in ale#engine#GetLoclist(bufnr(''))
		call add(s:found, s:item.lnum . ' ' . s:item.type . ' ' . s:item.text)
	endfor
	call writefile(s:found, $TMP . '/found')
	qall!
END

lint() { # editor; the findings go to $TMP/found
	rm -f "$TMP/found"
	(cd "$TMP/project" && ALE_PATH=$ale "$@" -S "$TMP/lint.vim" </dev/null >"$TMP/log" 2>&1) || :
	[ -f "$TMP/found" ] || { echo "ale: $1 did not end well:"; cat "$TMP/log"; exit 1; }
}

check() { # name, editor
	name=$1
	shift
	printf '%s\n' 'version: 2.1' 'jobs:' '  build:' '    docker: [{image: a:1}]' \
		'    enviroment: {A: b}' '    steps: [checkout]' >"$TMP/project/.circleci/config.yml"
	lint "$@"
	grep -q '^1 E - line 5, column 5: .*enviroment.*unknown-key' "$TMP/found" || {
		echo "ale: $name did not show the fault:"
		cat "$TMP/found" "$TMP/log"
		exit 1
	}
	sed -i 's/enviroment/environment/' "$TMP/project/.circleci/config.yml"
	lint "$@"
	[ ! -s "$TMP/found" ] || {
		echo "ale: $name found fault with a good config:"
		cat "$TMP/found"
		exit 1
	}
	echo "ale: $name shows what ccx finds"
}

tested=
if vim --version 2>/dev/null | grep -q '+job'; then
	check vim vim -es -u NONE -i NONE -N
	tested=1
fi
if command -v nvim >/dev/null 2>&1; then
	check nvim nvim --headless -u NONE -i NONE
	tested=1
fi
[ -n "$tested" ] || echo "ale: skipped, no vim with jobs and no nvim here"
