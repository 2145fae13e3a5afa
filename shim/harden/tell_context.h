/* SPDX-License-Identifier: MIT
 *
 * tell_context: writes the lines about a context that is made: what was changed, or in an audit what
 * would be.  Leaves errno and OpenSSL's error queue as found; safe from any thread that may use the
 * object.
 */
#ifndef SSLHARDEN_TELL_CONTEXT_H
#define SSLHARDEN_TELL_CONTEXT_H

#include "loader/resolve.h"

/* A context is passed through as it is, said once a reason; @kind NULL: of an unknown method. */
void tell_passed(const struct image *image, const SSL_CTX *ctx, const struct method_kind *kind)
	__attribute__((cold));

/* Once a process, where the operator's floor is above what this libssl has. */
void tell_of_settings(const struct image *image, const struct method_kind *kind);

/* A context was made, or would be hardened; @added: the options that it got. */
void tell_context(const struct image *image, SSL_CTX *ctx, const struct method_kind *kind,
		  uint64_t added) __attribute__((cold));

/* In an audit: what a context, or its connections, @who, is without: @missing options, and lists. */
void tell_audit(const struct image *image, SSL_CTX *ctx, const struct method_kind *kind,
		const char *who, uint64_t missing);

#endif
