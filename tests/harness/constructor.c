/* SPDX-License-Identifier: MIT
 *
 * A library whose constructor uses libssl, before the program's main and
 * before the preloaded library's own constructor.  PEER_WORDS holds the words.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "peer.h"

__attribute__((constructor)) static void early(void)
{
	char *words = getenv("PEER_WORDS");
	char *argv[32];
	int argc = 0;

	if (words == NULL)
		return;
	for (char *w = strtok(strdup(words), " "); w != NULL && argc < 32; w = strtok(NULL, " "))
		argv[argc++] = w;
	peer_main(argc, argv);
}
