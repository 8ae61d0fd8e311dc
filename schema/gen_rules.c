/* SPDX-License-Identifier: MIT */
/*
 * Prints the documentation of rules as a C table: gen_rules FILE.md… reads one file a rule, named
 * by its id; the table is sorted by it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(base_name(*(char *const *)a), base_name(*(char *const *)b));
}

static void
put_char(int c)
{
	if (c == '"' || c == '\\')
		printf("\\%c", c);
	else if (c == '\n')
		fputs("\\n\"\n\t \"", stdout);
	else if (c < ' ' || c > '~')
		printf("\\%03o", c);
	else
		putchar(c);
}

static int
put_file(const char *path)
{
	FILE *f = fopen(path, "r");
	const char *name = base_name(path);
	if (!f) {
		perror(path);
		return 1;
	}
	printf("\t{\"%.*s\",\n\t \"", (int)(strlen(name) - strlen(".md")), name);
	for (int c; (c = getc(f)) != EOF;)
		put_char(c);
	puts("\"},");
	int bad = ferror(f);
	return fclose(f) != 0 || bad;
}

int
main(int argc, char **argv)
{
	int bad = 0;
	qsort(argv + 1, (size_t)argc - 1, sizeof *argv, by_name);
	puts("/* Generated from schema/rules. */\n#include \"ccx/catalog.h\"\n");
	puts("extern const struct rule_doc catalog_rule_docs[];");
	puts("extern const size_t catalog_rule_doc_count;\n");
	puts("const struct rule_doc catalog_rule_docs[] = {");
	for (int i = 1; i < argc; i++)
		bad |= put_file(argv[i]);
	puts("\t{0, 0},\n};");
	printf("const size_t catalog_rule_doc_count = %d;\n", argc - 1);
	return bad || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
