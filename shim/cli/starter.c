/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "starter.h"

#include <string.h>

#include "env.h"
#include "launcher.h"
#include "path.h"

void starter_follow(struct start *start, struct strings words)
{
	bool is_first = true;

	while (words.count > 0) {
		const struct launcher *launcher = launcher_find(words.items[0]);
		bool is_env = strcmp(base_name(words.items[0]), "env") == 0;

		if (!is_env && is_first)
			start->program = text_make("%s", words.items[0]);
		is_first = is_first && is_env;
		if (is_env)
			env_follow(start, &words);
		else if (launcher != NULL)
			launcher_follow(start, launcher, &words);
		else
			break;
	}
	if (start->program != NULL)
		start->why = NULL; /* another env's, further on, that may not be one */
}
