/* SPDX-License-Identifier: MIT
 *
 * cipher_names: the names that a list of suites may have in any OpenSSL.  libssl passes over what it
 * does not know, in silence, so that a name that was mistyped is never missed.
 */
#ifndef SSLHARDEN_CIPHER_NAMES_H
#define SSLHARDEN_CIPHER_NAMES_H

#include <stddef.h>

/*
 * The next entry of a list (ciphers(1), of TLS 1.3's suites too) that has a name which no OpenSSL
 * knows; NULL: there is no more.
 *
 * @rest  where to go on
 * @len   its length in bytes, without the separator after it
 */
const char *cipher_names_unknown(const char **rest, size_t *len);

#endif
