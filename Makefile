# `make help` lists the targets; `make check` is the whole of the tests.

PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CC      ?= cc
CFLAGS  ?= -O2 -g

VERSION := 0.1.0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Werror
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -DCCX_VERSION='"$(VERSION)"' -Iinclude
ALL_CFLAGS = -std=c11 $(WARN) $(CPPFLAGS) $(CFLAGS)
LDLIBS = -lyaml -lpcre2-8

# Rooms in the order in which they may use each other: one header each in include/ccx/.
ROOMS := base diag yaml expr catalog config orb compile report cli

# Tables generated from schema/: NAME.json, read by gen_NAME.c, becomes NAME.c of the catalog.
TABLES := config steps values

objs_of = $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c)) \
	$(if $(filter catalog,$(1)),$(TABLES:%=$(BUILD)/catalog/%.o))
rooms_upto = $(if $(filter $(1),$(firstword $(2))),$(1),$(firstword $(2)) \
	$(call rooms_upto,$(1),$(wordlist 2,99,$(2))))
objs_upto = $(foreach r,$(call rooms_upto,$(1),$(ROOMS)),$(call objs_of,$(r)))
LIB_OBJS := $(call objs_upto,report)
UNIT_TESTS := $(patsubst tests/test_%.c,%,$(wildcard tests/test_*.c))

.PHONY: all help unit
all: ccx ## build ./ccx

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

ccx: $(call objs_of,cli) $(LIB_OBJS)
	@echo "  LD    $@"
	@$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Memory is base's business: everywhere else the compiler refuses malloc and its kin.
$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) $(if $(filter src/base/%,$<),,-include src/base/poison.h) -MMD -MP -c -o $@ $<

$(BUILD)/schema/gen_%: schema/gen_%.c $(wildcard schema/gen.*)
	@mkdir -p $(@D)
	@echo "  HOST  $<"
	@$(CC) $(ALL_CFLAGS) -o $@ $(filter %.c,$^) -ljansson

$(BUILD)/catalog/%.c: schema/%.json $(BUILD)/schema/gen_%
	@mkdir -p $(@D)
	@echo "  GEN   $@"
	@$(BUILD)/schema/gen_$* $< >$@.new && mv $@.new $@

$(BUILD)/catalog/%.o: $(BUILD)/catalog/%.c
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

unit: $(UNIT_TESTS:%=unit-%) ## unit tests, one program a room

# tests/test_ROOM.c and tests/test_ROOM_SUBJECT.c are linked with ROOM and the rooms above it.
unit-%: $(BUILD)/tests/test_%
	@$<

.SECONDEXPANSION:
$(BUILD)/tests/test_%: tests/test_%.c $$(call objs_upto,$$(firstword $$(subst _, ,$$*)))
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^) $(LDLIBS) -lcmocka

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
