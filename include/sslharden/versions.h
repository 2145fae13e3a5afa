/* SPDX-License-Identifier: MIT
 *
 * versions: protocol versions, as numbers and as sets.
 *
 * Every function is pure and may be called from any thread.  A text that one returns is constant.
 *
 * Versions are written in two ways.  A wire version is the number in a hello: 0x0300 is SSL 3.0,
 * 0x0301 TLS 1.0, up to 0x0304 TLS 1.3; 0xfeff is DTLS 1.0 and 0xfefd DTLS 1.2 (RFC 8446, 4.2.1;
 * RFC 6347, 4.1); 0 means none.  A set of versions is a word of bits (versions, below).
 */
#ifndef SSLHARDEN_VERSIONS_H
#define SSLHARDEN_VERSIONS_H

#include <stdbool.h>

#include "sslharden/role.h"

/* Wire versions. */
enum {
	WIRE_SSL2 = 0x0002,
	WIRE_SSL3 = 0x0300,
	WIRE_TLS1 = 0x0301,
	WIRE_TLS1_1 = 0x0302,
	WIRE_TLS1_2 = 0x0303,
	WIRE_TLS1_3 = 0x0304,
	WIRE_DTLS1 = 0xfeff,
	WIRE_DTLS1_2 = 0xfefd,
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

/* Whether the wire version @a is older than @b (DTLS counts downwards). */
bool version_older(enum transport transport, int a, int b);

/*
 * The set that holds the one version of a wire number; the empty set for 0 or an unknown number.
 * Inline, as the next four are, because each handshake calls them about ten times.
 */
static inline versions version_set(int version)
{
	if (version >= WIRE_SSL3 && version <= WIRE_TLS1_3)
		return (versions)VERSION_SSL3 << (version - WIRE_SSL3);
	switch (version) {
	case WIRE_SSL2:
		return VERSION_SSL2;
	case WIRE_DTLS1:
		return VERSION_TLS1_1;
	case WIRE_DTLS1_2:
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

/* The name of a wire version as settings have it: "TLSv1.2" for 0x0303, "none" for 0. */
const char *version_name(int version);

#endif
