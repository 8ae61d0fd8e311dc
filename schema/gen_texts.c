/* SPDX-License-Identifier: MIT */
/*
 * Prints texts as a C table of struct KIND, name and text, sorted by name:
 *
 *     gen_texts KIND TABLE FOLDER SUFFIX FILE…
 *
 * A file is named by its path below FOLDER, without SUFFIX.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
put_char(int c)
{
	if (c == '"' || c == '\\')
		printf("\\%c", c);
	else if (c == '\n')
		fputs("\\n\"\n\t \"", stdout);
	else if (c < ' ' || c > '~' || c == '?')
		printf("\\%03o", c);
	else
		putchar(c);
}

static int
put_file(const char *path, size_t folder, size_t suffix)
{
	FILE *f = fopen(path, "r");
	size_t len = strlen(path);
	if (!f || len < folder + suffix) {
		perror(path);
		return 1;
	}
	printf("\t{\"%.*s\",\n\t \"", (int)(len - folder - suffix), path + folder);
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
	if (argc < 5) {
		fputs("usage: gen_texts KIND TABLE FOLDER SUFFIX FILE...\n", stderr);
		return EXIT_FAILURE;
	}
	const char *kind = argv[1], *table = argv[2], *folder = argv[3];
	qsort(argv + 5, (size_t)argc - 5, sizeof *argv, by_path);
	printf("/* Generated from %s. */\n#include \"ccx/catalog.h\"\n\n", folder);
	printf("extern const struct %s %s[];\nextern const size_t %s_count;\n\n", kind, table,
		table);
	printf("const struct %s %s[] = {\n", kind, table);
	for (int i = 5; i < argc; i++)
		bad |= put_file(argv[i], strlen(folder), strlen(argv[4]));
	printf("\t{0, 0},\n};\nconst size_t %s_count = %d;\n", table, argc - 5);
	return bad || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
