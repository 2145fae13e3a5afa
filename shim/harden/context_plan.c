/* SPDX-License-Identifier: MIT */
#include "harden/context_plan.h"

#include "sslharden/config.h"

/* The version of a pin, where the flexible method in its place is to serve it, too. */
static versions own_version(const struct method_kind *kind)
{
	return version_set(kind->pin) &
	       versions_from(policy_floor(config_get(), kind->transport, kind->pin));
}

bool context_opens(const struct image *image, const struct method_kind *kind, uint64_t options)
{
	versions pinned = own_version(kind);
	/* Of 0.9.8 that is TLS 1.0, whose pin refuses clients for offering more. */
	versions newest = version_newest(image->flexible_versions[kind->transport]);

	return kind->pin != 0 && !policy_keeps_pin(config_get(), kind->transport, kind->pin) &&
	       (pinned & newest & VERSION_TLS1_2) == 0 &&
	       (pinned & versions_forbidden(&image->dialect, kind->transport, options)) == 0;
}

bool context_exchanges(const struct image *image, const struct method_kind *kind)
{
	bool early =
		image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
		(image->dialect.pinning == PIN_AT_HANDSHAKE && kind->transport == TRANSPORT_DTLS);

	return early && kind->role == ROLE_SERVER && context_opens(image, kind, 0);
}

struct plan context_plan(const struct image *image, const SSL_METHOD *asked)
{
	struct plan plan = {.kind = method_kind_of(image->methods, asked), .method = asked};
	const void *flexible;

	if (!image->known || plan.kind == NULL || !context_exchanges(image, plan.kind))
		return plan;
	flexible = method_flexible(image->methods, plan.kind);
	if (flexible != NULL) {
		plan.method = flexible;
		plan.exchanged = true;
	}
	return plan;
}

versions context_below_pin(const struct method_kind *kind)
{
	return VERSIONS_ALL &
	       ~versions_from(policy_floor(config_get(), kind->transport, kind->pin));
}

uint64_t context_pin_options(const struct image *image, const struct method_kind *kind)
{
	return version_options(&image->dialect, kind->transport, context_below_pin(kind));
}
