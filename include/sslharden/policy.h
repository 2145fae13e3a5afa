/* SPDX-License-Identifier: MIT
 *
 * policy: what a server context or connection is to have, as numbers of the
 * libssl at hand.  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_POLICY_H
#define SSLHARDEN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/config.h"
#include "sslharden/role.h"

/* Who made a libssl, told by what it exports (resolve.c). */
enum family {
	FAMILY_OPENSSL,
	FAMILY_LIBRESSL,
	FAMILY_BORINGSSL, /* and AWS-LC, which comes of it */
};

/* How a connection of a pinned generic context can be opened upwards. */
enum pinning {
	PIN_BY_CONTEXT, /* only the context's method counts in the end (OpenSSL 1.1.0 and later) */
	PIN_BY_CONNECTION, /* a connection keeps the method that it is given (before) */
	PIN_IS_RANGE, /* a pinned method only presets the version range (BoringSSL) */
	PIN_STAYS, /* not without showing in a client's hello (LibreSSL) */
};

/*
 * The values that one generation of OpenSSL gives the names of ssl.h; 0 where
 * it has no such option.  The bits were reused for other things, so none may
 * be set on faith.
 */
struct dialect {
	char name[16];
	unsigned long first; /* lowest OPENSSL_VERSION_NUMBER it is true of */
	uint64_t no_sslv2;
	uint64_t no_sslv3;
	uint64_t no_compression;
	uint64_t cipher_server_preference;
	uint64_t prioritize_chacha;
	uint64_t single_dh_use;
	uint64_t single_ecdh_use;
	uint64_t no_tlsv1;
	uint64_t no_tlsv1_1;
	uint64_t no_tlsv1_2;
	uint64_t no_dtlsv1;
	uint64_t no_dtlsv1_2;
	bool option_functions; /* SSL_CTX_set_options is a function (1.1.0 and later) */
	bool proto_version; /* SSL_CTRL_SET_MIN_PROTO_VERSION works (1.1.0 and later) */
	/*
	 * A client's hello depends on its lowest version: with one above TLS 1.0 it
	 * carries renegotiation_info in place of the signalling cipher suite (seen
	 * in 3.5, not in 3.3).
	 */
	bool hello_shows_minimum;
	bool ecdhe_on_request; /* no ECDHE until a curve is set (before 1.1.0) */
	bool method_is_first; /* an SSL_CTX begins with its method, which has no getter */
	bool asked_by_name; /* the values are what SSL_CONF_cmd makes of the names (learn.c) */
	enum pinning pinning;
	/*
	 * A connection keeps the method of the context that it was made of; before 3.2 a handshake
	 * begins with that of the context that it has by then (SSL_clear; seen in 3.0 and 3.5).
	 */
	bool keeps_method;
	bool fresh_is_client; /* SSL_is_server says 0 until a side is taken (BoringSSL) */
};

/*
 * @version           what SSLeay() or OpenSSL_version_num() answers
 * @option_functions  whether the library exports SSL_CTX_set_options
 *
 * Answers the dialect, or NULL for a library whose exports contradict its
 * number: nothing may be set there.
 */
const struct dialect *dialect_find(enum family family, unsigned long version,
				   bool option_functions);

/* The safe options of @config, less what the operator gave back. */
uint64_t policy_options(const struct config *config, const struct dialect *dialect);

/*
 * The lowest wire version that a context may serve.
 *
 * @pin  what the program's own choice of method allows at the least; 0 for a
 *       method that negotiates
 *
 * Answers 0 where there is nothing to hold.
 */
int policy_floor(const struct config *config, enum transport transport, int pin);

/*
 * Whether the operator leaves a method pinned to @pin as it is: allowed, and
 * not below the operator's own floor, which nothing else would hold; nor one on
 * SSL 2.0, or on 3.0 where that was not given back.
 */
bool policy_keeps_pin(const struct config *config, enum transport transport, int pin);

/* The highest wire version that a context may serve, 0: no cap. */
int policy_cap(const struct config *config, enum transport transport);

/* Whether the wire version @a is older than @b (DTLS counts downwards). */
bool version_older(enum transport transport, int a, int b);

/*
 * The options that forbid every version below @floor and above @cap (0: no
 * bound), for a libssl without version ranges.
 */
uint64_t version_options(const struct dialect *dialect, enum transport transport, int floor,
			 int cap);

/*
 * Writes the names of @options, as ssl.h has them after SSL_OP_ and with a space between, to
 * @text: "none" where there are none, and a number for those that the dialect does not name.
 */
enum { OPTIONS_TEXT_MAX = 256 };
void options_text(const struct dialect *dialect, uint64_t options, char text[OPTIONS_TEXT_MAX]);

/* "TLSv1.2" for 0x0303; a fixed string, "none" for 0. */
const char *version_name(int version);

#endif
