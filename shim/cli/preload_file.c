/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "preload_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answers.h"
#include "path.h"

void preload_file_words(const char *root, struct strings *words)
{
	char *path = text_make("%s/etc/ld.so.preload", root);
	char text[4096], *rest = text, *word;
	FILE *file = answers(path) ? fopen(path, "re") : NULL;
	size_t len = file == NULL ? 0 : fread(text, 1, sizeof(text) - 1, file);

	if (file != NULL)
		fclose(file);
	free(path);
	text[len] = '\0';
	for (char *remark = text; (remark = strchr(remark, '#')) != NULL;)
		memset(remark, ' ', strcspn(remark, "\n"));
	while ((word = strsep(&rest, " \t\n:")) != NULL) {
		if (*word != '\0')
			strings_add(words, word);
	}
}

char *preload_file_ours(const char *root)
{
	struct strings words = {0};

	preload_file_words(root, &words);
	for (size_t i = 0; i < words.count; i++) {
		if (text_begins(base_name(words.items[i]), "libsslharden.so"))
			return text_make("%s", words.items[i]);
	}
	return NULL;
}
