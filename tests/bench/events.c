/* SPDX-License-Identifier: MIT */
/* The yardstick: libyaml's bare event loop over each file named. */
#include <yaml.h>

#include <stdio.h>

static int
read_events(yaml_parser_t *parser)
{
	for (;;) {
		yaml_event_t event;
		if (!yaml_parser_parse(parser, &event))
			return 0;
		int last = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
		if (last)
			return 1;
	}
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		yaml_parser_t parser;
		FILE *f = fopen(argv[i], "rb");
		if (!f || !yaml_parser_initialize(&parser)) {
			fprintf(stderr, "cannot read %s\n", argv[i]);
			return 1;
		}
		yaml_parser_set_input_file(&parser, f);
		if (!read_events(&parser)) {
			fprintf(stderr, "%s:%zu: %s\n", argv[i], parser.problem_mark.line + 1,
				parser.problem ? parser.problem : "no YAML");
			return 1;
		}
		yaml_parser_delete(&parser);
		fclose(f);
	}
	return 0;
}
