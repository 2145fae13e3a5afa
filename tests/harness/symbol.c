/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

#include <openssl/ssl.h>

#include "peer.h"

/*
 * Asks the libssl that this object is linked with, not RTLD_DEFAULT: a plugin
 * is not in the global scope.  TLSv1_method is an address of that libssl that
 * every release up to 3 has and nobody wraps.
 */
#if OPENSSL_VERSION_NUMBER >= 0x40000000L
#define TLSv1_method TLS_method
#endif
void *peer_symbol(const char *name)
{
	Dl_info info;
	void *handle, *address;

	if (dladdr((void *)TLSv1_method(), &info) == 0)
		return NULL;
	handle = dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
	if (handle == NULL)
		return NULL;
	address = dlsym(handle, name);
	dlclose(handle);
	return address;
}
