#!/bin/sh
# ajv, given schema/config.json, finds fault with the same fixtures as ccx's own check. Takes
# VERDICT (the program schema_verdict) and an empty folder TMP from the environment, and CORPUS, a
# folder with more configs, if there is one. node finds ajv where Debian's node-ajv has it, or in
# the folder node_modules of NODE_PATH.
set -eu

NODE_PATH=${NODE_PATH:-}:/usr/share/nodejs:/usr/local/lib/node_modules
export NODE_PATH
command -v node >/dev/null 2>&1 && node -e 'require("ajv")' 2>/dev/null ||
	{ echo "ajv: skipped, no node with ajv here"; exit 0; }
[ -x "${VERDICT:-}" ] || { echo "ajv: skipped, VERDICT names no program"; exit 0; }

agree() { # a folder of configs
	find "$1" -type f \( -name '*.yml' -o -name '*.yaml' \) -print | LC_ALL=C sort |
		tr '\n' '\0' | xargs -0 "$VERDICT" >"$TMP/records"
	node tests/clients/agree.js schema/config.json <"$TMP/records"
}

agree tests/fixtures
if [ -d "${CORPUS:-}" ]; then
	agree "$CORPUS"
fi
