/* SPDX-License-Identifier: MIT
 *
 * groups: which key-exchange groups TLS 1.3 has (RFC 8446, 4.2.7).  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_GROUPS_H
#define SSLHARDEN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether all of a list, as SSL_CTX_set1_groups_list takes it, are curves of older versions alone. */
bool groups_are_older(const char *list);

/* The same of numbers of openssl/obj_mac.h. */
bool group_numbers_are_older(const int *numbers, size_t count);

#endif
