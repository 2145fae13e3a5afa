/* SPDX-License-Identifier: MIT
 *
 * Look-ups whose meaning depends on who makes them.  Built as the program
 * (NEXT undefined) and as two libraries, 1 and 2, that it is linked with in that
 * order; each library defines next_name, and hands on to the next one's.  A
 * wrapper of dlsym that calls instead of jumping makes library 1 find itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>

int next_name(int depth);

#ifdef NEXT

int next_name(int depth)
{
	int (*by_name)(int) = (int (*)(int))dlsym(RTLD_NEXT, "next_name");
	int (*by_version)(int) = (int (*)(int))dlvsym(RTLD_NEXT, "next_name", "NEXT_1");

	printf("library %d: next %d, of a version %d\n", NEXT, by_name != NULL, by_version != NULL);
	if (depth > 2 || by_name == NULL)
		return NEXT;
	return by_name(depth + 1);
}

#else

/* The program's own, as compatibility code has it. */
__attribute__((visibility("default"))) int SSL_up_ref(void *ssl);

int SSL_up_ref(void *ssl)
{
	(void)ssl;
	return 42;
}

int main(int argc, char **argv)
{
	int (*first)(int) = (int (*)(int))dlsym(RTLD_DEFAULT, "next_name");
	void *missing;

	printf("ends in library %d\n", first(0));
	printf("default is first %d\n", first == next_name);
	printf("SSL_up_ref is the program's %d\n",
	       dlsym(RTLD_DEFAULT, "SSL_up_ref") == (void *)SSL_up_ref);
	missing = dlsym(RTLD_DEFAULT, "SSL_CTX_new");
	printf("SSL_CTX_new %d error %d\n", missing != NULL, dlerror() != NULL);
	missing = dlsym(RTLD_NEXT, "SSL_CTX_new_ex");
	printf("SSL_CTX_new_ex %d error %d\n", missing != NULL, dlerror() != NULL);
	missing = dlsym(dlopen(NULL, RTLD_NOW), "SSL_CONF_cmd");
	printf("SSL_CONF_cmd %d error %d\n", missing != NULL, dlerror() != NULL);
	if (argc > 1) { /* a plugin's own look-up: its scope is not ours */
		void *plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
		int (*scope)(void) = plugin == NULL ? NULL : (int (*)(void))dlsym(plugin, "scope");

		printf("plugin's scope %d\n", scope == NULL ? -1 : scope());
	}
	return 0;
}

#endif
