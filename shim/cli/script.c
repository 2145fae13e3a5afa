/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "script.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search.h"

enum {
	HEAD_MAX = 256, /* bytes of a script that Linux reads for its first line */
	SPLITS_MAX = 64, /* of -S in -S, which a variable can make endless */
};

/* --- env -S ----------------------------------------------------------------- */

/* @len bytes more for the word that is being read; NULL: none is. */
static void append(char **word, const char *text, size_t len)
{
	char *before = *word;

	*word = text_make("%s%.*s", before != NULL ? before : "", (int)len, text);
	free(before);
}

static void word_end(struct strings *words, char **word)
{
	if (*word != NULL)
		strings_add(words, *word);
	free(*word);
	*word = NULL;
}

/* A backslash and @c; \c and a \_ that parts words are not for here. */
static bool escape_add(char **word, char c, char quote)
{
	static const struct {
		char written, meant;
	} escapes[] = {
		{'f', '\f'}, {'n', '\n'}, {'r', '\r'},  {'t', '\t'},  {'v', '\v'}, {'"', '"'},
		{'#', '#'},  {'$', '$'},  {'\'', '\''}, {'\\', '\\'}, {'_', ' '},
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		if (escapes[i].written != c || (c == '_' && quote == '\0'))
			continue;
		append(word, &escapes[i].meant, 1);
		return true;
	}
	return false;
}

/* @c is at "${NAME}", the one form there is; answers its last byte, NULL: it is another. */
static const char *variable_add(char **word, const char *c)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_";
	size_t len = c[1] == '{' ? strspn(c + 2, name) : 0;
	const char *value;

	if (len == 0 || c[2 + len] != '}')
		return NULL;
	value = getenv(text_make("%.*s", (int)len, c + 2));
	if (value != NULL)
		append(word, value, strlen(value));
	return c + 2 + len;
}

/* False if env would complain. */
static bool split(const char *c, struct strings *words)
{
	char *word = NULL, quote = '\0';

	for (; *c != '\0'; c++) {
		bool escapes = *c == '\\' && (quote != '\'' || c[1] == '\\' || c[1] == '\'');

		if (quote == '\0' && (isspace((unsigned char)*c) || (escapes && c[1] == '_'))) {
			c += escapes;
			word_end(words, &word);
		} else if (quote == '\0' &&
			   ((*c == '#' && word == NULL) || (escapes && c[1] == 'c'))) {
			break; /* what follows is a comment */
		} else if (*c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (*c == '"' || *c == '\'')) {
			quote = *c;
			append(&word, "", 0);
		} else if (escapes) {
			if (!escape_add(&word, *++c, quote))
				return false;
		} else if (*c == '$' && quote != '\'') {
			c = variable_add(&word, c);
			if (c == NULL)
				return false;
		} else {
			append(&word, c, 1);
		}
	}
	word_end(words, &word);
	return quote == '\0';
}

/* --- env -------------------------------------------------------------------- */

static bool begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void unset(struct script *script, const char *name)
{
	if (strcmp(name, "LD_PRELOAD") == 0 || begins(name, "SSLHARDEN"))
		strings_addf(&script->hidden, "unsets %s", name);
	else if (strcmp(name, "PATH") == 0)
		script->search = NULL;
}

static void clear(struct script *script)
{
	strings_add(&script->hidden, "clears the environment");
	script->search = NULL;
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

static void assign(struct script *script, const char *assignment)
{
	if (begins(assignment, "LD_PRELOAD=") && !names_library(assignment + strlen("LD_PRELOAD=")))
		strings_add(&script->hidden, "sets LD_PRELOAD anew");
	else if (begins(assignment, "PATH="))
		script->search = assignment + strlen("PATH=");
}

/* @words with the option's in the place of those that are read. */
static bool split_in(struct strings *words, const char *text)
{
	struct strings made = {0};
	bool is_good;

	strings_add(&made, "env");
	is_good = split(text, &made);
	for (size_t i = (size_t)optind; i < words->count; i++)
		strings_add(&made, words->items[i]);
	*words = made;
	return is_good;
}

/*
 * GNU's options: others have fewer.  By getopt, as env itself reads them: clusters and
 * abbreviations are not ours to guess.
 */
static bool options_read(struct script *script, struct strings *words, const char **folder)
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
			clear(script);
		else if (option == 'u')
			unset(script, optarg);
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

/* What env starts, whose arguments are @words from the second on. */
static void env_follow(struct script *script, struct strings words)
{
	const char *folder = NULL, *program = "env";

	while (program != NULL && strcmp(base_name(program), "env") == 0) {
		size_t at;

		if (!options_read(script, &words, &folder)) {
			script->why = text_make("its first line has words that env does not take, "
						"or that are not known here");
			return;
		}
		at = (size_t)optind;
		if (at < words.count && strcmp(words.items[at], "-") == 0) {
			clear(script);
			at++;
		}
		for (; at < words.count && strchr(words.items[at], '=') != NULL; at++)
			assign(script, words.items[at]);
		program = at < words.count ? words.items[at] : NULL;
		words.items += at;
		words.count -= at;
	}
	if (program != NULL)
		script->interpreter = folder != NULL && *program != '/' && strchr(program, '/')
					      ? text_make("%s/%s", folder, program)
					      : text_make("%s", program);
}

/* --- the first line --------------------------------------------------------- */

/* @line without its "#!".  Linux passes all that follows the first word as one argument. */
static void shebang_read(struct script *script, char *line)
{
	static const char blank[] = " \t";
	struct strings words = {0};
	char *word, *rest, *end;

	line += strspn(line, blank);
	for (end = line + strlen(line); end > line && strchr(blank, end[-1]) != NULL; end--)
		end[-1] = '\0';
	word = strsep(&line, blank);
	if (*word == '\0')
		return;
	rest = line != NULL ? line + strspn(line, blank) : NULL;
	if (strcmp(base_name(word), "env") != 0) {
		/* PATH is env's business. */
		script->interpreter = text_make("%s%s", strchr(word, '/') ? "" : "./", word);
		return;
	}
	strings_add(&words, word);
	if (rest != NULL)
		strings_add(&words, rest);
	env_follow(script, words);
}

bool script_read(const char *path, struct script *script)
{
	char head[HEAD_MAX + 1];
	char *why = NULL;
	int fd = elf_file_open(path, path, &why);
	ssize_t len = fd < 0 ? -1 : pread(fd, head, HEAD_MAX, 0);
	size_t line;

	if (fd >= 0)
		close(fd);
	free(why);
	if (len < 0)
		return false;
	head[len] = '\0';
	line = strcspn(head, "\n");
	*script = (struct script){.search = getenv("PATH")};
	if (!begins(head, "#!")) {
		/* Linux refuses it, and execvp starts a shell; what has a NUL is no text. */
		script->interpreter = text_make("/bin/sh");
		return !begins(head, "\177ELF") && (line == (size_t)len || head[line] == '\n') &&
		       access(path, X_OK) == 0;
	}
	head[line] = '\0';
	if (strchr(head, '\r') != NULL)
		script->why = text_make("its first line ends in a carriage return, which Linux "
					"takes for a part of its interpreter's name");
	else
		shebang_read(script, head + 2);
	return true;
}
