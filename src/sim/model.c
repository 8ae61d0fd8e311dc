/* SPDX-License-Identifier: MIT */
/*
 * What is compiled, as the engine plays it: jobs with their machines and steps, workflows as graphs
 * of numbers. Only what runs is in it; nothing is checked, for compile and check have done that.
 */
#include "ccx/sim.h"

struct making {
	struct arena *a;
	const struct compiled *c;
	const struct sim_world *world;
	struct sim_model *model;
	int64_t no_output; /* of a step that says nothing */
};

/* ---- values of nodes --------------------------------------------------------------------- */

static struct str
text_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return node_has(n, NODE_STRING) ? n->u.text : STR("");
}

static bool
is_true(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);
	return node_has(n, NODE_BOOL) && n->u.boolean;
}

/* 3, or "3"; 0 when it is neither. */
static int64_t
number_of(struct arena *a, const struct node *n)
{
	if (node_has(n, NODE_STRING))
		n = node_plain(a, n->u.text, n->span);
	return node_has(n, NODE_INT) && !(n->flags & NODE_BIG) ? n->u.integer : 0;
}

static int64_t
duration_of(struct arena *a, const struct node *map, const char *key, int64_t fallback)
{
	const struct node *n = node_get(map, key);
	int64_t ms;
	return n && sim_duration(node_text(a, n), &ms) ? ms : fallback;
}

/* ---- steps ------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	enum sim_step_kind kind;
} step_kinds[] = {
	{"run", SIM_RUN},
	{"deploy", SIM_RUN},
	{"checkout", SIM_CHECKOUT},
	{"restore_cache", SIM_RESTORE_CACHE},
	{"save_cache", SIM_SAVE_CACHE},
	{"persist_to_workspace", SIM_PERSIST},
	{"attach_workspace", SIM_ATTACH},
	{"setup_remote_docker", SIM_REMOTE_DOCKER},
	{"store_artifacts", SIM_STORE_ARTIFACTS},
	{"store_test_results", SIM_STORE_TEST_RESULTS},
	{"add_ssh_keys", SIM_ADD_SSH_KEYS},
};

static enum sim_step_kind
step_kind(struct str type)
{
	for (size_t i = 0; i < sizeof step_kinds / sizeof *step_kinds; i++)
		if (str_is(type, step_kinds[i].name))
			return step_kinds[i].kind;
	return SIM_OTHER_STEP;
}

/* The first line of a command that is not blank. */
static struct str
first_line(struct str command)
{
	command = str_trim(command);
	return str_trim(str_sub(command, 0, str_find(command, STR("\n"), 0)));
}

static struct str
step_name(const struct sim_step *s, struct str type)
{
	struct str name = text_of(s->args, "name"), command = text_of(s->args, "command");
	if (name.len)
		return name;
	if (s->kind != SIM_RUN)
		return type;
	if (node_has(s->args, NODE_STRING))
		command = s->args->u.text;
	command = first_line(command);
	return command.len ? command : type;
}

/* Results and artifacts are kept of a step that failed too, unless the config says otherwise. */
static enum sim_when
step_when(const struct sim_step *s)
{
	struct str when = text_of(s->args, "when");
	if (str_is(when, "always"))
		return SIM_ALWAYS;
	if (str_is(when, "on_fail"))
		return SIM_ON_FAIL;
	bool kept = s->kind == SIM_STORE_ARTIFACTS || s->kind == SIM_STORE_TEST_RESULTS;
	return kept && !when.len ? SIM_ALWAYS : SIM_ON_SUCCESS;
}

/*
 * - checkout
 * - run: {name: Test, command: make test, when: always, no_output_timeout: 20m}
 */
static void
make_step(const struct making *m, const struct compiled_step *from, struct sim_step *s)
{
	const struct node *key = from->node, *n;
	if (key->kind == NODE_MAP && key->count) {
		s->args = key->u.pairs[0].value;
		key = key->u.pairs[0].key;
	}
	struct str type = node_text(m->a, key);
	s->kind = step_kind(type);
	s->span = from->node->span;
	s->origin = from->origin;
	s->name = step_name(s, type);
	s->when = step_when(s);
	s->background = s->kind == SIM_RUN && is_true(s->args, "background");
	s->no_output = duration_of(m->a, s->args, "no_output_timeout", m->no_output);
	s->rerun_delay = duration_of(m->a, s->args, "auto_rerun_delay", 0);
	n = node_get(s->args, "max_auto_reruns");
	int64_t reruns = number_of(m->a, n), most = catalog_limit(STR("auto-reruns"))->amount;
	s->reruns = reruns <= 0 ? 0 : (unsigned)(reruns < most ? reruns : most);
}

/* ---- machines ---------------------------------------------------------------------------- */

static const struct executor_info *
executor_called(const char *name)
{
	size_t n;
	const struct executor_info *all = catalog_executors(&n);
	for (size_t i = 0; i < n; i++)
		if (str_is(str_of(all[i].name), name))
			return &all[i];
	return NULL;
}

/* What a machine is when its class does not say: its image does.
 *
 *     machine: {image: windows-server-2022-gui:current} */
