/* SPDX-License-Identifier: MIT
 *
 * role: which side, transport and version an SSL_METHOD stands for.
 *
 * Pure, and safe from any thread: nothing here touches a loader, an environment or a context.
 * Nothing is allocated; a pointer that is returned is to constant data, or one of those given.
 */
#ifndef SSLHARDEN_ROLE_H
#define SSLHARDEN_ROLE_H

enum role {
	ROLE_UNKNOWN, /* a method that is not in methods.def */
	ROLE_CLIENT,
	ROLE_SERVER,
	ROLE_GENERIC, /* each connection takes its side later */
};

enum transport {
	TRANSPORT_TLS,
	TRANSPORT_DTLS,
	TRANSPORT_QUIC, /* contexts of it are left as they are */
};

enum method_id {
#define METHOD(name, transport, role, pin) METHOD_##name,
#include "../../shim/policy/methods.def"
#undef METHOD
	METHOD_COUNT,
};

struct method_kind {
	char name[32]; /* an array: a pointer would be a relocation in each process */
	enum transport transport;
	enum role role;
	int pin; /* wire version (versions.h) the method is fixed to; 0: it negotiates */
};

/* Indexed by enum method_id. */
extern const struct method_kind method_kinds[METHOD_COUNT];

/*
 * Finds the kind of a method by its address.  (The version inside it would not do: in 1.0.x
 * SSLv23_method and TLSv1_2_method have the same.)
 *
 * @methods  what one libssl's method functions returned, by enum method_id; NULL where it has none
 * @method   the address to look for; not dereferenced
 *
 * Returns NULL for a method that is not in @methods.
 */
const struct method_kind *method_kind_of(const void *const methods[METHOD_COUNT],
					 const void *method);

/*
 * The method of the same role and transport as @kind that is fixed to @pin, a wire version, or for 0
 * the version-flexible one; NULL if this libssl has none (a flexible one for DTLS before 1.0.2).
 */
const void *method_pinned(const void *const methods[METHOD_COUNT], const struct method_kind *kind,
			  int pin);

static inline const void *method_flexible(const void *const methods[METHOD_COUNT],
					  const struct method_kind *kind)
{
	return method_pinned(methods, kind, 0);
}

#endif
