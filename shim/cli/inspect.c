/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "inspect.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "binfmt.h"
#include "path.h"
#include "script.h"
#include "search.h"

enum {
	FILES_MAX = 2000, /* of one process; more is an attack on our time */
	SCRIPT_DEPTH_MAX = 4, /* as Linux: a script may interpret a script */
	FOLDER_DEPTH_MAX = 8,
};

/* --- the program ---------------------------------------------------------- */

/* Puts what interprets the script in its place.  False, @why and @code, if nothing can. */
static bool script_follow(struct inspection *inspection, const struct script *script, char **why,
			  int *code)
{
	const char *path = inspection->path;

	for (size_t i = 0; i < script->hidden.count; i++)
		strings_addf(&inspection->hidden, "%s: in its first line, %s", path,
			     script->hidden.items[i]);
	*code = CLI_CANNOT_EXECUTE;
	if (script->why != NULL) {
		*why = text_make("%s: %s", path, script->why);
		return false;
	}
	if (script->interpreter == NULL) {
		*why = text_make("%s: its interpreter is not named", path);
		return false;
	}
	if (inspection->script == NULL)
		inspection->script = inspection->path;
	inspection->path = path_search(script->interpreter, script->search);
	if (inspection->path == NULL)
		*why = text_make("%s: its interpreter %s: %s", path, script->interpreter,
				 strerror(errno));
	return inspection->path != NULL;
}

/* By its first line, or, which Linux asks first, as binfmt_misc has it. */
static bool is_interpreted(const char *path, struct script *script)
{
	char *interpreter = binfmt_interpreter(path);

	if (interpreter == NULL)
		return script_read(path, script);
	*script = (struct script){.interpreter = interpreter};
	return true;
}

static bool program_find(struct inspection *inspection, const char *path, char **why, int *code)
{
	char *found = path_search(path, getenv("PATH"));
	struct script script;
	struct stat st;

	if (found == NULL && errno == EACCES && stat(path, &st) == 0 && S_ISREG(st.st_mode))
		found = text_make("%s", path); /* a library or a plugin has no x bit */
	if (found == NULL) {
		*code = errno == ENOENT || errno == ENOTDIR ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
		*why = text_make("%s: %s", path, strerror(errno));
		if (*code == CLI_CANNOT_EXECUTE && stat(path, &st) != 0)
			*code = CLI_UNKNOWN; /* a folder above it is closed to us */
		return false;
	}
	inspection->path = found;
	for (int depth = 0; is_interpreted(inspection->path, &script); depth++) {
		if (depth == SCRIPT_DEPTH_MAX) {
			*why = text_make("%s: a script of a script", inspection->path);
			*code = CLI_CANNOT_EXECUTE;
			return false;
		}
		if (!script_follow(inspection, &script, why, code))
			return false;
	}
	return true;
}

static void privileges_read(struct inspection *inspection)
{
	struct statvfs fs;
	struct stat st;

	if (stat(inspection->path, &st) != 0 ||
	    (statvfs(inspection->path, &fs) == 0 && (fs.f_flag & ST_NOSUID) != 0))
		return;
	inspection->owner = st.st_uid;
	inspection->group = st.st_gid;
	inspection->set_uid = (st.st_mode & S_ISUID) != 0;
	inspection->set_gid = (st.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	inspection->capabilities = getxattr(inspection->path, "security.capability", NULL, 0) > 0;
}

/* --- its libraries -------------------------------------------------------- */

static bool has_file(const struct inspection *inspection, const char *name)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (strcmp(base_name(file->path), name) == 0 || strcmp(file->path, name) == 0 ||
		    (file->soname != NULL && strcmp(file->soname, name) == 0))
			return true;
	}
	return false;
}

static void file_add(struct inspection *inspection, const struct elf_file *file)
{
	size_t size = (inspection->count + 1) * sizeof(*inspection->files);

	inspection->files = memory_or_exit(realloc(inspection->files, size));
	inspection->files[inspection->count++] = *file;
}

