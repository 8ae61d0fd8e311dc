/* SPDX-License-Identifier: MIT */
/*
 * What the lock says of a config's orbs, compared with what they are. Without --frozen a source
 * that changed is a warning, and what the lock does not know is none of its business.
 */
#include "ccx/compile.h"

#include "internal.h"

static void
mismatch(struct compile *c, struct diag *g)
{
	if (!c->options->orbs->lock->frozen)
		diag_demote(c->diags, g, SEVERITY_WARNING);
	diag_help(c->diags, g, "if that is meant to be, `ccx orb lock` writes the lock anew");
}

void
lock_compare(struct compile *c, const struct compiled_orb *orb)
{
	const struct orb_lock *lock = c->options->orbs->lock;
	struct str ref = orb->ref.text;
	if (!lock || map_has(&c->locked, ref))
		return;
	map_put(c->a, &c->locked, ref, c);
	const struct orb_lock_entry *e = orb_lock_find(lock, ref);
	if (!e && lock->frozen)
		mismatch(c,
			diag_push(c->diags, RULE_LOCK_MISMATCH, orb->span,
				"the orb %.*s is not in %.*s", STR_ARG(ref), STR_ARG(lock->path)));
	if (!e)
		return;
	struct str hash = sha256_hex(c->a, orb->text);
	if (str_eq(hash, e->sha256))
		return;
	struct diag *g = diag_push(c->diags, RULE_LOCK_MISMATCH, orb->span,
		"the source of %.*s is not the one that was locked", STR_ARG(ref));
	mismatch(c, g);
	diag_note(c->diags, g, (struct span){0}, "%.*s has the SHA-256 %.*s", STR_ARG(orb->origin),
		STR_ARG(hash));
	diag_note(c->diags, g, (struct span){0}, "%.*s says %.*s", STR_ARG(lock->path),
		STR_ARG(e->sha256));
}

/* Nobody can tell when the lock is that of several configs, or of another one beside it. */
static bool
is_its_only_config(const struct compile *c, const struct orb_lock *lock)
{
	const struct source *own = source_of(c->sources, c->file);
	if (!own || lock->configs.n != 1)
		return false;
	struct str path = own->path, name = lock->configs.v[0];
	return str_ends(path, name) &&
	       (path.len == name.len || path.s[path.len - name.len - 1] == '/');
}

void
lock_stale(struct compile *c)
{
	const struct orb_lock *lock = c->options->orbs ? c->options->orbs->lock : NULL;
	if (!lock || !lock->frozen || c->orbs_missing || !is_its_only_config(c, lock))
		return;
	const struct source *source = source_of(c->sources, lock->file);
	bool shown = source && str_eq(source->path, lock->path);
	for (uint32_t i = 0; i < lock->index.n; i++) {
		const struct orb_lock_entry *e = lock->index.v[i].value;
		if (map_has(&c->locked, e->ref))
			continue;
		mismatch(c,
			diag_push(c->diags, RULE_LOCK_MISMATCH, shown ? e->span : (struct span){0},
				"%.*s has %.*s, which nothing imports", STR_ARG(lock->path),
				STR_ARG(e->ref)));
	}
}
