/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "launcher.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

/* Static programs that start others, and what stands between them and those. */
static const struct {
	const char *name, *words;
} starters[] = {
	{"gosu", " USER"},     {"su-exec", " USER"},      {"setuidgid", " USER"},
	{"chpst", " -u USER"}, {"s6-setuidgid", " USER"}, {"tini", " --"},
	{"dumb-init", " --"},  {"tini-static", " --"},    {"catatonit", " --"},
	{"busybox", " env"},
};

/* clang-format off */ /* a table */
static const struct launcher {
	const char *name;
	const char *arguments; /* its options that take one of their own, each in blanks */
	const char *clears; /* those that clear the environment, likewise; "": it always does */
	int operands; /* words before the program's; -1: what it starts is not among its words */
} launchers[] = {
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

const struct launcher *launcher_find(const char *program)
{
	for (size_t i = 0; i < sizeof(launchers) / sizeof(launchers[0]); i++) {
		if (strcmp(base_name(program), launchers[i].name) == 0)
			return &launchers[i];
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
static bool is_cluster_of(const struct launcher *launcher, const char *word)
{
	for (const char *c = word + 1; word[1] != '-' && *c != '\0'; c++) {
		char option[] = {'-', *c, '\0'};

		if (is_listed(launcher->clears, option))
			return true;
		if (is_listed(launcher->arguments, option))
			break;
	}
	return false;
}

void launcher_follow(struct start *start, const struct launcher *launcher, struct strings *words)
{
	size_t at = 1;
	bool clears = launcher->clears != NULL && launcher->clears[0] == '\0';

	for (; at < words->count && words->items[at][0] == '-'; at++) {
		const char *word = words->items[at];

		if (strcmp(word, "--") == 0) {
			at++;
			break;
		}
		clears = clears || is_listed(launcher->clears, word) ||
			 is_cluster_of(launcher, word);
		if (is_listed(launcher->arguments, word) && strchr(word, '=') == NULL)
			at++;
	}
	/* su takes options behind the name, too, if they are not the shell's. */
	for (size_t i = at; launcher->operands < 0 && i < words->count && !clears; i++)
		clears = is_listed(launcher->clears, words->items[i]);
	if (clears)
		strings_addf(&start->hidden,
			     "%s starts it with another environment (to set that one: "
			     "docs/DEPLOYMENT.md)",
			     launcher->name);
	at += launcher->operands > 0 ? (size_t)launcher->operands : 0;
	if (launcher->operands < 0 || at > words->count)
		at = words->count;
	words->items += at;
	words->count -= at;
}

const char *launcher_words(const struct elf_file *program)
{
	if (!elf_file_is_static(program))
		return NULL;
	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++) {
		if (strcmp(base_name(program->path), starters[i].name) == 0)
			return starters[i].words;
	}
	return program->defines_exec && !program->has_libssl_text && !program->names_crypto_tls
		       ? " ..."
		       : NULL;
}
