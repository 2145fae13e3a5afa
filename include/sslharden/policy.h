/* SPDX-License-Identifier: MIT
 *
 * policy: which options, versions and DH sizes a server is to have, in the numbers of the libssl at
 * hand.
 *
 * Every function is pure and may be called from any thread.  None allocates or keeps a pointer that
 * it is given; a pointer that one returns is to constant data of this library.
 *
 * Versions are written in two ways.  A wire version is the number in a hello: 0x0300 is SSL 3.0,
 * 0x0301 TLS 1.0, up to 0x0304 TLS 1.3; 0xfeff is DTLS 1.0 and 0xfefd DTLS 1.2 (RFC 8446, 4.2.1;
 * RFC 6347, 4.1); 0 means none.  A set of versions is a word of bits (versions, below).  Options are
 * the word that SSL_CTX_set_options takes, as each libssl's ssl.h numbers it.
 */
#ifndef SSLHARDEN_POLICY_H
#define SSLHARDEN_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/config.h"
#include "sslharden/role.h"

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
	 * have the method that the program gave them.  For DTLS see context_plan.
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
 * A set of versions, one bit each.  An older version has a lower bit, so two sets of one version
 * compare as the versions do.
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
 * The values that the ssl.h of one generation of libssl gives to the names of options; 0 where it
 * has no such option.  Later releases gave some bits a new meaning, so a bit may only be set if the
 * dialect has it.  Sources: see the tables in policy.c.
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

/* The safe options, without those that the operator's SSLHARDEN_ALLOW_* leave to the program. */
uint64_t policy_options(const struct config *config, const struct dialect *dialect);

/*
 * The lowest wire version that a context may serve: the pin's or the operator's, whichever is newer.
 *
 * @pin  the wire version that the program's method is fixed to; 0: it negotiates
 *
 * Returns 0 if there is no lower bound.
 */
int policy_floor(const struct config *config, enum transport transport, int pin);

/*
 * Whether a method that is pinned to @pin stays: SSLHARDEN_ALLOW_PINNED is set, the pin is not below
 * SSLHARDEN_MIN_PROTOCOL, and it is neither SSL 2.0 nor, without SSLHARDEN_ALLOW_SSLV3, SSL 3.0.
 */
bool policy_keeps_pin(const struct config *config, enum transport transport, int pin);

/*
 * Whether a connection with a method pinned to @pin may be given another method.  For DTLS only if
 * it would serve nobody otherwise, because what SSL_set_mtu, DTLS_set_timer_cb and the like have set
 * on the connection is lost with its method.
 */
bool policy_exchanges(const struct config *config, enum transport transport, int pin);

/*
 * The size in bits of the group of RFC 7919 that replaces DH parameters of @bits: at least
 * SSLHARDEN_MIN_DH_BITS.  0: the parameters stay.
 */
unsigned int policy_dh_bits(const struct config *config, unsigned int bits);

/*
 * The same where libssl itself would choose a size from @weakest to @strongest by the certificate:
 * the answer is never smaller than the largest that it would have chosen.
 */
unsigned int policy_dh_choice(const struct config *config, unsigned int weakest,
			      unsigned int strongest);

/* The highest wire version that a context may serve; 0: no upper bound. */
int policy_cap(const struct config *config, enum transport transport);

/* Whether the wire version @a is older than @b (DTLS counts downwards). */
bool version_older(enum transport transport, int a, int b);

/*
 * The set that holds the one version of a wire number; the empty set for 0 or an unknown number.
 * Inline, as the next four are, because each handshake calls them about ten times.
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

/* The wire number of a set's oldest, or newest, version in a transport; 0 for the empty set. */
int version_lowest(enum transport transport, versions set);
int version_highest(enum transport transport, versions set);

/* The set of a set's newest version alone; and of one version and all that are older. */
static inline versions version_newest(versions set)
{
	return set == 0 ? 0 : 1U << (31 - __builtin_clz(set));
}

static inline versions version_and_older(versions version)
{
	return version | (version - 1);
}

/* All versions not older, or not newer, than a wire number; every version for 0. */
static inline versions versions_from(int version)
{
	versions lowest = version == 0 ? 0 : version_set(version);

	return lowest == 0 ? VERSIONS_ALL : VERSIONS_ALL & ~(lowest - 1);
}

static inline versions versions_to(int version)
{
	versions highest = version == 0 ? 0 : version_set(version);

	return highest == 0 ? VERSIONS_ALL : version_and_older(highest);
}

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

/* The name of a wire version as settings have it: "TLSv1.2" for 0x0303, "none" for 0. */
const char *version_name(int version);

#endif
