/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include <string.h>

static const char *const wrapped[] = {
#define HOOK(ret, name, params) #name,
#define REAL(ret, name, params)
#include "loader/functions.def"
#undef HOOK
#undef REAL
	NULL,
};

const char *const calls_of_servers[] = {"SSL_accept", "SSL_set_accept_state", NULL};

/* Clients call them, too.  The first is not wrapped: libssl itself tells that a handshake begins. */
static const char *const calls_of_both[] = {"SSL_do_handshake", "BIO_new_ssl", NULL};

static const char *find(const char *const *names, const char *name)
{
	while (*names != NULL && strcmp(*names, name) != 0)
		names++;
	return *names;
}

static bool have_one(const struct strings *calls, const char *const *names)
{
	while (*names != NULL && !strings_have(calls, *names))
		names++;
	return *names != NULL;
}

const char *call_wrapped(const char *name)
{
	return find(wrapped, name);
}

bool call_matters(const char *name)
{
	return call_wrapped(name) != NULL || find(calls_of_servers, name) != NULL ||
	       find(calls_of_both, name) != NULL;
}

bool calls_have_server(const struct strings *calls)
{
	return have_one(calls, calls_of_servers);
}

bool calls_serve(const struct strings *calls)
{
	return calls_have_server(calls) || have_one(calls, calls_of_both);
}
