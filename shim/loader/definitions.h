/* SPDX-License-Identifier: MIT
 *
 * definitions: which object of the process defines a function of a name.  Safe from any thread and
 * in a forked child.
 */
#ifndef SSLHARDEN_DEFINITIONS_H
#define SSLHARDEN_DEFINITIONS_H

/*
 * The function to call for an object that is no libssl's: the one that another library
 * (libgnutls-openssl) defines under that name, or else any libssl's; NULL if there is none.
 */
void *resolve_foreign(const char *name) __attribute__((cold));

/* The first definition of @name in a loaded libssl; NULL if there is none. */
void *resolve_libssl(const char *name);

/* Our wrapper of the libssl function @name; NULL if it is not wrapped. */
void *wrapper_of(const char *name);

#endif
