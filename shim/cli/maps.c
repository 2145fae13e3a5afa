/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "answers.h"
#include "path.h"
#include "proc.h"

/* --- the text ---------------------------------------------------------------- */

static const char deleted[] = " (deleted)";

static bool ends(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* The columns of a line that tell which file it is, "fd:01 1234 /path". */
struct identity {
	char device[16];
	unsigned long long inode;
};

static bool same(const struct identity *a, const struct identity *b)
{
	return a->inode == b->inode && strcmp(a->device, b->device) == 0;
}

static size_t image_add(struct maps *maps, const char *path, const struct mapping *mapping,
			const struct identity *identity)
{
	struct image image = {.path = text_make("%s", path),
			      .low = mapping->low,
			      .high = mapping->high,
			      .inode = identity->inode,
			      .is_deleted = ends(path, deleted)};

	memcpy(image.device, identity->device, sizeof(image.device));
	if (image.is_deleted)
		image.path[strlen(path) - strlen(deleted)] = '\0';
	maps->images = memory_or_exit(
		realloc(maps->images, (maps->image_count + 1) * sizeof(*maps->images)));
	maps->images[maps->image_count] = image;
	return maps->image_count++;
}

static void mapping_add(struct maps *maps, const struct mapping *mapping)
{
	size_t size = (maps->mapping_count + 1) * sizeof(*maps->mappings);

	/* Many thousands in some processes: not one by one. */
	if ((maps->mapping_count & (maps->mapping_count + 1)) == 0 || maps->mappings == NULL)
		maps->mappings = memory_or_exit(realloc(maps->mappings, 2 * size));
	maps->mappings[maps->mapping_count++] = *mapping;
}

/*
 * A path is the last of a line's six columns.  A file that is mapped twice, as in two
 * namespaces of the loader, begins twice, with its offset 0.
 */
bool maps_read(const char *folder, struct maps *maps)
{
	size_t len;
	char *text = proc_read(folder, "maps", &len), *rest = text, *line;
	struct identity last = {0};
	size_t image = IMAGE_NONE;

	*maps = (struct maps){0};
	while (text != NULL && (line = strsep(&rest, "\n")) != NULL) {
		const char *path = strchr(line, '/');
		unsigned long long low, high, offset;
		struct identity identity = {0};
		struct mapping mapping;
		char mode[5];

		if (sscanf(line, "%llx-%llx %4s %llx %15s %llu", &low, &high, mode, &offset,
			   identity.device, &identity.inode) != 6)
			continue;
		mapping = (struct mapping){low,       high, offset, mode[2] == 'x', mode[1] == 'w',
					   IMAGE_NONE};
		if (path != NULL) {
			if (image == IMAGE_NONE || offset == 0 || !same(&identity, &last))
				image = image_add(maps, path, &mapping, &identity);
			maps->images[image].is_executable |= mapping.is_executable;
			mapping.image = image;
			last = identity;
		}
		mapping_add(maps, &mapping);
	}
	free(text);
	return text != NULL;
}

const struct image *maps_image_at(const struct maps *maps, uint64_t address)
{
	for (size_t i = 0; i < maps->mapping_count; i++) {
		const struct mapping *mapping = &maps->mappings[i];

		if (address >= mapping->low && address < mapping->high)
			return mapping->image != IMAGE_NONE ? &maps->images[mapping->image] : NULL;
	}
	return NULL;
}

bool image_is_ours(const struct image *image)
{
	return text_begins(base_name(image->path), "libsslharden.so");
}

/* --- the files --------------------------------------------------------------- */

/* What was read: the processes of a server map the same files. */
struct known {
	dev_t device;
	ino_t inode;
	struct timespec changed;
	off_t size;
	const struct elf_file *file;
	char *why;
};

static const struct known *known_find(const char *place, const char *path, const struct stat *st)
{
	static struct known *all;
	static size_t count;
	struct elf_file *file;
	struct known *made;

	for (size_t i = 0; i < count; i++) {
		const struct known *k = &all[i];

		if (k->device == st->st_dev && k->inode == st->st_ino && k->size == st->st_size &&
		    k->changed.tv_sec == st->st_ctim.tv_sec &&
		    k->changed.tv_nsec == st->st_ctim.tv_nsec)
			return k;
	}
	all = memory_or_exit(realloc(all, (count + 1) * sizeof(*all)));
	made = &all[count++];
	*made = (struct known){st->st_dev, st->st_ino, st->st_ctim, st->st_size, NULL, NULL};
	file = memory_or_exit(malloc(sizeof(*file)));
	if (elf_file_read_at(place, path, file, &made->why))
		made->file = file;
	return made;
}

/* The very file that is mapped, and what has its name in the process's root; each to be freed. */
static char *place_mapped(const char *folder, const struct image *image)
{
	return text_make("%s/map_files/%llx-%llx", folder, (unsigned long long)image->low,
			 (unsigned long long)image->high);
}

static char *place_named(const char *folder, const struct image *image)
{
	return text_make("%s/root%s", folder, image->path);
}

/*
 * The very file that is mapped, for those who may (proc(5), map_files); or else what has
 * its name in the process's root, if that still is it.  To be freed; NULL and @why.
 */
static char *place_find(const char *folder, const struct image *image, struct stat *st, char **why)
{
	char *place = place_mapped(folder, image);

	if (stat(place, st) == 0)
		return place;
	free(place);
	if (image->is_deleted) {
		*why = text_make("%s: deleted since it was mapped; root can read it", image->path);
		return NULL;
	}
	place = place_named(folder, image);
	if (stat(place, st) == 0)
		return place;
	*why = text_make("%s: %s", image->path, strerror(errno));
	free(place);
	return NULL;
}

/* Whether the file at @place, which is freed, can be looked at. */
static bool place_answers(char *place)
{
	bool is_there = answers(place);

	free(place);
	return is_there;
}

/*
 * Whether a mapped file can be looked at.  Each is asked for once; of those on one disk one is enough.
 * (What has no device of its own is a network's, a program's, or another kind of system's.)
 */
static bool is_answering(const char *folder, const struct image *image)
{
	static struct asked {
		struct identity identity;
		bool answers;
	} * all;
	static size_t count;
	struct asked one = {.identity = {.inode = image->inode}};

	memcpy(one.identity.device, image->device, sizeof(image->device));
	if (strncmp(image->device, "00:", 3) != 0)
		one.identity.inode = 0;
	for (size_t i = 0; i < count; i++) {
		if (same(&all[i].identity, &one.identity))
			return all[i].answers;
	}
	/* The name is for those who may not follow the link. */
	one.answers = place_answers(place_mapped(folder, image)) &&
		      (image->is_deleted || place_answers(place_named(folder, image)));
	all = memory_or_exit(realloc(all, (count + 1) * sizeof(*all)));
	all[count++] = one;
	return one.answers;
}

static void image_read(const char *folder, struct image *image)
{
	const struct known *known;
	struct stat st;
	char *place;

	if (!is_answering(folder, image)) {
		image->why = text_make("%s: its file system does not answer", image->path);
		return;
	}
	place = place_find(folder, image, &st, &image->why);
	if (place == NULL)
		return;
	known = known_find(place, image->path, &st);
	free(place);
	image->file = known->file;
	image->why = known->why;
}

void maps_files_read(const char *folder, struct maps *maps)
{
	for (size_t i = 0; i < maps->image_count; i++) {
		if (maps->images[i].is_executable)
			image_read(folder, &maps->images[i]);
	}
}