static const char *
machine_name(const struct node *machine)
{
	struct str name = text_of(machine, "image");
	const struct image *image = catalog_image(IMAGE_MACHINE, name);
	unsigned groups = image ? image->groups : 0;
	if (groups & GROUP_WINDOWS_GPU)
		return "windows-gpu";
	if (groups & GROUP_WINDOWS || str_starts(name, STR("windows")))
		return "windows";
	return groups & GROUP_LINUX_GPU ? "gpu" : "linux";
}

/* The key of the executor in the job, whose value is *body; NULL when there is none. */
static const char *
executor_key(const struct node *job, const struct node **body, enum executor_kind *kind)
{
	static const char *const keys[] = {[EXECUTOR_DOCKER] = "docker",
		[EXECUTOR_MACHINE] = "machine",
		[EXECUTOR_MACOS] = "macos"};
	for (int i = EXECUTOR_DOCKER; i <= EXECUTOR_MACOS; i++) {
		*body = node_get(job, keys[i]);
		*kind = (enum executor_kind)i;
		if (*body)
			return keys[i];
	}
	return NULL;
}

static void
make_class(const struct making *m, const struct node *written, struct sim_job *j, const char *name)
{
	if (written) {
		j->class_name = node_text(m->a, written);
		j->class_span = written->span;
		j->runner = runner_form(j->class_name) != RUNNER_NONE;
	}
	if (j->runner) {
		j->executor = executor_called("runner");
		return;
	}
	j->class = written ? catalog_class(j->kind, j->class_name, m->world->as_of)
			   : catalog_default_class(str_of(name), m->world->as_of);
	if (j->class && !written)
		j->class_name = str_of(j->class->name);
	j->executor = j->class ? j->class->executor : executor_called(name);
}

/* docker_layer_caching: true, of a machine, a job or setup_remote_docker */
static void
note_layers(struct sim_job *j, const struct node *map)
{
	if (j->dlc || !is_true(map, "docker_layer_caching"))
		return;
	j->dlc = true;
	j->dlc_span = node_get(map, "docker_layer_caching")->span;
}

/*
 * docker: [{image: cimg/go:1.22}]
 * resource_class: large
 * parallelism: 4
 */
static void
make_machine(const struct making *m, const struct node *job, struct sim_job *j)
{
	const struct node *body = NULL, *class, *n;
	const char *name = executor_key(job, &body, &j->kind);
	if (name && j->kind == EXECUTOR_MACHINE)
		name = machine_name(body);
	class = node_get(job, "resource_class");
	if (!class)
		class = node_get(body, "resource_class");
	if (name)
		make_class(m, class, j, name);
	note_layers(j, body);
	note_layers(j, job);
	j->ip_ranges = is_true(job, "circleci_ip_ranges");
	j->parallelism = 1;
	if ((n = node_get(job, "parallelism"))) {
		int64_t tasks = number_of(m->a, n);
		j->parallelism_span = n->span;
		if (tasks > 1)
			j->parallelism = tasks < UINT32_MAX ? (uint32_t)tasks : UINT32_MAX;
	}
}

/* Remote Docker is a machine beside the job; its class follows from the job's. */
static void
note_remote_docker(const struct making *m, struct sim_job *j, const struct sim_step *s)
{
	const char *host = j->class ? j->class->remote_docker : NULL;
	j->remote_docker = true;
	note_layers(j, s->args);
	if (host && *host)
		j->host = catalog_class(EXECUTOR_MACHINE, str_of(host), m->world->as_of);
}

static void
make_job(const struct making *m, const struct compiled_job *from, struct sim_job *j)
{
	j->name = from->name;
	j->span = from->node->span;
	make_machine(m, from->node, j);
	j->nsteps = from->nsteps;
	j->steps = NEW_ARRAY(m->a, struct sim_step, from->nsteps + 1);
	for (uint32_t i = 0; i < from->nsteps; i++) {
		make_step(m, &from->steps[i], &j->steps[i]);
		if (j->steps[i].kind == SIM_REMOTE_DOCKER)
			note_remote_docker(m, j, &j->steps[i]);
	}
}

/* ---- graphs ------------------------------------------------------------------------------ */

/* Whatever has a type of its own and is none of these (release) runs elsewhere. */
static enum sim_node_kind
node_kind_of(const struct compiled_entry *e)
{
	struct str type = str_of(e->type);
	if (!type.len || str_is(type, "build"))
		return e->job ? SIM_JOB : SIM_NO_OP;
	if (str_is(type, "approval"))
		return SIM_APPROVAL;
	if (str_is(type, "lock"))
		return SIM_LOCK;
	return str_is(type, "unlock") ? SIM_UNLOCK : SIM_NO_OP;
}

