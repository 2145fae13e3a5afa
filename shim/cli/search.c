/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "search.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "path.h"

#define LD_SO_CONF "/etc/ld.so.conf"
#define MUSL_PATH "/etc/ld-musl-*.path"

enum { INCLUDE_DEPTH_MAX = 8 };

static char *replace(char *text, const char *what, const char *with)
{
	char *at = strstr(text, what), *made;

	if (at == NULL)
		return text;
	made = text_make("%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
	free(text);
	return made;
}

static char *token_expand(char *text, const char *name, const char *with)
{
	char *braced = text_make("${%s}", name), *bare = text_make("$%s", name);

	text = replace(replace(text, braced, with), bare, with);
	free(braced);
	free(bare);
	return text;
}

char *lib_expand_by_libc(char *text, const char *libc)
{
	char *folder = folder_of(libc);

	text = token_expand(text, "LIB", folder + (strncmp(folder, "/usr/", 5) == 0 ? 5 : 1));
	free(folder);
	return text;
}

static bool try_path(const char *path, const struct elf_file *program, struct elf_file *found)
{
	char *why = NULL;
	bool read = access(path, F_OK) == 0 && elf_file_read(path, found, &why);

	free(why);
	return read && elf_file_fits(found, program);
}

static const struct strings *system_folders(const struct elf_file *program);

char *lib_expand(char *text, const struct elf_file *program)
{
	const struct strings *folders = system_folders(program);
	bool expanded = strstr(text, "LIB") == NULL;

	for (size_t i = 0; !expanded && i < folders->count; i++) {
		char *libc = text_make("%s/libc.so.6", folders->items[i]);
		struct elf_file found;

		expanded = try_path(libc, program, &found);
		if (expanded)
			text = lib_expand_by_libc(text, libc);
		free(libc);
	}
	return text;
}

/* ld.so(8), "Dynamic string tokens", of the file @by.  $PLATFORM is left alone: few have it. */
static char *expand(const char *folder, const struct elf_file *by)
{
	char *real = realpath(by->path, NULL);
	char *origin = folder_of(real != NULL ? real : by->path);
	char *text = lib_expand(token_expand(text_make("%s", folder), "ORIGIN", origin), by);

	free(real);
	free(origin);
	return text;
}

/* Adds the folders of a list that colons (and, in LD_LIBRARY_PATH, semicolons) part. */
static void list_add(struct strings *folders, const char *list, const char *separators,
		     const struct elf_file *by)
{
	char *copy, *rest, *item;

	if (list == NULL)
		return;
	rest = copy = text_make("%s", list);
	while ((item = strsep(&rest, separators)) != NULL) {
		char *folder = expand(*item == '\0' ? "." : item, by);

		strings_add(folders, folder);
		free(folder);
	}
	free(copy);
}

static void conf_read(struct strings *folders, const char *pattern, int depth);

static void conf_line(struct strings *folders, char *line, int depth)
{
	static const char include[] = "include";
	char *word;

	line[strcspn(line, "#\n")] = '\0';
	word = line + strspn(line, " \t");
	if (strncmp(word, include, sizeof(include) - 1) == 0 &&
	    strchr(" \t", word[sizeof(include) - 1]) != NULL) {
		word += sizeof(include) - 1;
		word += strspn(word, " \t");
		conf_read(folders, word, depth + 1);
	} else if (*word == '/') {
		word[strcspn(word, " \t=")] = '\0';
		strings_add(folders, word);
	}
}

/* ldconfig(8): the folders whose libraries the cache has. */
static void conf_read(struct strings *folders, const char *pattern, int depth)
{
	glob_t files;

	if (depth > INCLUDE_DEPTH_MAX || glob(pattern, 0, NULL, &files) != 0)
		return;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		FILE *file = fopen(files.gl_pathv[i], "re");
		char *line = NULL;
		size_t size = 0;

		while (file != NULL && getline(&line, &size, file) >= 0)
			conf_line(folders, line, depth);
		free(line);
		if (file != NULL)
			fclose(file);
	}
	globfree(&files);
}

static const struct strings *system_folders(const struct elf_file *program)
{
	static const char *const trusted[] = {"/lib64", "/usr/lib64", "/lib", "/usr/lib",
					      "/usr/local/lib"};
	static struct strings folders;

	if (folders.count > 0)
		return &folders;
	conf_read(&folders, elf_file_is_musl(program) ? MUSL_PATH : LD_SO_CONF, 0);
	for (size_t i = 0; i < sizeof(trusted) / sizeof(trusted[0]); i++)
		strings_add(&folders, trusted[i]);
	return &folders;
}

bool search_library(const char *name, const struct elf_file *by, const struct elf_file *program,
		    struct elf_file *found)
{
	const struct strings *lists[2];
	struct strings own = {0};

	if (strchr(name, '/') != NULL) {
		char *path = expand(name, by);
		bool there = try_path(path, program, found);

		free(path);
		return there;
	}
	if (by->runpath == NULL) {
		list_add(&own, by->rpath, ":", by);
		if (by != program && program->runpath == NULL)
			list_add(&own, program->rpath, ":", program);
	}
	list_add(&own, getenv("LD_LIBRARY_PATH"), ":;", program);
	list_add(&own, by->runpath, ":", by);
	lists[0] = &own;
	lists[1] = system_folders(program);
	for (size_t l = 0; l < 2; l++) {
		for (size_t i = 0; i < lists[l]->count; i++) {
			char *path = text_make("%s/%s", lists[l]->items[i], name);
			bool there = try_path(path, program, found);

			free(path);
			if (there)
				return true;
		}
	}
	return false;
}
