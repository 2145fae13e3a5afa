/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "starter.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "search.h"

enum { SPLITS_MAX = 64 }; /* of -S in -S, which a variable can make endless */

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

/* @words are env's, and then those of what it starts. */
static void env_follow(struct start *start, struct strings *words)
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

/* --- others ------------------------------------------------------------------ */

/* clang-format off */ /* a table */
static const struct starter {
	const char *name;
	const char *arguments; /* its options that take one of their own, each in blanks */
	const char *clears; /* those that clear the environment, likewise; "": it always does */
	int operands; /* words before the program's; -1: what it starts is not among its words */
} starters[] = {
	{"setpriv",
	 " --reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits"
	 " --pdeathsig --selinux-label --apparmor-profile ",
	 " --reset-env ", 0},
	{"runuser",
	 " -u --user -g --group -G --supp-group -c --command -s --shell -w"
	 " --whitelist-environment ",
	 " - -l --login ", 0},
	{"su", " -g --group -G --supp-group -c --command -s --shell -w --whitelist-environment ",
	 " - -l --login ", -1},
	{"nice", " -n --adjustment ", NULL, 0},
	{"nohup", "", NULL, 0},
	{"setsid", "", NULL, 0},
	{"time", " -f --format -o --output ", NULL, 0},
	{"timeout", " -k --kill-after -s --signal ", NULL, 1},
	{"stdbuf", " -i --input -o --output -e --error ", NULL, 0},
	{"ionice", " -c --class -n --classdata ", NULL, 0},
	{"chrt", " -T -P -D ", NULL, 1},
	{"taskset", "", NULL, 1},
	{"chroot", "", NULL, 1},
	{"gosu", "", NULL, 1},
	{"su-exec", "", NULL, 1},
	{"tini", " -p -e ", NULL, 0},
	{"dumb-init", " -r --rewrite ", NULL, 0},
	{"catatonit", "", NULL, 0},
	/* What these start is no child of theirs, or gets what they choose. */
	{"service", "", "", -1},
	{"invoke-rc.d", "", "", -1},
	{"systemctl", "", "", -1},
	{"systemd-run", "", "", -1},
	{"sudo", "", "", -1},
	{"doas", "", "", -1},
	{"pkexec", "", "", -1},
	{"at", "", "", -1},
	{"batch", "", "", -1},
	{"docker", "", "", -1},
	{"podman", "", "", -1},
};
/* clang-format on */

static const struct starter *starter_find(const char *program)
{
	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++) {
		if (strcmp(base_name(program), starters[i].name) == 0)
			return &starters[i];
	}
	return NULL;
}

/* Whether @word, an option, is one of @list; one of two dashes may be shortened, or have "=". */
static bool is_listed(const char *list, const char *word)
{
	size_t len = strcspn(word, "=");
	char *text = text_make(text_begins(word, "--") && word[2] != '\0' ? " %.*s" : " %.*s ",
			       (int)len, word);
	bool found = list != NULL && strstr(list, text) != NULL;

	free(text);
	return found;
}

/* A cluster of options of one letter, as -ml; what follows one with an argument is that. */
static bool is_cluster_of(const struct starter *starter, const char *word)
{
	for (const char *c = word + 1; word[1] != '-' && *c != '\0'; c++) {
		char option[] = {'-', *c, '\0'};

		if (is_listed(starter->clears, option))
			return true;
		if (is_listed(starter->arguments, option))
			break;
	}
	return false;
}

static void others_follow(struct start *start, const struct starter *starter, struct strings *words)
{
	size_t at = 1;
	bool clears = starter->clears != NULL && starter->clears[0] == '\0';

	for (; at < words->count && words->items[at][0] == '-'; at++) {
		const char *word = words->items[at];

		if (strcmp(word, "--") == 0) {
			at++;
			break;
		}
		clears = clears || is_listed(starter->clears, word) || is_cluster_of(starter, word);
		if (is_listed(starter->arguments, word) && strchr(word, '=') == NULL)
			at++;
	}
	/* su takes options behind the name, too, if they are not the shell's. */
	for (size_t i = at; starter->operands < 0 && i < words->count && !clears; i++)
		clears = is_listed(starter->clears, words->items[i]);
	if (clears)
		strings_addf(&start->hidden,
			     "%s starts it with another environment (to set that one: "
			     "docs/DEPLOYMENT.md)",
			     starter->name);
	at += starter->operands > 0 ? (size_t)starter->operands : 0;
	if (starter->operands < 0 || at > words->count)
		at = words->count;
	words->items += at;
	words->count -= at;
}

void starter_follow(struct start *start, struct strings words)
{
	bool is_first = true;

	while (words.count > 0) {
		const struct starter *starter = starter_find(words.items[0]);
		bool is_env = strcmp(base_name(words.items[0]), "env") == 0;

		if (!is_env && is_first)
			start->program = text_make("%s", words.items[0]);
		is_first = is_first && is_env;
		if (is_env)
			env_follow(start, &words);
		else if (starter != NULL)
			others_follow(start, starter, &words);
		else
			break;
	}
	if (start->program != NULL)
		start->why = NULL; /* another env's, further on, that may not be one */
}
