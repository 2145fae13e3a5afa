/* SPDX-License-Identifier: MIT
 *
 * groups: which key-exchange groups (RFC 8446, 4.2.7) and curves of certificates TLS 1.3 has.  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_GROUPS_H
#define SSLHARDEN_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether all of a list, as SSL_CTX_set1_groups_list takes it, are curves of older versions alone. */
bool groups_are_older(const char *list);

/* Whether TLS 1.3 signs with keys of this curve, by the name that EVP_PKEY_get_group_name gives. */
bool curve_signs_tls1_3(const char *name);

/*
 * Whether such a list is without P-256.  In TLS 1.2 a server's groups are those of its clients'
 * certificates as well, and in TLS 1.3 they are not (RFC 8422, 5.1; RFC 8446, 4.2.7).
 */
bool groups_lack_p256(const char *list);

/* Whether such a list, as 1.0.2 takes it, has the curve of this number (openssl/obj_mac.h). */
bool groups_have_curve(const char *list, int number);

/* The same as groups_are_older, of numbers of openssl/obj_mac.h. */
bool group_numbers_are_older(const int *numbers, size_t count);

/* And as groups_lack_p256. */
bool group_numbers_lack_p256(const int *numbers, size_t count);

#endif
