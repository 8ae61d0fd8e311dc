/* SPDX-License-Identifier: MIT */
/*
 * Where compiled text came from:
 *
 *     build                    .circleci/config.yml:41:9
 *       1 checkout             .circleci/config.yml:12:9
 *       2 run npm ci           node.yml:8:11
 *           command "node/install" called at .circleci/config.yml:13:9
 */
#include "ccx/compile.h"

#include "internal.h"

static void
print_place(struct sb *out, struct sources *s, struct span span)
{
	const struct source *f = source_of(s, span.file);
	if (!f) {
		sb_puts(out, "made by the compiler");
		return;
	}
	struct place p = source_place(s, span.file, span.off);
	sb_printf(out, "%.*s:%u:%u", STR_ARG(f->path), p.line, p.column);
}

/* The calls between a step and its job, innermost first. */
static void
print_calls(struct sb *out, struct sources *s, const struct origin *o)
{
	for (; o && o->kind == ORIGIN_COMMAND; o = o->up) {
		sb_printf(out, "        command \"%.*s\" called at ", STR_ARG(o->name));
		print_place(out, s, o->use);
		sb_char(out, '\n');
	}
}

/* "run npm ci": what the step is, and the first line of what it says. */
static struct str
step_title(struct arena *a, const struct node *step)
{
	if (step->kind != NODE_MAP || step->count == 0)
		return node_text(a, step);
	struct str name = node_text(a, step->u.pairs[0].key);
	const struct node *body = step->u.pairs[0].value;
	const struct node *said = node_get(body, "name");
	said = node_has(said, NODE_STRING) ? said : node_get(body, "command");
	if (!node_has(said, NODE_STRING))
		return name;
	size_t end = str_find(said->u.text, STR("\n"), 0);
	struct str line = str_sub(said->u.text, 0, end == SIZE_MAX ? said->u.text.len : end);
	return str_printf(a, "%.*s: %.*s", STR_ARG(name), STR_ARG(line));
}

void
compiled_trace(struct sb *out, const struct compiled *c, struct sources *s)
{
	for (uint32_t i = 0; i < c->njobs; i++) {
		const struct compiled_job *job = &c->jobs[i];
		sb_printf(out, "%.*s\n", STR_ARG(job->name));
		for (const struct origin *o = job->origin; o; o = o->up) {
			bool workflow = o->kind == ORIGIN_WORKFLOW;
			sb_printf(out, "  %s \"%.*s\" %s ", workflow ? "workflow" : "job",
				STR_ARG(o->name), workflow ? "at" : "invoked at");
			print_place(out, s, o->use);
			if (!workflow) {
				sb_puts(out, ", defined at ");
				print_place(out, s, o->def);
			}
			sb_char(out, '\n');
		}
		for (uint32_t k = 0; k < job->nsteps; k++) {
			const struct compiled_step *step = &job->steps[k];
			struct str title = step_title(s->a, step->node);
			sb_printf(out, "  %3u %-48.*s ", k + 1, STR_ARG(title));
			print_place(out, s, step->node->span);
			sb_char(out, '\n');
			print_calls(out, s, step->origin);
		}
	}
}
