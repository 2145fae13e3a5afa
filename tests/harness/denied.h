/* SPDX-License-Identifier: MIT
 *
 * denied: memory that is not there: libssl's allocations, of which one fails.
 */
#ifndef SSLHARDEN_TESTS_DENIED_H
#define SSLHARDEN_TESTS_DENIED_H

#include <openssl/crypto.h>
#include <stdlib.h>

/*
 * Which allocation from now on fails, from 1; 0: none.  Of all threads, or of this one alone where
 * DENIED_OF_THREAD is defined: a plugin cannot, for LeakSanitizer ends by a signal over the thread-local
 * data of what dlopen has loaded (GCC 12's).
 */
#ifdef DENIED_OF_THREAD
static _Thread_local int denied_in;
#else
static int denied_in;
#endif

static inline int is_denied(void)
{
	return denied_in > 0 && --denied_in == 0;
}

#if OPENSSL_VERSION_NUMBER >= 0x10100000L
#define DENIED_PLACE , const char *file, int line /* where libssl asks from */
#define DENIED_UNUSED (void)file, (void)line
#else
#define DENIED_PLACE
#define DENIED_UNUSED (void)0
#endif

static inline void *denied_malloc(size_t size DENIED_PLACE)
{
	DENIED_UNUSED;
	return is_denied() ? NULL : malloc(size);
}

static inline void *denied_realloc(void *memory, size_t size DENIED_PLACE)
{
	DENIED_UNUSED;
	return is_denied() ? NULL : realloc(memory, size);
}

static inline void denied_free(void *memory DENIED_PLACE)
{
	DENIED_UNUSED;
	free(memory);
}

/* To be called before libssl allocates anything: or it would not take them. */
static inline void denied_set(void)
{
	CRYPTO_set_mem_functions(denied_malloc, denied_realloc, denied_free);
}

#endif
