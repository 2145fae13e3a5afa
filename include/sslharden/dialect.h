/* SPDX-License-Identifier: MIT
 *
 * dialect: what the numbers of one generation of libssl mean: the values of its options, and how its
 * pinned methods behave.
 *
 * Every function is pure and may be called from any thread.  None allocates or keeps a pointer that
 * it is given; a pointer that one returns is to constant data of this library.  Options are the word
 * that SSL_CTX_set_options takes, as each libssl's ssl.h numbers it.
 */
#ifndef SSLHARDEN_DIALECT_H
#define SSLHARDEN_DIALECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/versions.h"

/* Who made a libssl; image.c finds out from the names that it exports. */
enum family {
	FAMILY_OPENSSL,
	FAMILY_LIBRESSL,
	FAMILY_BORINGSSL, /* and AWS-LC, which comes of it */
};

/* When a pinned method can be exchanged for a flexible one. */
enum pinning {
	/*
	 * When the handshake begins (OpenSSL 1.1.0 and later): until then context and connection
	 * have the method that the program gave them.  For DTLS see context_exchanges.
	 */
	PIN_AT_HANDSHAKE,
	/*
	 * Before the handshake (OpenSSL before 1.1.0, which fails or crashes if the method changes
	 * in it): a server method when the context is made, a generic one when the connection
	 * takes the server side.
	 */
	PIN_BEFORE_HANDSHAKE,
	PIN_IS_RANGE, /* a pinned method only presets the version range (BoringSSL) */
	PIN_STAYS, /* never (LibreSSL) */
};

/*
 * The values that the ssl.h of one generation of libssl gives to the names of options; 0 where it
 * has no such option.  Later releases gave some bits a new meaning, so a bit may only be set if the
 * dialect has it.  Sources: see the tables in dialect.c.
 */
struct dialect {
	char name[16];
	unsigned long since; /* the lowest OPENSSL_VERSION_NUMBER that has these values */
	uint64_t no_sslv2;
	uint64_t no_sslv3;
	uint64_t no_compression;
	uint64_t cipher_server_preference;
	uint64_t prioritize_chacha;
	uint64_t no_ticket;
	uint64_t no_resumption; /* NO_SESSION_RESUMPTION_ON_RENEGOTIATION */
	uint64_t no_renegotiation;
	uint64_t allow_client_renegotiation; /* 3.0 and later; without it a client gets none */
	uint64_t single_dh_use;
	uint64_t single_ecdh_use;
	uint64_t no_tlsv1;
	uint64_t no_tlsv1_1;
	uint64_t no_tlsv1_2;
	uint64_t no_tlsv1_3;
	uint64_t no_dtlsv1;
	uint64_t no_dtlsv1_2;
	bool option_functions; /* SSL_CTX_set_options is a function (1.1.0 and later) */
	bool proto_version; /* SSL_CTRL_SET_MIN_PROTO_VERSION works (1.1.0 and later) */
	bool ecdhe_on_request; /* no ECDHE until a curve is set (before 1.1.0) */
	bool method_is_first; /* no getter: the method is the first member of an SSL_CTX */
	bool options_by_name; /* the values are learned from SSL_CONF_cmd (learn.c) */
	enum pinning pinning;
	/* After SSL_clear a connection can serve TLS 1.3 again (tried: 3.5 can, 3.3 cannot). */
	bool reuses_tls1_3;
	/* A key callback without a key leaves half a ticket in TLS 1.3 (until 3.0.1). */
	bool breaks_empty_ticket;
	bool fresh_is_client; /* SSL_is_server says 0 until a side is taken (BoringSSL) */
};

/*
 * @version           what SSLeay() or OpenSSL_version_num() answers
 * @option_functions  whether the library exports SSL_CTX_set_options
 *
 * Returns NULL if the library's exports contradict its number: nothing may be set there.
 */
const struct dialect *dialect_find(enum family family, unsigned long version,
				   bool option_functions);

/* The versions that this libssl's flexible method of a transport serves if no option forbids one. */
versions versions_spoken(const struct dialect *dialect, enum transport transport);

/* The versions that a word of options forbids; and the options that forbid a set of versions. */
versions versions_forbidden(const struct dialect *dialect, enum transport transport,
			    uint64_t options);
uint64_t version_options(const struct dialect *dialect, enum transport transport, versions set);

/*
 * Writes "options" and the names of @options to @text, as ssl.h has them after SSL_OP_, separated by
 * spaces; bits without a name come last as one hexadecimal number.  "no option" for 0.
 */
enum { OPTIONS_TEXT_MAX = 256 };
void options_text(const struct dialect *dialect, uint64_t options, char text[OPTIONS_TEXT_MAX]);

#endif