/* Breadth first, as the loader: @from is the first whose needs are not followed yet. */
static void needed_follow(struct inspection *inspection, size_t from)
{
	for (size_t i = from; i < inspection->count && i < FILES_MAX; i++) {
		const struct strings needed = inspection->files[i].needed;

		for (size_t n = 0; n < needed.count && inspection->count < FILES_MAX; n++) {
			const struct elf_file *program = &inspection->files[0];
			struct elf_file found;

			if (has_file(inspection, needed.items[n]))
				continue;
			if (search_library(needed.items[n], &inspection->files[i], program, &found))
				file_add(inspection, &found);
			else
				strings_addf(&inspection->missing, "%s, needed by %s",
					     needed.items[n], inspection->files[i].path);
		}
	}
}

/* --- plugins -------------------------------------------------------------- */

static void plugin_add(struct inspection *inspection, const char *path)
{
	size_t from = inspection->count;
	struct elf_file file;
	char *why = NULL;

	if (!elf_file_read(path, &file, &why)) {
		strings_add(&inspection->unread, why);
		free(why);
	} else if (from < FILES_MAX && elf_file_fits(&file, &inspection->files[0])) {
		file_add(inspection, &file);
		needed_follow(inspection, from);
	}
}

static bool is_shared_object(const char *name)
{
	const char *so = strstr(name, ".so");

	return so != NULL && (so[3] == '\0' || so[3] == '.');
}

static void folder_add(struct inspection *inspection, const char *path, int depth)
{
	struct dirent **entries;
	int count = depth > FOLDER_DEPTH_MAX ? 0 : scandir(path, &entries, NULL, alphasort);

	if (count < 0)
		strings_addf(&inspection->unread, "%s: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		char *entry = text_make("%s/%s", path, name);
		struct stat st;

		if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && lstat(entry, &st) == 0) {
			if (S_ISDIR(st.st_mode))
				folder_add(inspection, entry, depth + 1);
			else if (is_shared_object(name) && stat(entry, &st) == 0 &&
				 S_ISREG(st.st_mode))
				plugin_add(inspection, entry);
		}
		free(entry);
		free(entries[i]);
	}
	if (count > 0)
		free(entries);
}

bool inspect(const char *path, const struct strings *plugins, struct inspection *inspection,
	     char **why, int *code)
{
	struct elf_file program;

	*inspection = (struct inspection){.plugin_words = text_make("-- ")};
	for (size_t i = plugins->count; i > 0; i--)
		inspection->plugin_words = text_make("--plugins %s %s", plugins->items[i - 1],
						     inspection->plugin_words);
	if (!program_find(inspection, path, why, code))
		return false;
	if (!elf_file_read(inspection->path, &program, why)) {
		*code = program.is_cut || access(inspection->path, R_OK) != 0 ? CLI_UNKNOWN
									      : CLI_NO;
		return false;
	}
	privileges_read(inspection);
	file_add(inspection, &program);
	needed_follow(inspection, 0);
	for (size_t i = 0; i < plugins->count; i++) {
		struct stat st;

		if (stat(plugins->items[i], &st) != 0) {
			*why = text_make("--plugins %s: %s", plugins->items[i], strerror(errno));
			*code = CLI_UNKNOWN;
			return false;
		}
		if (S_ISDIR(st.st_mode))
			folder_add(inspection, plugins->items[i], 0);
		else
			plugin_add(inspection, plugins->items[i]);
	}
	return true;
}

void inspect_mapped(const struct maps *maps, const char *program, struct inspection *inspection)
{
	*inspection = (struct inspection){.path = text_make("%s", program)};
	for (size_t i = 0; i < maps->image_count; i++) {
		const struct image *image = &maps->images[i];

		if (image->is_executable && image->file == NULL)
			strings_add(&inspection->unread, image->why);
		else if (image->is_executable && strcmp(image->path, program) == 0)
			file_add(inspection, image->file);
	}
	for (size_t i = 0; i < maps->image_count; i++) {
		const struct image *image = &maps->images[i];

		if (image->is_executable && image->file != NULL &&
		    strcmp(image->path, program) != 0 && inspection->count < FILES_MAX)
			file_add(inspection, image->file);
	}
}
