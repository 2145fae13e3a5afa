/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "script.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "path.h"
#include "regular_file.h"
#include "starter.h"

enum { HEAD_MAX = 256 }; /* bytes of a script that Linux reads for its first line */

/* --- the first line --------------------------------------------------------- */

/* @line without its "#!".  Linux passes all that follows the first word as one argument. */
static void shebang_read(struct script *script, char *line)
{
	static const char blank[] = " \t";
	struct strings words = {0};
	char *word, *rest, *end;
	struct start start;

	line += strspn(line, blank);
	for (end = line + strlen(line); end > line && strchr(blank, end[-1]) != NULL; end--)
		end[-1] = '\0';
	word = strsep(&line, blank);
	if (*word == '\0')
		return;
	rest = line != NULL ? line + strspn(line, blank) : NULL;
	strings_add(&words, word);
	if (rest != NULL)
		strings_add(&words, rest);
	start = (struct start){.search = script->search};
	starter_follow(&start, words);
	script->hidden = start.hidden;
	script->why = start.why;
	script->search = start.search;
	/* PATH is env's business alone. */
	script->interpreter = strcmp(base_name(word), "env") == 0 ? start.program
			      : strchr(word, '/') != NULL         ? text_make("%s", word)
								  : text_make("./%s", word);
}

bool script_read(const char *path, struct script *script)
{
	char head[HEAD_MAX + 1];
	char *why = NULL;
	int fd = regular_file_open(path, path, &why);
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
	if (strncmp(head, "#!", 2) != 0) {
		/* Linux refuses it, and execvp starts a shell; what has a NUL is no text. */
		script->interpreter = text_make("/bin/sh");
		return strncmp(head, "\177ELF", 4) != 0 &&
		       (line == (size_t)len || head[line] == '\n') && access(path, X_OK) == 0;
	}
	head[line] = '\0';
	if (strchr(head, '\r') != NULL)
		script->why = text_make("its first line ends in a carriage return, which Linux "
					"takes for a part of its interpreter's name");
	else
		shebang_read(script, head + 2);
	return true;
}
