/* SPDX-License-Identifier: MIT
 *
 * Another interposer, of a few of libcrypto's functions, as tracers have: those that libssl's
 * references lead to first.  It hands all of them on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>

#define HAND_ON(ret, name, params, args)                        \
	__attribute__((visibility("default"))) ret name params; \
	ret name params                                         \
	{                                                       \
		ret(*real) params;                              \
                                                                \
		*(void **)&real = dlsym(RTLD_NEXT, #name);      \
		return real args;                               \
	}

HAND_ON(int, ERR_set_mark, (void), ())
HAND_ON(void *, OPENSSL_sk_new_null, (void), ())
HAND_ON(void *, OPENSSL_sk_dup, (const void *stack), (stack))
HAND_ON(int, OPENSSL_sk_num, (const void *stack), (stack))