static void
make_node(const struct making *m, const struct compiled_entry *e, const uint32_t *numbers,
	struct sim_node *n)
{
	n->name = e->name;
	n->group = e->group;
	n->span = e->span;
	n->kind = node_kind_of(e);
	if (n->kind == SIM_JOB) {
		n->job = &m->model->jobs[e->job - m->c->jobs];
		const struct node *serial = node_get(e->entry, "serial-group");
		n->serial = serial ? node_text(m->a, serial) : STR("");
	} else if (e->job && (n->kind == SIM_LOCK || n->kind == SIM_UNLOCK)) {
		const struct node *key = node_get(e->job->node, "key");
		n->serial = key ? node_text(m->a, key) : STR("");
	}
	n->requires = NEW_ARRAY(m->a, struct sim_edge, e->nrequires + 1);
	for (uint32_t i = 0; i < e->nrequires; i++) {
		uint32_t from = numbers[e->requires[i].from];
		if (from != UINT32_MAX)
		n->requires[n->nrequires++] = (struct sim_edge){from, e->requires[i].accepts};
	}
}

/* The nodes in an order in which each stands behind what it requires: those that wait for nothing
 * first, as they stand in the config. Requirements have no cycles. */
static void
make_order(struct arena *a, struct sim_workflow *w)
{
	uint32_t *waits = NEW_ARRAY(a, uint32_t, w->nnodes + 1), edges = 0, n = 0;
	uint32_t *first = NEW_ARRAY(a, uint32_t, w->nnodes + 2);
	for (uint32_t i = 0; i < w->nnodes; i++) {
		waits[i] = w->nodes[i].nrequires;
		edges += waits[i];
		for (uint32_t k = 0; k < waits[i]; k++)
			first[w->nodes[i].requires[k].from + 2]++;
	}
	for (uint32_t i = 2; i <= w->nnodes; i++)
		first[i] += first[i - 1];
	uint32_t *next = NEW_ARRAY(a, uint32_t, edges + 1);
	for (uint32_t i = 0; i < w->nnodes; i++)
		for (uint32_t k = 0; k < w->nodes[i].nrequires; k++)
			next[first[w->nodes[i].requires[k].from + 1]++] = i;
	w->order = NEW_ARRAY(a, uint32_t, w->nnodes + 1);
	for (uint32_t i = 0; i < w->nnodes; i++)
		if (!waits[i])
			w->order[n++] = i;
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = first[w->order[i]]; k < first[w->order[i] + 1]; k++)
			if (!--waits[next[k]])
				w->order[n++] = next[k];
}

/* max_auto_reruns: 2 */
static unsigned
workflow_reruns(const struct making *m, const struct compiled_workflow *from)
{
	const struct node *map = node_find(node_get(m->c->config, "workflows"), from->name);
	int64_t n = number_of(m->a, node_get(map, "max_auto_reruns"));
	int64_t most = catalog_limit(STR("auto-reruns"))->amount;
	return n <= 0 ? 0 : (unsigned)(n < most ? n : most);
}

static void
make_workflow(const struct making *m, const struct compiled_workflow *from, struct sim_workflow *w)
{
	uint32_t *numbers = NEW_ARRAY(m->a, uint32_t, from->nentries + 1);
	w->name = from->name;
	w->span = from->span;
	w->triggers = node_get(from->node, "triggers");
	w->reruns = workflow_reruns(m, from);
	for (uint32_t i = 0; i < from->nentries; i++)
		numbers[i] = from->entries[i].absence == PRESENT ? w->nnodes++ : UINT32_MAX;
	w->nodes = NEW_ARRAY(m->a, struct sim_node, w->nnodes + 1);
	for (uint32_t i = 0; i < from->nentries; i++)
		if (numbers[i] != UINT32_MAX)
			make_node(m, &from->entries[i], numbers, &w->nodes[numbers[i]]);
	make_order(m->a, w);
}

struct sim_model *
sim_model(struct arena *a, const struct compiled *c, const struct sim_world *world)
{
	struct sim_model *model = NEW(a, struct sim_model);
	struct making m = {a, c, world, model, 0};
	m.no_output = catalog_limit(STR("no-output-minutes"))->amount * MINUTE_MS;
	model->jobs = NEW_ARRAY(a, struct sim_job, c->njobs + 1);
	model->njobs = c->njobs;
	for (uint32_t i = 0; i < c->njobs; i++)
		make_job(&m, &c->jobs[i], &model->jobs[i]);
	model->workflows = NEW_ARRAY(a, struct sim_workflow, c->nworkflows + 1);
	for (uint32_t i = 0; i < c->nworkflows; i++)
		if (c->workflows[i].absence == PRESENT)
			make_workflow(&m, &c->workflows[i], &model->workflows[model->nworkflows++]);
	return model;
}

/* circleci tests split --split-by=timings    circleci tests run --split-by=name …
 * ./run.sh $CIRCLE_NODE_INDEX */
bool
sim_splits_tests(const struct sim_step *step)
{
	const struct node *command = step->args;
	if (node_has(command, NODE_MAP))
		command = node_get(command, "command");
	if (step->kind != SIM_RUN || !node_has(command, NODE_STRING))
		return false;
	struct str text = command->u.text;
	return str_has(text, STR("tests split")) || str_has(text, STR("--split-by")) ||
	       str_has(text, STR("CIRCLE_NODE_INDEX"));
}
