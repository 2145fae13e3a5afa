/* SPDX-License-Identifier: MIT
 *
 * A program without libssl that opens it through plugins, RTLD_LOCAL:
 * plugin_host [--times=N] [--threads|--deepbind] PLUGIN[,PLUGIN...][:PLUGIN...] WORD...
 * Those between commas are all open while each runs the words; then they are
 * closed, and those after a colon take their turn; or each has a thread, and
 * all do it at once.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef RTLD_DEEPBIND /* musl */
#define RTLD_DEEPBIND 0
#endif

enum { PLUGINS_MAX = 4 };

static int mode = RTLD_NOW | RTLD_LOCAL;

/* Answers what the first plugin that fails answers. */
static int run_all(char *names, int argc, char **argv)
{
	void *plugins[PLUGINS_MAX];
	int count = 0, ret = 0;

	for (char *name = strtok(names, ","); name != NULL && count < PLUGINS_MAX;
	     name = strtok(NULL, ",")) {
		plugins[count] = dlopen(name, mode);
		if (plugins[count++] == NULL) {
			fprintf(stderr, "%s\n", dlerror());
			return 3;
		}
	}
	for (int i = 0; i < count && ret == 0; i++) {
		int (*run)(int, char **);

		*(void **)&run = dlsym(plugins[i], "peer_main");
		ret = run(argc, argv);
	}
	while (count > 0)
		dlclose(plugins[--count]);
	return ret;
}

struct turn {
	char *names;
	int times, argc;
	char **argv;
};

static void *take_turns(void *data)
{
	struct turn *turn = data;

	while (turn->times-- > 0) {
		char *names = strdup(turn->names);

		if (run_all(names, turn->argc, turn->argv) != 0)
			exit(3);
		free(names);
	}
	return NULL;
}

static int at_once(char *turns, int times, int argc, char **argv)
{
	pthread_t ids[PLUGINS_MAX];
	struct turn all[PLUGINS_MAX];
	int count = 0;

	for (char *names; (names = strsep(&turns, ":")) != NULL && count < PLUGINS_MAX; count++) {
		all[count] = (struct turn){names, times, argc, argv};
		if (pthread_create(&ids[count], NULL, take_turns, &all[count]) != 0)
			return 3;
	}
	while (count > 0)
		pthread_join(ids[--count], NULL);
	return 0;
}

int main(int argc, char **argv)
{
	int times = 1, first = 1, ret = 0;

	if (argc > 1 && strncmp(argv[1], "--times=", 8) == 0) {
		times = atoi(argv[1] + 8);
		first++;
	}
	if (argc > first + 1 && strcmp(argv[first], "--threads") == 0)
		return at_once(argv[first + 1], times, argc - first - 2, argv + first + 2);
	if (argc > first && strcmp(argv[first], "--deepbind") == 0) {
		mode |= RTLD_DEEPBIND;
		first++;
	}
	if (argc <= first)
		return 2;
	while (times-- > 0 && ret == 0) {
		char *turns = strdup(argv[first]), *rest = turns, *names;

		while ((names = strsep(&rest, ":")) != NULL && ret == 0)
			ret = run_all(names, argc - first - 1, argv + first + 1);
		free(turns);
	}
	return ret;
}
