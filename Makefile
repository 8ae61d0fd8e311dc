# `make help` lists the targets; `make check` is the whole of the tests.

PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CC      ?= cc
CFLAGS  ?= -O2 -g

VERSION := 0.1.0
DATE := November 21, 2026

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Werror
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -DCCX_VERSION='"$(VERSION)"' -DCCX_DATE='"$(DATE)"' \
	-Iinclude
ALL_CFLAGS = -std=c11 $(WARN) $(CPPFLAGS) $(CFLAGS)
# Libraries are linked in where their archives are there (not with LINK=dynamic): a process that
# loads none starts sooner, which is most of what a small config takes.
LIBRARIES := -lyaml -lpcre2-8 -ljansson -lexpat
ARCHIVES := $(foreach l,$(LIBRARIES:-l%=lib%.a),$(findstring /,$(shell $(CC) -print-file-name=$(l))))
LINK ?= $(if $(filter $(words $(LIBRARIES)),$(words $(ARCHIVES))),static,dynamic)
LDLIBS = $(if $(filter static,$(LINK)),-Wl$(comma)-Bstatic $(LIBRARIES) -Wl$(comma)-Bdynamic,$(LIBRARIES)) \
	-ldl -pthread
comma := ,

# Rooms in the order in which they may use each other: one header each in include/ccx/.
ROOMS := base diag yaml expr catalog config orb compile check plan timings sim cost report cli

# Tables generated from schema/: NAME.json, read by gen_NAME.c, becomes NAME.c of the catalog.
TABLES := assumptions classes config images plans sources steps values

objs_of = $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c)) \
	$(if $(filter catalog,$(1)),$(patsubst %,$(BUILD)/catalog/%.o,$(TABLES) rules schema templates))
rooms_upto = $(if $(filter $(1),$(firstword $(2))),$(1),$(firstword $(2)) \
	$(call rooms_upto,$(1),$(wordlist 2,99,$(2))))
objs_upto = $(foreach r,$(call rooms_upto,$(1),$(ROOMS)),$(call objs_of,$(r)))
LIB_OBJS := $(call objs_upto,report)
UNIT_TESTS := $(patsubst tests/test_%.c,%,$(wildcard tests/test_*.c))

# Whatever runs ccx here needs no network, and must not depend on one.
export CCX_OFFLINE := 1

# The scorers and their data lie beside the checkout, where there are any.
SCORERS ?= ../shared/tools
FUZZ_SECONDS ?= 60
SAN := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: all help prepare demo check unit hostile fixtures rule-examples clients check-style \
	check-generated registry generated golden corpus sanitize fuzz bench format install clean
all: ccx ## build ./ccx

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24
	@echo "variables: BUILD PREFIX DESTDIR CC CFLAGS, UPDATE=1 (fixtures), FUZZ_SECONDS"

# Installs what the build lacks, where that is allowed; quick when nothing is missing.
prepare:
	@CC="$(CC)" tests/prepare.sh

demo: prepare ## compile the demo config and show the result
	@$(MAKE) --no-print-directory ccx
	@tests/demo/run.sh ./ccx

ccx: $(call objs_of,cli) $(LIB_OBJS)
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Memory is base's business: everywhere else the compiler refuses malloc and its kin.
$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) $(if $(filter src/base/%,$<),,-include src/base/poison.h) -MMD -MP -c -o $@ $<

$(BUILD)/schema/gen_%: schema/gen_%.c $(wildcard schema/gen.* schema/dated.*)
	@mkdir -p $(@D)
	@echo "  HOST  $<"
	@$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^) -ljansson

$(BUILD)/catalog/%.c: schema/%.json $(BUILD)/schema/gen_%
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$(BUILD)/schema/gen_$* $< >$@.new && mv $@.new $@

