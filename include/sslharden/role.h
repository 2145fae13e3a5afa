/* SPDX-License-Identifier: MIT
 *
 * role: what an SSL_METHOD pointer says of the side a context will take.
 *
 * Pure: nothing here touches a loader, an environment or a context.  All of
 * it is safe from any thread; nothing is allocated, and what is answered is constant.
 */
#ifndef SSLHARDEN_ROLE_H
#define SSLHARDEN_ROLE_H

enum role {
	ROLE_UNKNOWN, /* no method of this libssl that we know */
	ROLE_CLIENT,
	ROLE_SERVER,
	ROLE_GENERIC, /* decided by each connection, later */
};

enum transport {
	TRANSPORT_TLS,
	TRANSPORT_DTLS,
	TRANSPORT_QUIC, /* passed through */
};

enum method_id {
#define METHOD(name, transport, role, pin) METHOD_##name,
#include "../../shim/policy/methods.def"
#undef METHOD
	METHOD_COUNT,
};

struct method_kind {
	char name[32]; /* no pointer, which would be relocated in every process */
	enum transport transport;
	enum role role;
	int pin; /* wire version (policy.h) the method is fixed to; 0: it negotiates */
};

/* Indexed by enum method_id. */
extern const struct method_kind method_kinds[METHOD_COUNT];

/*
 * Finds the kind of a method by its address: SSL_METHOD's first member, the
 * version, is the same number for SSLv23_method and TLSv1_2_method in 1.0.x.
 *
 * @methods  the addresses that one libssl's constructors answered, by
 *           enum method_id, NULL where it has none
 * @method   the address to look for; not dereferenced
 *
 * Answers the row, or NULL for a method that is not in @methods.
 */
const struct method_kind *method_kind_of(const void *const methods[METHOD_COUNT],
					 const void *method);

/*
 * The version-flexible method that takes the place of @kind in the same
 * role, or NULL where this libssl has none (DTLS before 1.0.2).
 */
const void *method_flexible(const void *const methods[METHOD_COUNT],
			    const struct method_kind *kind);

#endif
