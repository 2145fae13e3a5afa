/* SPDX-License-Identifier: MIT
 *
 * policy: what a server context or connection is to have, as numbers of the
 * libssl at hand.  Pure, and safe from any thread: nothing is allocated, no pointer that is given
 * is kept, and what is answered by pointer is constant and the library's.
 *
 * Versions are told in two ways.  A wire version is the number in a hello: 0x0300 SSL 3.0, 0x0301
 * TLS 1.0 to 0x0304 TLS 1.3; 0xfeff DTLS 1.0, 0xfefd DTLS 1.2 (RFC 8446, 4.2.1; RFC 6347, 4.1); 0
 * is none.  A set of them is a word of bits (versions, below).  Options are the words of
 * SSL_CTX_set_options, as each libssl's ssl.h numbers them.
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

/* When a pinned method can be exchanged for a flexible one. */
enum pinning {
	/*
	 * When the handshake begins (OpenSSL 1.1.0 and later): until then context and connection
	 * have what the program gave them.  DTLS is the exception, see context_plan.
	 */
	PIN_AT_HANDSHAKE,
	/*
	 * Before it (older ones, which cannot bear it then): a server's when the context is made, a
	 * generic one when the connection takes its side.
	 */
	PIN_BEFORE_HANDSHAKE,
	PIN_IS_RANGE, /* a pinned method only presets the version range (BoringSSL) */
	PIN_STAYS, /* not at all (LibreSSL) */
};

/*
 * A set of versions, a bit each in ascending order, so that a lower one is a smaller number.
 * DTLS 1.0 and 1.2 stand where TLS 1.1 and 1.2 do, of which they are the datagram forms
 * (RFC 4347, RFC 6347).
 */
typedef unsigned int versions;
enum {
	VERSION_SSL2 = 1 << 0,
	VERSION_SSL3 = 1 << 1,
	VERSION_TLS1 = 1 << 2,
	VERSION_TLS1_1 = 1 << 3,
	VERSION_TLS1_2 = 1 << 4,
	VERSION_TLS1_3 = 1 << 5,
	VERSIONS_ALL = (1 << 6) - 1,
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
	uint64_t no_ticket;
	uint64_t no_resumption; /* in a renegotiation */
	uint64_t no_renegotiation;
	uint64_t allow_client_renegotiation; /* without it none is done (3.0 and later) */
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
	bool method_is_first; /* an SSL_CTX begins with its method, which has no getter */
	bool asked_by_name; /* the values are what SSL_CONF_cmd makes of the names (learn.c) */
	enum pinning pinning;
	/* A connection that is used again (SSL_clear) serves TLS 1.3 again (seen in 3.5, not in 3.3). */
	bool reuses_tls1_3;
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

/*
 * Whether a connection with a method pinned to @pin may be given another one.  Of DTLS only where
 * it would serve nobody otherwise: what SSL_set_mtu, DTLS_set_timer_cb and the like have left with
 * the connection goes with its method.
 */
bool policy_exchanges(const struct config *config, enum transport transport, int pin);

/*
 * How many bits DH parameters of @bits are replaced by: a size of RFC 7919 that is as large as the
 * operator asks, at the least; 0: they stay.
 */
unsigned int policy_dh_bits(const struct config *config, unsigned int bits);

/* The same of what libssl would choose, between two sizes: nobody gets less than before. */
unsigned int policy_dh_choice(const struct config *config, unsigned int weakest,
			      unsigned int strongest);

/* The highest wire version that a context may serve, 0: no cap. */
int policy_cap(const struct config *config, enum transport transport);

/* Whether the wire version @a is older than @b (DTLS counts downwards). */
bool version_older(enum transport transport, int a, int b);

/*
 * The version of a wire number, as a set of one; of 0 or what is no version, the empty set.
 * Here, as the two below are, because every handshake asks some ten times.
 */
static inline versions version_set(int version)
{
	if (version >= 0x0300 && version <= 0x0304)
		return (versions)VERSION_SSL3 << (version - 0x0300);
	switch (version) {
	case 0x0002:
		return VERSION_SSL2;
	case 0xfeff:
		return VERSION_TLS1_1;
	case 0xfefd:
		return VERSION_TLS1_2;
	}
	return 0;
}

/* The wire number of the lowest, or highest, of a set in a transport; 0 of the empty set. */
int version_lowest(enum transport transport, versions set);
int version_highest(enum transport transport, versions set);

/* The newest of a set alone, or none; and that one and all that are older. */
static inline versions newest(versions set)
{
	return set == 0 ? 0 : 1U << (31 - __builtin_clz(set));
}

static inline versions and_older(versions version)
{
	return version | (version - 1);
}

/* Every version from that of a wire number upwards, or downwards; 0 means no bound. */
static inline versions versions_from(int version)
{
	versions lowest = version == 0 ? 0 : version_set(version);

	return lowest == 0 ? VERSIONS_ALL : VERSIONS_ALL & ~(lowest - 1);
}

static inline versions versions_to(int version)
{
	versions highest = version == 0 ? 0 : version_set(version);

	return highest == 0 ? VERSIONS_ALL : and_older(highest);
}

/* What this libssl's flexible method of a transport can serve where nothing is forbidden. */
versions versions_spoken(const struct dialect *dialect, enum transport transport);

/* The versions that options forbid; and the options that forbid versions. */
versions versions_forbidden(const struct dialect *dialect, enum transport transport,
			    uint64_t options);
uint64_t version_options(const struct dialect *dialect, enum transport transport, versions set);

/*
 * Writes the names of @options, as ssl.h has them after SSL_OP_ and with a space between, to
 * @text: "none" where there are none, and a number for those that the dialect does not name.
 */
enum { OPTIONS_TEXT_MAX = 256 };
void options_text(const struct dialect *dialect, uint64_t options, char text[OPTIONS_TEXT_MAX]);

/* "TLSv1.2" for 0x0303; a fixed string, "none" for 0. */
const char *version_name(int version);

#endif
