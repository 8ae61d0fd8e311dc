#!/bin/sh
# The hooks in .pre-commit-hooks.yaml, run by pre-commit. Takes CCX and an empty folder TMP from the
# environment.
set -eu

command -v pre-commit >/dev/null 2>&1 && command -v git >/dev/null 2>&1 ||
	{ echo "pre-commit: skipped, no pre-commit here"; exit 0; }

export PRE_COMMIT_HOME="$TMP/cache" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
mkdir -p "$TMP/bin"
ln -s "$CCX" "$TMP/bin/ccx"
PATH=$TMP/bin:$PATH
export PATH
pre-commit validate-manifest .pre-commit-hooks.yaml

commit() { # folder
	git -C "$1" add -A
	git -C "$1" -c user.name=t -c user.email=t@example.com commit -qm test
}

# The hooks as their users get them: from a repository, at a revision.
git init -q "$TMP/hooks"
cp .pre-commit-hooks.yaml "$TMP/hooks/"
commit "$TMP/hooks"
rev=$(git -C "$TMP/hooks" rev-parse HEAD)

project=$TMP/project
git init -q "$project"
mkdir -p "$project/.circleci" "$project/services/api/.circleci"
cat >"$project/.pre-commit-config.yaml" <<END
repos:
  - repo: file://$TMP/hooks
    rev: $rev
    hooks:
      - id: ccx-validate
END
printf '%s\n' 'version: 2.1' 'jobs:' '  build:' '    docker: [{image: cimg/base:2024.01}]' \
	'    steps: [checkout]' >"$project/.circleci/config.yml"
cp "$project/.circleci/config.yml" "$project/services/api/.circleci/"
echo 'no: config' >"$project/docker-compose.yml"
echo 'fail-on: error' >"$project/.circleci/ccx.yml"
commit "$project"

run() {
	(cd "$project" && pre-commit run --all-files --color never) >"$TMP/log" 2>&1
}

complain() {
	echo "pre-commit: $1"
	cat "$TMP/log"
	exit 1
}

run || complain "the hook fails on good configs"
grep -q 'validate CircleCI configs.*Passed' "$TMP/log" || complain "the hook did not run"
sed -i 's/steps:/stesp:/' "$project/services/api/.circleci/config.yml"
git -C "$project" add -A
! run || complain "the hook passes a broken config"
grep -q '^services/api/.circleci/config.yml:[0-9]*:[0-9]*: error: ' "$TMP/log" ||
	complain "the hook does not say where"
! grep -q -e docker-compose -e ccx.yml "$TMP/log" || complain "the hook looked at another file"
echo "pre-commit: the hook passes good configs and stops broken ones"
