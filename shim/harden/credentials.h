/* SPDX-License-Identifier: MIT
 *
 * credentials: how a suite authenticates the server, and for which suites its certificates will do.
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the SSL.
 */
#ifndef SSLHARDEN_CREDENTIALS_H
#define SSLHARDEN_CREDENTIALS_H

#include "loader/resolve.h"

/*
 * How a suite of TLS 1.2 and older authenticates the server, or a certificate can; bits of a set.
 */
enum authentication {
	AUTH_RSA = 1,
	AUTH_ECDSA = 2, /* Edwards curves too (RFC 8422, 5.10) */
	AUTH_OTHER = 4, /* a kind of certificate of which nothing is known here: DSS, GOST ... */
	AUTH_PSK = 8,
	AUTH_SRP = 16,
	AUTH_NONE = 32, /* anonymous */
	AUTH_BITS = 6,
	AUTH_KEY = AUTH_PSK | AUTH_SRP | AUTH_NONE, /* a key that both sides have, or nothing */
	AUTH_ALL = (1 << AUTH_BITS) - 1,
	AUTH_CERTIFICATE = AUTH_RSA | AUTH_ECDSA | AUTH_OTHER,
};

/*
 * The AUTH_* of a suite, by its name (SSL_CIPHER_get_name); 0 for TLS 1.3, whose suites do not say.
 */
unsigned int suite_authentication(const char *name);

/*
 * Of a certificate, beside its AUTH_*: TLS 1.3 can sign with its key; and above, its AUTH_* once
 * more if it serves below TLS 1.2 and by RSA key exchange, too.  One for RSA-PSS does neither, nor
 * does an Edwards curve.
 */
enum { SIGNS_TLS1_3 = 1 << AUTH_BITS, AUTH_PLAIN_SHIFT = AUTH_BITS + 1 };

/* What the connection's current certificate gives, all these; or all of them.  0: it has none. */
unsigned int certificate_authenticates(const struct image *image, const SSL *ssl);
unsigned int certificates_authenticate(const struct image *image, SSL *ssl);

/*
 * Whether one of its certificates is on a curve that a list of groups does not have.  Before 1.1.0 (and
 * for those releases alone it can be asked) libssl then does not use the certificate.
 */
bool certificates_are_off_groups(const struct image *image, SSL *ssl, const char *groups);

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
