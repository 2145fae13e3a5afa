/* SPDX-License-Identifier: MIT
 *
 * A preloaded onlooker: writes the options that are in force on each server's
 * connection that got a cipher, when a call of its handshake returns and when
 * it is ended or freed, to the file that TELL names (or TELL_DEFAULT: daemons clear their
 * environment): 8 bytes each, after 8 that count them.  It shows the same of a
 * server with sslharden and without.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define TELL_DEFAULT "/var/log/tell"
#define WORDS 511
#define SHOWN __attribute__((visibility("default")))

#ifdef __x86_64__
/* glibc 2.34 moved these; the names they had before are found in releases on both sides. */
__asm__(".symver dlsym, dlsym@GLIBC_2.2.5");
__asm__(".symver dlopen, dlopen@GLIBC_2.2.5");
#endif

typedef struct ssl_st SSL;

SHOWN int SSL_do_handshake(SSL *ssl);
SHOWN int SSL_shutdown(SSL *ssl);
SHOWN int SSL_accept(SSL *ssl);
SHOWN void SSL_free(SSL *ssl);

static struct {
	_Atomic uint64_t count;
	uint64_t options[WORDS];
} * told;

/*
 * Mapped at once, because the process may later be somebody else, in a root of its own; and no
 * descriptor, because daemons close all that they find open.
 */
__attribute__((constructor)) static void map_told(void)
{
	const char *path = getenv("TELL");
	int fd = open(path == NULL ? TELL_DEFAULT : path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	void *map = MAP_FAILED;

	if (fd >= 0 && ftruncate(fd, sizeof(*told)) == 0)
		map = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map != MAP_FAILED)
		told = map;
	if (fd >= 0)
		close(fd);
}

/* libssl's own; a plugin's is in no scope that is searched from here. */
static void *libssl(const char *name)
{
	static const char *const sonames[] = {"libssl.so.3", "libssl.so.1.1"};
	void *found = dlsym(RTLD_NEXT, name);

	for (size_t i = 0; found == NULL && i < sizeof(sonames) / sizeof(sonames[0]); i++) {
		void *handle = dlopen(sonames[i], RTLD_LAZY | RTLD_NOLOAD);

		if (handle != NULL)
			found = dlsym(handle, name);
	}
	return found;
}

static void tell(SSL *ssl)
{
	uint64_t (*options)(const SSL *);
	int (*is_server)(const SSL *);
	const void *(*cipher)(const SSL *);
	uint64_t place;

	*(void **)&options = libssl("SSL_get_options");
	*(void **)&is_server = libssl("SSL_is_server");
	*(void **)&cipher = libssl("SSL_get_current_cipher");
	if (told == NULL || !is_server(ssl) || cipher(ssl) == NULL)
		return;
	place = atomic_fetch_add(&told->count, 1);
	if (place < WORDS)
		told->options[place] = options(ssl);
}

int SSL_do_handshake(SSL *ssl)
{
	int (*real)(SSL *);
	int ret;

	*(void **)&real = libssl("SSL_do_handshake");
	ret = real(ssl);
	tell(ssl);
	return ret;
}

int SSL_accept(SSL *ssl)
{
	int (*real)(SSL *);
	int ret;

	*(void **)&real = libssl("SSL_accept");
	ret = real(ssl);
	tell(ssl);
	return ret;
}

/* Where a connection is freed as garbage is collected (puma), that may be never. */
int SSL_shutdown(SSL *ssl)
{
	int (*real)(SSL *);

	tell(ssl);
	*(void **)&real = libssl("SSL_shutdown");
	return real(ssl);
}

void SSL_free(SSL *ssl)
{
	void (*real)(SSL *);

	if (ssl != NULL)
		tell(ssl);
	*(void **)&real = libssl("SSL_free");
	real(ssl);
}
