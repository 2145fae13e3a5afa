/* SPDX-License-Identifier: MIT
 *
 * A preloaded onlooker: writes the options that are in force on each
 * connection once its handshake has been driven, to the file that TELL names.
 * It shows the same of a server with sslharden and without.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct ssl_st SSL;

int SSL_do_handshake(SSL *ssl) __attribute__((visibility("default")));

static void tell(SSL *ssl)
{
	uint64_t (*options)(const SSL *);
	const char *path = getenv("TELL");
	int fd = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);

	*(void **)&options = dlsym(RTLD_DEFAULT, "SSL_get_options");
	if (fd < 0)
		return;
	if (options != NULL)
		dprintf(fd, "0x%llx\n", (unsigned long long)options(ssl));
	close(fd);
}

int SSL_do_handshake(SSL *ssl)
{
	int (*real)(SSL *);
	int ret;

	*(void **)&real = dlsym(RTLD_NEXT, "SSL_do_handshake");
	ret = real(ssl);
	tell(ssl);
	return ret;
}
