/* SPDX-License-Identifier: MIT */
/* What the command line says about a pipeline: its parameters and values, as nodes. */
#ifndef CCX_CLI_INPUTS_H
#define CCX_CLI_INPUTS_H

#include "ccx/diag.h"
#include "ccx/yaml.h"

#include "opt.h"

struct inputs {
	struct arena *a;
	struct sources *sources;
	struct diag_list *diags;
	/* Set when a function gives false for a fault that has no place in a text. */
	struct str error;
	int system_error; /* errno, when the fault is a file that cannot be read */
};

/* Pipeline parameters: text_or_file (NULL: none) is the path of a YAML or JSON file or, when no
 * such file exists, that YAML itself; each of assignments ("name=value") adds or replaces one.
 * NULL in *map when there are none. On false either error is set or a finding was added. */
bool inputs_parameters(struct inputs *in, const char *text_or_file,
	const struct opt_list *assignments, const struct node **map);
/* Pipeline values, "pipeline.git.branch" and so on: from a YAML file (NULL: none), nested or with
 * dotted names, then from assignments ("pipeline.x=value"). */
bool inputs_values(struct inputs *in, const char *file, const struct opt_list *assignments,
	const struct node **map);

#endif