RULE_DOCS := $(wildcard schema/rules/*.md)
$(BUILD)/catalog/rules.c: $(RULE_DOCS) $(BUILD)/schema/gen_texts
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$(BUILD)/schema/gen_texts rule_doc catalog_rule_docs schema/rules/ .md $(RULE_DOCS) >$@.new
	@mv $@.new $@

TEMPLATES := $(shell find schema/templates/orb -type f)
$(BUILD)/catalog/templates.c: $(TEMPLATES) $(BUILD)/schema/gen_texts
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$(BUILD)/schema/gen_texts template_file catalog_orb_files schema/templates/orb/ "" \
		$(TEMPLATES) >$@.new
	@mv $@.new $@

$(BUILD)/catalog/schema.c: schema/config.json $(BUILD)/schema/gen_schema
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$(BUILD)/schema/gen_schema $< >$@.new && mv $@.new $@

$(BUILD)/catalog/%.o: $(BUILD)/catalog/%.c
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

unit: $(UNIT_TESTS:%=unit-%) ## unit tests, one program a room

# tests/test_ROOM.c and tests/test_ROOM_SUBJECT.c are linked with ROOM and the rooms above it.
unit-%: $(BUILD)/tests/test_%
	@$<

# ---- tests ---------------------------------------------------------------------------------

check: prepare ## all tests: units, fixtures, generated files, style
	@$(MAKE) --no-print-directory ccx unit check-style check-generated
	@tests/hostile/run.sh --unlimited ./ccx
	@$(MAKE) --no-print-directory fixtures rule-examples clients registry

fixtures: ccx $(BUILD)/tests/run ## tests/fixtures against ./ccx; UPDATE=1 rewrites them
	@$(BUILD)/tests/run $(if $(UPDATE),-u) ./ccx tests/fixtures

$(BUILD)/tests/run: tests/run.c $(call objs_of,base)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^)

rule-examples: ccx $(BUILD)/tests/rules ## the examples in schema/rules against ./ccx
	@$(BUILD)/tests/rules ./ccx schema/rules

$(BUILD)/tests/rules: tests/rules.c $(call objs_upto,diag)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^)

clients: ccx $(BUILD)/tests/schema_verdict ## run ccx from vim, pre-commit and others that are here
	@VERDICT=$(abspath $(BUILD)/tests/schema_verdict) CORPUS=$(dir $(SCORERS))corpus \
		tests/clients/run.sh ./ccx

$(BUILD)/tests/schema_verdict: tests/clients/schema_verdict.c $(call objs_upto,config)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^) $(LDLIBS)

registry: ccx $(BUILD)/tests/registry-server ## the registry's client, against servers of our own
	@tests/registry/all.sh "$(CURDIR)/ccx" "$(abspath $(BUILD))/tests/registry-server"

$(BUILD)/tests/registry-server: tests/registry/server.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -o $@ $< -ljansson

check-style: ## the rules of the house that a script can see
	@tests/style.sh

# Man page and completions are written by ccx from its option tables and committed.
GENERATED := man/ccx.1 completions/ccx.bash completions/_ccx completions/ccx.fish \
	man/shop-graph.svg man/shop-timeline.svg
SHOP := tests/demo/shop/config.yml --branch main --timings tests/demo/shop/timings.csv \
	--scenario tests/demo/shop/scenario.yml
# $(call make_generated,FOLDER): all of them, below that folder.
make_generated = mkdir -p $(1)/man $(1)/completions && \
	./ccx simulate $(SHOP) --format gantt --ascii | sed "s/^[.']/\\\\\&&/" >$(1)/timeline && \
	./ccx __dump man | sed -e '/^@timeline@$$/{' -e 'r $(1)/timeline' -e 'd' -e '}' >$(1)/man/ccx.1 && \
	rm $(1)/timeline && \
	./ccx __dump bash >$(1)/completions/ccx.bash && \
	./ccx __dump zsh >$(1)/completions/_ccx && \
	./ccx __dump fish >$(1)/completions/ccx.fish && \
	./ccx graph $(SHOP) --format svg -o $(1)/man/shop-graph.svg && \
	./ccx simulate $(SHOP) --format svg -o $(1)/man/shop-timeline.svg

generated: ccx ## rewrite the man page, the completions and the pictures
	@$(call make_generated,.)

check-generated: ccx
	@$(call make_generated,$(BUILD)/generated)
	@for file in $(GENERATED); do diff -u $$file $(BUILD)/generated/$$file || \
		{ echo "$$file: not as ccx writes it; make generated" >&2; exit 1; }; done

hostile: ccx ## hostile input, each within a second and 512 MB
	@tests/hostile/run.sh ./ccx

golden: ccx ## compare with what the official compiler printed
	@if [ -f $(SCORERS)/golden.py ]; then \
		python3 $(SCORERS)/golden.py --ccx ./ccx --min-tree 0.96 --min-exact 0.93; \
	else echo "golden: skipped, no $(SCORERS)/golden.py here"; fi

corpus: ccx ## run over configs from the wild
	@if [ -f $(SCORERS)/corpus.py ]; then \
		python3 $(SCORERS)/corpus.py --ccx ./ccx --max-false 6 --min-caught 0.95; \
	else echo "corpus: skipped, no $(SCORERS)/corpus.py here"; fi

sanitize: ## units and fixtures under ASan and UBSan
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/sanitize CFLAGS="-O1 -g $(SAN)" sanitized

.PHONY: sanitized
sanitized: unit $(BUILD)/ccx $(BUILD)/tests/run
	@$(BUILD)/tests/run $(BUILD)/ccx tests/fixtures

$(BUILD)/ccx: $(call objs_of,cli) $(LIB_OBJS)
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: ## each fuzz target for FUZZ_SECONDS (needs clang)
	@command -v clang >/dev/null || { echo "fuzz: needs clang" >&2; exit 1; }
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang \
		CFLAGS="-O1 -g -fsanitize=fuzzer-no-link,address,undefined" fuzzed

.PHONY: fuzzed
fuzzed: $(FUZZERS:%=$(BUILD)/%)
	@tests/fuzz/run.sh $(BUILD) $(FUZZ_SECONDS) $(FUZZERS)

$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(LIB_OBJS)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -MMD -MP -o $@ $< $(filter %.o,$^) $(LDLIBS)

bench: ccx ## how fast it is
	@tests/bench/run.sh ./ccx

# ---- the rest ------------------------------------------------------------------------------

format: ## clang-format over the sources
	@clang-format -i $(wildcard src/*/*.[ch] tests/*.[ch] tests/fuzz/*.c schema/*.c)

install: ccx ## into PREFIX, below DESTDIR
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -m 755 ccx $(DESTDIR)$(PREFIX)/bin/ccx
	install -m 644 man/ccx.1 $(DESTDIR)$(PREFIX)/share/man/man1/ccx.1
	install -d $(DESTDIR)$(PREFIX)/share/ccx $(DESTDIR)$(PREFIX)/share/doc/ccx
	install -m 644 man/shop-graph.svg man/shop-timeline.svg $(DESTDIR)$(PREFIX)/share/doc/ccx
	install -m 644 schema/config.json $(DESTDIR)$(PREFIX)/share/ccx/config.json
	install -m 644 completions/ccx.bash \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ccx
	install -m 644 completions/_ccx $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ccx
	install -m 644 completions/ccx.fish \
		$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ccx.fish

clean: ## remove what was built
	rm -rf $(BUILD) ccx

# Random cases for the simulator, and what must come of them: of two tests.
SIM_CASES := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/sim_*.c))
$(BUILD)/tests/test_cost_property $(BUILD)/tests/test_report_repeat: $(SIM_CASES)
$(BUILD)/tests/sim_%.o: tests/sim_%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Reports are read back by a JSON parser that is not ours.
$(BUILD)/tests/test_report_%: LDLIBS += -ljansson

.SECONDEXPANSION:
$(BUILD)/tests/test_%: tests/test_%.c $$(call objs_upto,$$(firstword $$(subst _, ,$$*)))
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter-out %/cli/main.o,$(filter %.o,$^)) $(LDLIBS) -lcmocka

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
