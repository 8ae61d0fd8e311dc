/* SPDX-License-Identifier: MIT */
/* images.json -> the table of machine images, Xcode and Docker versions, convenience images. */
#include "dated.h"

#include <stdio.h>
#include <string.h>

/* In the order in which the rows are sorted. */
static const struct word kinds[] = {{"docker", "IMAGE_DOCKER"}, {"machine", "IMAGE_MACHINE"},
	{"remote-docker", "IMAGE_REMOTE_DOCKER"}, {"xcode", "IMAGE_XCODE"}, {NULL, NULL}};

static const struct word groups[] = {{"linux", "GROUP_LINUX"}, {"linux-gen2", "GROUP_LINUX_GEN2"},
	{"linux-gpu", "GROUP_LINUX_GPU"}, {"windows", "GROUP_WINDOWS"},
	{"windows-gpu", "GROUP_WINDOWS_GPU"}, {NULL, NULL}};

static void
print_image(const json_t *image, const char *kind)
{
	if (gen_string(image, "replacement") && !gen_string(image, "deprecated") &&
		!gen_string(image, "until"))
		gen_fail("\"%s\": a replacement of what is not deprecated",
			gen_string(image, "name"));
	printf("\t{%s", kind);
	dated_text(image, "name");
	printf(", ");
	dated_mask(image, "groups", groups);
	dated_text(image, "content");
	printf(", ");
	dated_life(image);
	dated_text(image, "replacement");
	dated_text(image, "note");
	printf(", ");
	gen_text(dated_need(image, "source"));
	printf("},\n");
}

int
main(int argc, char **argv)
{
	static const char *const keys[] = {"kind", "name", "groups", "content", "since",
		"deprecated", "until", "replacement", "note", "source", NULL};
	json_t *root = gen_load(argc, argv), *images = json_object_get(root, "images"), *image;
	const char *last = NULL, *last_kind = NULL;
	size_t i;
	gen_banner("images.json");
	printf("extern const struct image catalog_image_table[];\n");
	printf("extern const size_t catalog_image_count;\n\n");
	printf("const struct image catalog_image_table[] = {\n");
	json_array_foreach(images, i, image)
	{
		gen_known(image, keys);
		const char *kind = dated_word(kinds, gen_string(image, "kind"));
		if (last_kind && strcmp(last_kind, kind) < 0)
			last = NULL;
		else if (last_kind && strcmp(last_kind, kind) > 0)
			gen_fail("%s behind %s", kind, last_kind);
		gen_ordered(&last, gen_string(image, "name"));
		print_image(image, kind);
		last_kind = kind;
	}
	printf("};\n\nconst size_t catalog_image_count = %zu;\n", json_array_size(images));
	json_decref(root);
	return 0;
}
