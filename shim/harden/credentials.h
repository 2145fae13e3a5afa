/* SPDX-License-Identifier: MIT
 *
 * credentials: how a server can prove who it is, and what suites ask of it there.  The caller
 * brackets OpenSSL's error queue and errno.
 */
#ifndef SSLHARDEN_CREDENTIALS_H
#define SSLHARDEN_CREDENTIALS_H

#include "loader/resolve.h"

/* How a suite of TLS 1.2 and older authenticates the server, or a certificate can; a set. */
enum authentication {
	AUTH_RSA = 1,
	AUTH_ECDSA = 2, /* Edwards curves too (RFC 8422, 5.10) */
	AUTH_OTHER = 4, /* a kind of certificate of which nothing is known here: DSS, GOST ... */
	AUTH_PSK = 8,
	AUTH_SRP = 16,
	AUTH_NONE = 32, /* anonymous */
	AUTH_BITS = 6,
	AUTH_KEY = AUTH_PSK | AUTH_SRP | AUTH_NONE, /* a key that both sides have, or nothing */
	AUTH_CERTIFICATE = AUTH_RSA | AUTH_ECDSA | AUTH_OTHER,
};

/* By a suite's name, as SSL_CIPHER_get_name answers it; 0: of TLS 1.3, which leaves that open. */
unsigned int suite_authenticates_by(const char *name);

/* What the connection's current certificate gives; or all of them.  0: it has none. */
unsigned int certificate_gives(const struct image *image, const SSL *ssl);
unsigned int certificates_give(const struct image *image, SSL *ssl);

/*
 * How strong the keys are by which its certificates sign a DH exchange (not an elliptic one), in
 * bits of security.
 */
struct strengths {
	bool known; /* else this libcrypto does not tell */
	bool none; /* it has no certificate at all */
	int weakest, strongest; /* 0: none of them can */
};
struct strengths certificates_strengths(const struct image *image, SSL *ssl);

#endif
