/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "env.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "env_split.h"

enum { SPLITS_MAX = 64 }; /* of -S in -S, which a variable can make endless */

static void unset(struct start *start, const char *name)
{
	if (strcmp(name, "LD_PRELOAD") == 0 || text_begins(name, "SSLHARDEN"))
		strings_addf(&start->hidden, "env unsets %s", name);
	else if (strcmp(name, "PATH") == 0)
		start->search = NULL;
}

static void clear(struct start *start)
{
	strings_add(&start->hidden, "env clears the environment");
	start->search = NULL;
}

/* Whether a value of LD_PRELOAD has the library, by whatever path, among its names. */
static bool names_library(const char *list)
{
	static const char name[] = "libsslharden.so";
	const char *end;

	for (; *list != '\0'; list = *end == '\0' ? end : end + 1) {
		size_t len = strlen(name);

		end = list + strcspn(list, ": ");
		if ((size_t)(end - list) >= len && strncmp(end - len, name, len) == 0 &&
		    (end - len == list || end[-(ptrdiff_t)len - 1] == '/'))
			return true;
	}
	return false;
}

static bool is_on(const char *mode)
{
	return strcasecmp(mode, "on") == 0;
}

static void assign(struct start *start, const char *assignment)
{
	if (text_begins(assignment, "LD_PRELOAD=") &&
	    !names_library(assignment + strlen("LD_PRELOAD=")))
		strings_add(&start->hidden, "env sets LD_PRELOAD anew");
	else if (text_begins(assignment, "SSLHARDEN=") && !is_on(assignment + strlen("SSLHARDEN=")))
		strings_addf(&start->hidden, "env sets %s", assignment);
	else if (text_begins(assignment, "PATH="))
		start->search = assignment + strlen("PATH=");
}

/* @words with the option's in the place of those that are read. */
static bool split_in(struct strings *words, const char *text)
{
	struct strings made = {0};
	bool is_good;

	strings_add(&made, "env");
	is_good = env_split(text, &made);
	for (size_t i = (size_t)optind; i < words->count; i++)
		strings_add(&made, words->items[i]);
	*words = made;
	return is_good;
}

/*
 * GNU's options: others have fewer.  By getopt, as env itself reads them: clusters and
 * abbreviations are not ours to guess.
 */
static bool options_read(struct start *start, struct strings *words, const char **folder)
{
	static const struct option options[] = {
		{"argv0", required_argument, NULL, 'a'},
		{"block-signal", optional_argument, NULL, 'v'},
		{"chdir", required_argument, NULL, 'C'},
		{"debug", no_argument, NULL, 'v'},
		{"default-signal", optional_argument, NULL, 'v'},
		{"ignore-environment", no_argument, NULL, 'i'},
		{"ignore-signal", optional_argument, NULL, 'v'},
		{"list-signal-handling", no_argument, NULL, 'v'},
		{"split-string", required_argument, NULL, 'S'},
		{"unset", required_argument, NULL, 'u'},
		{NULL, 0, NULL, 0},
	};
	int option, splits = 0;

	opterr = 0;
	optind = 0; /* from the start */
	while ((option = getopt_long((int)words->count, words->items, "+a:C:iS:u:v", options,
				     NULL)) != -1) {
		if (option == '?')
			return false;
		if (option == 'i')
			clear(start);
		else if (option == 'u')
			unset(start, optarg);
		else if (option == 'C')
			*folder = optarg;
		else if (option == 'S') {
			if (splits++ == SPLITS_MAX || !split_in(words, optarg))
				return false;
			optind = 0;
		}
	}
	return true;
}

void env_follow(struct start *start, struct strings *words)
{
	const char *folder = NULL, *program;
	size_t at;

	if (!options_read(start, words, &folder)) {
		start->why = text_make("it has words that env does not take, or that are not known "
				       "here");
		words->count = 0;
		return;
	}
	at = (size_t)optind;
	if (at < words->count && strcmp(words->items[at], "-") == 0) {
		clear(start);
		at++;
	}
	for (; at < words->count && strchr(words->items[at], '=') != NULL; at++)
		assign(start, words->items[at]);
	words->items += at;
	words->count -= at;
	program = words->count > 0 ? words->items[0] : NULL;
	if (folder != NULL && program != NULL && *program != '/' && strchr(program, '/') != NULL)
		words->items[0] = text_make("%s/%s", folder, program);
}
