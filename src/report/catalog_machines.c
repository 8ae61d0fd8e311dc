/* SPDX-License-Identifier: MIT */
/* The catalogue's tables of what jobs run on, and what that costs. */
#include "catalog.h"

#include <string.h>

static const char *const kinds[] = {"docker", "machine", "macos"};
static const char *const image_kinds[] = {"docker", "machine", "remote-docker", "xcode"};
static const char *const groups[] = {"linux", "linux-gen2", "linux-gpu", "windows", "windows-gpu"};

/* ---- executors --------------------------------------------------------------------------- */

static struct cell
start_cell(struct arena *a, const struct executor_info *e)
{
	if (e->start_min < 0)
		return (struct cell){STR("unknown"), NULL};
	if (e->start_min == e->start_max)
		return (struct cell){str_printf(a, "%d s", e->start_min), NULL};
	return (struct cell){str_printf(a, "%d-%d s", e->start_min, e->start_max), NULL};
}

void
fill_executors(struct answer *answer)
{
	static const struct column columns[] = {{"EXECUTOR", "name", false}, {"KEY", "key", false},
		{"RUNS IN", "isolation", false}, {"START", NULL, true},
		{NULL, "start_seconds_min", true}, {NULL, "start_seconds_max", true},
		{"DEFAULT CLASS", "default_class", false}, {NULL, "targets", false},
		{NULL, "source", false}, {"WHAT", "doc", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "executors", columns, COUNT(columns));
	size_t n;
	const struct executor_info *all = catalog_executors(&n);
	for (size_t i = 0; i < n; i++) {
		const struct executor_info *e = &all[i];
		const struct resource_class *fallback =
			catalog_default_class(str_of(e->name), answer->what->as_of);
		if (!answer_shows(answer, e->targets, &(struct life){0, 0, 0}))
			continue;
		table_add(t, cell_text(a, e->name));
		table_add(t, cell_text(a, kinds[e->kind]));
		table_add(t, cell_text(a, e->isolation));
		table_add(t, start_cell(a, e));
		table_add(t, cell_amount(a, e->start_min));
		table_add(t, cell_amount(a, e->start_max));
		table_add(t, cell_text(a, fallback ? fallback->name : NULL));
		table_add(t, cell_mask(a, e->targets, catalog_target_names, TARGET_COUNT));
		table_add(t, cell_text(a, e->source));
		table_add(t, cell_text(a, e->doc));
	}
}

/* ---- classes ----------------------------------------------------------------------------- */

static bool
class_before(const struct resource_class *x, const struct resource_class *y)
{
	if (x->executor != y->executor)
		return x->executor < y->executor;
	if (x->vcpus != y->vcpus) /* unknown, which is negative, last */
		return x->vcpus >= 0 && (y->vcpus < 0 || x->vcpus < y->vcpus);
	return x < y;
}

/* The classes to show, by executor and size. */
static const struct resource_class **
classes_shown(const struct answer *answer, size_t *count)
{
	size_t n;
	const struct resource_class *all = catalog_classes(&n);
	const struct resource_class **rows = NEW_ARRAY(answer->a, const struct resource_class *, n);
	*count = 0;
	for (size_t i = 0; i < n; i++) {
		if (!answer_shows(answer, all[i].targets, &all[i].life))
			continue;
		size_t at = (*count)++;
		for (; at && class_before(&all[i], rows[at - 1]); at--)
			rows[at] = rows[at - 1];
		rows[at] = &all[i];
	}
	return rows;
}

/* Whether the class went on, from this row's last day, as another row says. */
static bool
superseded(const struct resource_class *class, int as_of)
{
	return life_at(&class->life, as_of) == LIFE_REMOVED &&
	       catalog_class(class->kind, str_of(class->name), as_of) != class;
}

/* default; 1 x Tesla T4, 16 GiB; not on free; deprecated, use gpu.nvidia.small.gen2 */
static struct cell
class_remark(struct arena *a, const struct resource_class *class, int as_of)
{
	struct sb b = {.a = a};
	remark(&b, class->fallback ? "default" : NULL);
	if (class->gpu)
		remark(&b, str_printf(a, "%d x %s", class->gpus, class->gpu).s);
	struct cell without = cell_mask(a, class->not_plans, catalog_plan_names, PLAN_COUNT);
	if (without.shown.len)
		remark(&b, str_printf(a, "not on %.*s", STR_ARG(without.shown)).s);
	if (superseded(class, as_of))
		remark(&b, str_printf(a, "until %s", cell_day(a, class->life.until).shown.s).s);
	else
		remark_life(&b, &class->life, class->replacement, as_of);
	remark(&b, class->note);
	return remark_cell(&b);
}

/* Containers have no disk of a stated size: that is not worth a word in every line. */
static struct cell
disk_cell(struct arena *a, int disk_gb)
{
	return disk_gb < 0 ? cell_text(a, NULL) : cell_scaled(a, disk_gb, 1, " GB");
}

static void
add_class(const struct answer *answer, struct table *t, const struct resource_class *class)
{
	struct arena *a = t->a;
	int as_of = answer->what->as_of;
	table_add(t, cell_text(a, class->executor->name));
	table_add(t, cell_text(a, class->name));
	table_add(t, cell_amount(a, class->vcpus));
	table_add(t, cell_scaled(a, class->ram_mb, 1024, " GB"));
	table_add(t, disk_cell(a, class->disk_gb));
	table_add(t, cell_amount(a, class->gpus));
	table_add(t, cell_text(a, class->gpu));
	table_add(t, cell_scaled(a, class->rate, 1000, ""));
	table_add(t, cell_amount(a, class->estimate));
	table_add(t, cell_mask(a, class->targets, catalog_target_names, TARGET_COUNT));
	table_add(t, cell_mask(a, class->plans, catalog_plan_names, PLAN_COUNT));
	table_add(t, cell_mask(a, class->not_plans, catalog_plan_names, PLAN_COUNT));
	table_add(t, cell_bool(a, class->fallback));
	table_add(t, cell_mask(a, class->groups, groups, COUNT(groups)));
	table_add(t, cell_text(a, class->remote_docker));
	answer_life(t, &class->life,
		superseded(class, as_of) ? "superseded" : answer_state(answer, &class->life));
	table_add(t, cell_text(a, class->replacement));
	table_add(t, cell_text(a, class->note));
	table_add(t, cell_text(a, class->source));
	table_add(t, class_remark(a, class, as_of));
}

void
fill_classes(struct answer *answer)
{
	static const struct column columns[] = {{"EXECUTOR", "executor", false},
		{"CLASS", "name", false}, {"VCPUS", "vcpus", true}, {"RAM", "ram_mb", true},
		{"DISK", "disk_gb", true}, {NULL, "gpus", true}, {NULL, "gpu", false},
		{"CREDITS/MIN", "millicredits_per_minute", true},
		{NULL, "estimated_millicredits_per_minute", true}, {NULL, "targets", false},
		{NULL, "plans", false}, {NULL, "not_plans", false}, {NULL, "default", false},
		{NULL, "image_groups", false}, {NULL, "remote_docker", false}, LIFE_COLUMNS,
		{NULL, "replacement", false}, {NULL, "note", false}, {NULL, "source", false},
		{"REMARKS", NULL, false}};
	struct table *t = answer_table(answer, "classes", columns, COUNT(columns));
	size_t n;
	const struct resource_class **rows = classes_shown(answer, &n);
	for (size_t i = 0; i < n; i++)
		add_class(answer, t, rows[i]);
}

/* ---- images ------------------------------------------------------------------------------ */

static unsigned
image_targets(const struct image *image)
{
	unsigned cloud = 1u << TARGET_CLOUD;
	return image->kind == IMAGE_DOCKER ? cloud | 1u << TARGET_SERVER : cloud;
}

static struct cell
image_remark(struct arena *a, const struct image *image, int as_of)
{
	struct sb b = {.a = a};
	remark_life(&b, &image->life, image->replacement, as_of);
	remark(&b, image->content);
	remark(&b, image->note);
	return remark_cell(&b);
}

void
fill_images(struct answer *answer)
{
	static const struct column columns[] = {{"KIND", "kind", false}, {"IMAGE", "name", false},
		{NULL, "image_groups", false}, {NULL, "content", false}, LIFE_COLUMNS,
		{NULL, "replacement", false}, {NULL, "note", false}, {NULL, "source", false},
		{"REMARKS", NULL, false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "images", columns, COUNT(columns));
	if (answer->what->target == TARGET_SERVER)
		answer->note = "Machine images on server are those of its installation.";
	size_t n;
	const struct image *all = catalog_images(&n);
	for (size_t i = 0; i < n; i++) {
		const struct image *image = &all[i];
		if (!answer_shows(answer, image_targets(image), &image->life))
			continue;
		table_add(t, cell_text(a, image_kinds[image->kind]));
		table_add(t, cell_text(a, image->name));
		table_add(t, cell_mask(a, image->groups, groups, COUNT(groups)));
		table_add(t, cell_text(a, image->content));
		answer_life(t, &image->life, answer_state(answer, &image->life));
		table_add(t, cell_text(a, image->replacement));
		table_add(t, cell_text(a, image->note));
		table_add(t, cell_text(a, image->source));
		table_add(t, image_remark(a, image, answer->what->as_of));
	}
}

/* ---- rates ------------------------------------------------------------------------------- */

static struct cell
date_cell(struct arena *a, const char *source)
{
	const struct catalog_source *s = source ? catalog_source(str_of(source)) : NULL;
	return cell_text(a, s ? s->date : NULL);
}

/* linux/medium: what a file of rates calls it */
static struct cell
rate_name_cell(struct arena *a, const struct resource_class *class)
{
	return cell_text(a, cost_class_name(a, class->kind, str_of(class->name)).s);
}

static void
fill_class_rates(struct answer *answer)
{
	static const struct column columns[] = {{"NAME", "rate", false}, {NULL, "executor", false},
		{NULL, "name", false}, {"CREDITS/MIN", "millicredits_per_minute", true},
		{NULL, "estimated_millicredits_per_minute", true}, {"SOURCE", "source", false},
		{"DATE", "date", false}, {"REMARKS", NULL, false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "classes", columns, COUNT(columns));
	size_t n;
	const struct resource_class **rows = classes_shown(answer, &n);
	for (size_t i = 0; i < n; i++) {
		const struct resource_class *class = rows[i];
		struct sb b = {.a = a};
		if (class->estimate >= 0) {
			struct cell estimate = cell_scaled(a, class->estimate, 1000, "");
			sb_printf(&b, "estimate %.*s", STR_ARG(estimate.shown));
		}
		remark(&b, first_known(class->rate_source, answer->what->as_of));
		table_add(t, rate_name_cell(a, class));
		table_add(t, cell_text(a, class->executor->name));
		table_add(t, cell_text(a, class->name));
		table_add(t, cell_scaled(a, class->rate, 1000, ""));
		table_add(t, cell_amount(a, class->estimate));
		table_add(t, cell_text(a, class->rate_source));
		table_add(t, date_cell(a, class->rate_source));
		table_add(t, remark_cell(&b));
	}
}

/* "420" credits, "$15" */
static struct cell
price_cell(struct arena *a, const struct catalog_price *price)
{
	if (price->dollars < 0)
		return cell_scaled(a, price->credits, 1000, "");
	struct cell cell = cell_scaled(a, price->dollars, 1000000, "");
	cell.shown = str_printf(a, "$%.*s", STR_ARG(cell.shown));
	return cell;
}

/* Micro-dollars of one credit, of the price of a package of them; else AMOUNT_UNKNOWN. */
static int64_t
credit_dollars(const struct catalog_price *price)
{
	const struct plan_term *package = catalog_term(STR("credit-package"));
	bool credits = strcmp(price->name, "credits") == 0 && price->dollars >= 0;
	int64_t size = credits && package ? package->amount[PLAN_PERFORMANCE] : 0;
	return size > 0 ? price->dollars / size : AMOUNT_UNKNOWN;
}

/* "A package, before tax; … $0.0006 a credit." */
static struct cell
price_doc(struct arena *a, const struct catalog_price *price, int as_of)
{
	struct cell cell = cell_text(a, price->doc);
	int64_t each = credit_dollars(price);
	if (each >= 0)
		cell.shown = str_printf(a, "%s $%.*s a credit.", price->doc,
			STR_ARG(cell_scaled(a, each, 1000000, "").shown));
	if (first_known(price->source, as_of))
		cell.shown = str_printf(a, "%.*s First known.", STR_ARG(cell.shown));
	return cell;
}

static void
fill_prices(struct answer *answer)
{
	static const struct column columns[] = {{"ITEM", "name", false}, {"CREDITS", NULL, true},
		{NULL, "millicredits", true}, {NULL, "microdollars", true},
		{NULL, "microdollars_per_credit", true}, {"PER", "per", false},
		{"SOURCE", "source", false}, {"DATE", "date", false}, {"WHAT", "doc", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "prices", columns, COUNT(columns));
	size_t n;
	const struct catalog_price *all = catalog_prices(&n);
	for (size_t i = 0; i < n; i++) {
		const struct catalog_price *price = &all[i];
		if (!answer_shows(answer, 1u << TARGET_CLOUD, &price->life))
			continue;
		table_add(t, cell_text(a, price->name));
		table_add(t, price_cell(a, price));
		table_add(t, cell_amount(a, price->credits));
		table_add(t, cell_amount(a, price->dollars));
		table_add(t, cell_amount(a, credit_dollars(price)));
		table_add(t, cell_text(a, price->per));
		table_add(t, cell_text(a, price->source));
		table_add(t, date_cell(a, price->source));
		table_add(t, price_doc(a, price, answer->what->as_of));
	}
}

/* Whether a table before the last one names the source. */
static bool
is_cited(const struct answer *answer, const char *source)
{
	for (uint32_t i = 0; i + 1 < answer->n; i++) {
		const struct table *t = &answer->tables[i];
		uint32_t c = 0;
		while (!t->columns[c].key || strcmp(t->columns[c].key, "source") != 0)
			c++;
		for (; c < t->cells.n; c += t->ncolumns)
			if (str_is(t->cells.v[c].shown, source))
				return true;
	}
	return false;
}

static void
fill_sources(struct answer *answer)
{
	static const struct column columns[] = {{"SOURCE", "id", false}, {"DATE", "date", false},
		{"OFFICIAL", "official", false}, {NULL, "url", false}, {"WHAT", "title", false}};
	struct arena *a = answer->a;
	struct table *t = answer_table(answer, "sources", columns, COUNT(columns));
	size_t n;
	const struct catalog_source *all = catalog_sources(&n);
	for (size_t i = 0; i < n; i++) {
		if (!is_cited(answer, all[i].id))
			continue;
		table_add(t, cell_text(a, all[i].id));
		table_add(t, cell_text(a, all[i].date));
		table_add(t, cell_bool(a, all[i].official));
		table_add(t, cell_text(a, all[i].url));
		table_add(t, cell_text(a, all[i].title));
	}
}

void
fill_rates(struct answer *answer)
{
	if (answer->what->target == TARGET_SERVER)
		answer->note = "There are no credits on server: these are the cloud's prices.";
	fill_class_rates(answer);
	fill_prices(answer);
	fill_sources(answer);
}
