/* SPDX-License-Identifier: MIT
 *
 * certificate: whether a server's certificates can be used with the operator's
 * cipher list.  The caller brackets OpenSSL's error queue and errno.
 */
#ifndef SSLHARDEN_CERTIFICATE_H
#define SSLHARDEN_CERTIFICATE_H

#include "loader/resolve.h"

/* How a suite of TLS 1.2 and older authenticates the server, or a key can; a set. */
enum authentication {
	AUTH_RSA = 1,
	AUTH_ECDSA = 2, /* Edwards curves too (RFC 8422, 5.10) */
	AUTH_OTHER = 4, /* no certificate, or a kind of which nothing is known */
};

/* What the suites of a connection's list ask for; those of TLS 1.3 ask for nothing. */
unsigned int suites_authenticate_by(const struct image *image, const SSL *ssl);

/* What its certificates give; 0: it has none yet. */
unsigned int certificates_give(const struct image *image, SSL *ssl);

#endif
