#!/bin/sh
# The pages and pictures of simulate and graph, looked at by the programs that people open them
# with: headless Chromium shows the page and asks nobody for anything, xmllint and rsvg-convert read
# the SVG, Graphviz the DOT. Takes CCX and an empty folder TMP from the environment.
set -eu

here=$PWD/tests/fixtures/graph
config=$here/shop.yml scenario=$here/scenario.yml
have() { command -v "$1" >/dev/null 2>&1; }
seen=

for format in svg html trace; do
	"$CCX" simulate "$config" --branch main --scenario "$scenario" --format $format \
		-o "$TMP/timeline.$format"
done
for format in svg dot; do
	"$CCX" graph "$config" --branch main --format $format -o "$TMP/graph.$format" -q
done

if have xmllint; then
	xmllint --noout "$TMP/timeline.svg" "$TMP/graph.svg"
	seen="$seen xmllint"
fi
if have rsvg-convert; then
	for picture in timeline graph; do
		rsvg-convert "$TMP/$picture.svg" -o "$TMP/$picture.png"
		[ "$(wc -c <"$TMP/$picture.png")" -gt 3000 ] || { echo "$picture: empty"; exit 1; }
	done
	seen="$seen rsvg-convert"
fi
if have dot; then
	dot -Tsvg "$TMP/graph.dot" | grep -q '>hold<' || { echo "dot: no job hold"; exit 1; }
	seen="$seen graphviz"
fi
if have chromium; then
	# Behind a proxy that is not there: neither the page nor the browser's own services reach
	# anything. The log says what the page asked for.
	browse() {
		timeout 60 chromium --headless --no-sandbox --disable-gpu --no-first-run \
			--proxy-server=http://127.0.0.1:9 --disable-background-networking \
			--disable-component-update --disable-sync --user-data-dir="$TMP/profile" \
			--window-size=1200,900 --log-net-log="$TMP/net.json" "$@" 2>/dev/null
	}
	asked() { grep -oE 'site=file://[^}]*\}","url":"https?://[^"]*' "$TMP/net.json"; }
	echo '<img src="http://picture.example/x.png">' >"$TMP/asks.html"
	browse --dump-dom "file://$TMP/asks.html" >/dev/null
	asked >/dev/null || { echo "chromium: its log does not show what pages ask for"; exit 1; }
	browse --dump-dom "file://$TMP/timeline.html" >"$TMP/dom"
	if asked; then
		echo "chromium: the page asked for this"
		exit 1
	fi
	for text in '<h1>Simulation of' '<td>test-1.22</td>' '<rect class="hold"' '</svg>'; do
		grep -qF -- "$text" "$TMP/dom" || { echo "chromium: the page lacks $text"; exit 1; }
	done
	browse --screenshot="$TMP/page.png" "file://$TMP/timeline.html" >/dev/null
	[ "$(wc -c <"$TMP/page.png")" -gt 10000 ] || { echo "chromium: an empty page"; exit 1; }
	seen="$seen chromium"
fi
echo "drawings:${seen:- skipped, no program here that shows them}"
