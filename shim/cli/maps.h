/* SPDX-License-Identifier: MIT
 *
 * maps: what a process has mapped (/proc/PID/maps, proc(5)), and the program and libraries among
 * that.
 */
#ifndef SSLHARDEN_MAPS_H
#define SSLHARDEN_MAPS_H

#include <stdint.h>

#include "elf_file.h"

struct mapping {
	uint64_t low, high, offset;
	bool is_executable, is_writable;
	size_t image; /* the number of the image that it belongs to, IMAGE_NONE: none */
};

enum { IMAGE_NONE = SIZE_MAX };

/* A file that code of is mapped executable. */
struct image {
	char *path; /* as the process names it */
	uint64_t low, high; /* where its first mapping is */
	char device[16]; /* "fd:01", hexadecimal */
	unsigned long long inode;
	bool is_executable;
	bool is_deleted; /* its name stands for another file by now, or for none */
	const struct elf_file *file; /* NULL: not read, and @why */
	char *why;
};

struct maps {
	struct mapping *mappings;
	size_t mapping_count;
	struct image *images; /* with those whose code is not executable */
	size_t image_count;
};

/* False and errno if the process whose @folder of /proc it is cannot be read. */
bool maps_read(const char *folder, struct maps *maps);

/* Reads the files of the images.  One that was read for another process is not read again. */
void maps_files_read(const char *folder, struct maps *maps);

/* The image whose mapping an address is in; NULL: none. */
const struct image *maps_image_at(const struct maps *maps, uint64_t address);

/* Whether an image is a libsslharden.so by its name. */
bool image_is_ours(const struct image *image);

#endif
