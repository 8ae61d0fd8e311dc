#!/bin/sh
# The errorformat in README.md, read by vim, finds what ccx prints. Takes CCX and an empty folder
# TMP from the environment.
set -eu

command -v vim >/dev/null 2>&1 && vim --version | grep -q '+quickfix' ||
	{ echo "vim: skipped, no vim with quickfix here"; exit 0; }

# The lines to copy are tested as they stand there.
sed -n '/^```vim$/,/^```$/p' README.md | grep -v '^```' >"$TMP/readme.vim"
[ -s "$TMP/readme.vim" ] || { echo "vim: README.md has no lines for vim"; exit 1; }

mkdir -p "$TMP/bin" "$TMP/project/.circleci"
ln -s "$CCX" "$TMP/bin/ccx"
PATH=$TMP/bin:$PATH
export PATH
cat >"$TMP/project/.circleci/config.yml" <<'END'
version: 2.1
jobs:
  build:
    docker: [{image: cimg/base:2024.01}]
    enviroment: {A: b}
    steps: [checkout, "é": 1]
workflows:
  main:
    jobs: [build, biuld]
commands:
  save_cache:
    steps: [checkout]
END
cat >"$TMP/make.vim" <<'END'
set nocompatible
source $TMP/readme.vim
silent make!
let s:found = []
for s:item in getqflist()
	if s:item.valid
		call add(s:found, join([bufname(s:item.bufnr), s:item.lnum, s:item.col,
			\ s:item.type, s:item.text], ':'))
	endif
endfor
call writefile(s:found, $TMP . '/found')
qall!
END

# Every line that ccx prints of its own, in the form that vim gives it.
(cd "$TMP/project" && ccx config validate --format concise) |
	sed -E 's/^([^:]+:[0-9]+:[0-9]+): ([a-z])[a-z]*: /\1:\2:/' >"$TMP/expected" || :
[ "$(wc -l <"$TMP/expected")" -ge 3 ] || { echo "vim: ccx found too little"; exit 1; }
(cd "$TMP/project" && vim -es -u NONE -i NONE -N -S "$TMP/make.vim" </dev/null >"$TMP/log" 2>&1) || :
if [ -f "$TMP/found" ] && diff -i "$TMP/expected" "$TMP/found"; then
	echo "vim: :make finds all $(wc -l <"$TMP/found") findings"
else
	echo "vim: errorformat does not find what ccx prints"
	cat "$TMP/log"
	exit 1
fi
