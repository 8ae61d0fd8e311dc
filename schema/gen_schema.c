/* SPDX-License-Identifier: MIT */
/*
 * Prints config.json as C, byte by byte: a string literal may not be so long, and lines of text
 * would be pointers that every start of ccx has to relocate.
 */
#include <stdio.h>

int
main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
	if (!f) {
		perror(argc == 2 ? argv[1] : "usage: gen_schema FILE");
		return 1;
	}
	puts("/* Generated from schema/config.json. */\n#include \"ccx/catalog.h\"\n");
	puts("static const char text[] = {");
	for (int c, n = 0; (c = getc(f)) != EOF; n++)
		printf("%s%d,%s", n % 20 ? "" : "\t", c < 128 ? c : c - 256,
			n % 20 == 19 ? "\n" : "");
	puts("0};\n\nstruct str\ncatalog_schema_text(void)\n{");
	puts("\treturn (struct str){text, sizeof text - 1};\n}");
	int bad = ferror(f);
	return fclose(f) != 0 || bad || fflush(stdout) != 0;
}
