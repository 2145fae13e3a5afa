/* SPDX-License-Identifier: MIT
 *
 * A program without libssl that opens it through a plugin, RTLD_LOCAL:
 * plugin_host [--times=N] PLUGIN WORD...  The plugin is closed after each time.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
	int times = 1, first = 1, ret = 0;

	if (argc > 1 && strncmp(argv[1], "--times=", 8) == 0) {
		times = atoi(argv[1] + 8);
		first = 2;
	}
	if (argc <= first)
		return 2;
	while (times-- > 0 && ret == 0) {
		int (*run)(int, char **);
		void *plugin = dlopen(argv[first], RTLD_NOW | RTLD_LOCAL);

		if (plugin == NULL) {
			fprintf(stderr, "%s\n", dlerror());
			return 3;
		}
		*(void **)&run = dlsym(plugin, "peer_main");
		ret = run(argc - first - 1, argv + first + 1);
		dlclose(plugin);
	}
	return ret;
}
