/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_HOOKS_H
#define SSLHARDEN_HOOKS_H

/* Our wrapper of the libssl function @name, or NULL if it is not wrapped. */
void *hook_find(const char *name);

#endif
