/* SPDX-License-Identifier: MIT
 *
 * demands: what a connection's cipher list, with its certificates, demands of a client.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the
 * connection itself.
 */
#ifndef SSLHARDEN_DEMANDS_H
#define SSLHARDEN_DEMANDS_H

#include "harden/decide.h"
#include "loader/resolve.h"

/*
 * Reads all of struct demands but tls1_2_asks_less.
 *
 * @moved  the context whose list is meant, as libssl means it after SSL_set_SSL_CTX in a
 *         callback; NULL: the connection's own
 * @hint   a PSK identity hint was set
 */
struct demands demands_read(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool hint)
	__attribute__((cold));

/*
 * Whether of its usable suites those that came with TLS 1.2 ask less of a client than the older
 * ones do: no key, fewer bits, or no authentication or encryption at all.
 *
 * @moved   as above
 * @brings  a callback may bring another certificate, which older versions may have no use for
 */
bool demands_tls1_2_asks_less(const struct image *image, SSL *ssl, const SSL_CTX *moved,
			      bool brings) __attribute__((cold));

/*
 * Whether its list puts a suite without forward secrecy before one with it, of those that its
 * certificates can use before TLS 1.3.
 */
bool demands_prefer_worse(const struct image *image, SSL *ssl);

/*
 * Whether its list has suites that need a curve and do not authenticate or encrypt.
 *
 * @alone  and no others
 */
bool demands_have_unsafe_ecdhe(const struct image *image, const SSL *ssl, bool *alone)
	__attribute__((cold));

#endif
