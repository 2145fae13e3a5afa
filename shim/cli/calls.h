/* SPDX-License-Identifier: MIT
 *
 * calls: the functions of libssl that matter where they are imported, by name: those that the
 * library wraps, and those by which a connection serves.  Pure; what is returned is constant.
 */
#ifndef SSLHARDEN_CALLS_H
#define SSLHARDEN_CALLS_H

#include "cli.h"

/*
 * What a server alone calls, ended by NULL.  Who has their names as text, and does not import them,
 * calls them by dlsym.
 */
extern const char *const calls_of_servers[];

/* The name of the wrapped function that is called @name; NULL: it is not wrapped. */
const char *call_wrapped(const char *name);

/* Whether it is to be noted that a file imports @name: it is wrapped, or a server may call it. */
bool call_matters(const char *name);

/* Whether who makes @calls may serve: one of them is a server's, or either side's. */
bool calls_serve(const struct strings *calls);

/* Whether one of @calls is a server's alone. */
bool calls_have_server(const struct strings *calls);

#endif
