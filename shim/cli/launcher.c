/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "launcher.h"

#include <stdlib.h>
#include <string.h>

#include "path.h"

/* clang-format off */ /* a table */
static const struct launcher {
	const char *name;
	const char *arguments; /* its options that take one of their own, each in blanks */
	const char *clears; /* those that clear the environment, likewise; "": it always does */
	int operands; /* words before the program's; -1: what it starts is not among its words */
	const char *words; /* what launcher_words says, NULL: it is never a static program */
} launchers[] = {
	{"setpriv",
	 " --reuid --regid --groups --inh-caps --ambient-caps --bounding-set --securebits"
	 " --pdeathsig --selinux-label --apparmor-profile ",
	 " --reset-env ", 0, NULL},
	{"runuser",
	 " -u --user -g --group -G --supp-group -c --command -s --shell -w"
	 " --whitelist-environment ",
	 " - -l --login ", 0, NULL},
	{"su", " -g --group -G --supp-group -c --command -s --shell -w --whitelist-environment ",
	 " - -l --login ", -1, NULL},
	{"nice", " -n --adjustment ", NULL, 0, NULL},
	{"nohup", "", NULL, 0, NULL},
	{"setsid", "", NULL, 0, NULL},
	{"time", " -f --format -o --output ", NULL, 0, NULL},
	{"timeout", " -k --kill-after -s --signal ", NULL, 1, NULL},
	{"stdbuf", " -i --input -o --output -e --error ", NULL, 0, NULL},
	{"ionice", " -c --class -n --classdata ", NULL, 0, NULL},
	{"chrt", " -T -P -D ", NULL, 1, NULL},
	{"taskset", "", NULL, 1, NULL},
	{"chroot", "", NULL, 1, NULL},
	/* Containers' first processes, and what gives up root in them. */
	{"gosu", "", NULL, 1, " USER"},
	{"su-exec", "", NULL, 1, " USER"},
	{"setuidgid", "", NULL, 1, " USER"},
	{"s6-setuidgid", "", NULL, 1, " USER"},
	{"chpst", " -u -U -b -e -/ -n -m -d -o -p -f -c -r -t -l -L ", NULL, 0, " -u USER"},
	{"tini", " -p -e ", NULL, 0, " --"},
	{"tini-static", " -p -e ", NULL, 0, " --"},
	{"dumb-init", " -r --rewrite ", NULL, 0, " --"},
	{"catatonit", "", NULL, 0, " --"},
	{"busybox", "", NULL, 0, " env"},
	/* What these start is no child of theirs, or gets what they choose. */
	{"service", "", "", -1, NULL},
	{"invoke-rc.d", "", "", -1, NULL},
	{"systemctl", "", "", -1, NULL},
	{"systemd-run", "", "", -1, NULL},
	{"sudo", "", "", -1, NULL},
	{"doas", "", "", -1, NULL},
	{"pkexec", "", "", -1, NULL},
	{"at", "", "", -1, NULL},
	{"batch", "", "", -1, NULL},
	{"docker", "", "", -1, NULL},
	{"podman", "", "", -1, NULL},
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

/* Whether a cluster of options of one letter, as -ml, clears; behind one with an argument is that. */
static bool cluster_clears(const struct launcher *launcher, const char *word)
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
			 cluster_clears(launcher, word);
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
	const struct launcher *launcher = launcher_find(program->path);
	bool has_business = program->has_libssl_text || program->names_crypto_tls;

	if (!elf_file_is_static(program))
		return NULL;
	if (launcher != NULL && launcher->words != NULL)
		return launcher->words;
	return program->defines_exec && !has_business ? " ..." : NULL;
}
