/* SPDX-License-Identifier: MIT
 *
 * A program that opens libssl itself and fetches its functions by handle, as
 * CivetWeb, Qt and .NET do: by_handle LIBSSL...
 * All are open at once.  Of each it makes a server context, pinned if it can, says what
 * options it has, and which of two names that came late its libssl knows.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { LIBRARIES_MAX = 4 };

typedef void *(*make_fn)(const void *);
typedef const void *(*method_fn)(void);
typedef long (*ctrl_fn)(void *, int, long, void *);
typedef uint64_t (*options_fn)(const void *);

static void *fetch(void *handle, const char *name)
{
	void *found = dlsym(handle, name);

	if (found == NULL)
		printf("error %s\n", dlerror() == NULL ? "none" : name);
	else if (dlerror() != NULL)
		printf("error after success %s\n", name);
	return found;
}

static int report(void *handle)
{
	make_fn make = (make_fn)fetch(handle, "SSL_CTX_new");
	bool pins = dlsym(handle, "TLSv1_server_method") != NULL; /* before 4.0 */
	method_fn method =
		(method_fn)fetch(handle, pins ? "TLSv1_server_method" : "TLS_server_method");
	options_fn get = (options_fn)dlsym(handle, "SSL_CTX_get_options");
	ctrl_fn ctrl = (ctrl_fn)dlsym(handle, "SSL_CTX_ctrl");
	int (*init)(void) = (int (*)(void))dlsym(handle, "SSL_library_init");
	void *ctx;

	if (init != NULL) /* before 1.1.0 */
		init();
	if (make == NULL || method == NULL || (ctx = make(method())) == NULL)
		return 3;
	printf("options 0x%lx\n",
	       get != NULL ? (unsigned long)get(ctx) : (unsigned long)ctrl(ctx, 32, 0, NULL));
	((void (*)(void *))fetch(handle, "SSL_CTX_free"))(ctx);
	fetch(handle, "SSL_CTX_new_ex");
	fetch(handle, "SSL_CONF_cmd");
#ifdef __GLIBC__ /* musl has no versions */
	printf("versioned %d\n", dlvsym(handle, "SSL_CTX_new", "OPENSSL_3.0.0") != NULL);
#endif
	return 0;
}

int main(int argc, char **argv)
{
	void *handles[LIBRARIES_MAX];
	int ret = argc > LIBRARIES_MAX + 1 ? 2 : 0;

	for (int i = 1; i < argc && ret == 0; i++) {
		handles[i - 1] = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
		if (handles[i - 1] == NULL) {
			fprintf(stderr, "%s\n", dlerror());
			return 3;
		}
	}
	for (int i = 1; i < argc && ret == 0; i++)
		ret = report(handles[i - 1]);
	/* Nothing of it is in the global scope: there the names must stay unknown. */
	printf("global %d\n", dlsym(RTLD_DEFAULT, "SSL_CTX_set_options_of_nobody") != NULL);
	return ret;
}
