/* SPDX-License-Identifier: MIT */
#include "observe.h"

#include <inttypes.h>

#include "apply.h"
#include "log.h"
#include "object.h"
#include "table.h"

void observe_created(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method)
{
	struct plan plan = plan_make(image, method);
	struct state state = {.known = true, .kind = plan.kind};
	int pin;

	log_begin();
	table_set(ctx, 0);
	if (!image->known || plan.kind == NULL || plan.kind->transport == TRANSPORT_QUIC) {
		log_message(LOG_LEVEL_INFO,
			    "audit: context %p: a libssl or a method that is not known",
			    (void *)ctx);
		return;
	}
	if (plan.kind->role == ROLE_CLIENT)
		return;
	pin = plan.method == method ? 0 : plan.kind->pin;
	state_set(ctx, &state);
	if (plan.kind->role == ROLE_SERVER)
		log_message(LOG_LEVEL_INFO,
			    "audit: context %p: %s: would add options 0x%" PRIx64 "%s%s",
			    (void *)ctx, plan.kind->name,
			    wanted_options(image, plan.kind->transport, pin) &
				    ~ctx_options(image, ctx),
			    pin == 0 ? "" : ", and serve every version from ",
			    pin == 0 ? ""
				     : version_name(policy_floor(config_get(), plan.kind->transport,
								 pin)));
}

void observe_serving(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct state state = state_of(ctx);
	const struct method_kind *kind = state.kind;
	int floor;

	/* Once a context: a word without a pin has not been told yet. */
	if (!state.known || kind == NULL || kind->role != ROLE_GENERIC || state.pin != 0 ||
	    !may_serve(image, ssl))
		return;
	state.pin = 1;
	state_set(ctx, &state);
	floor = policy_floor(config_get(), kind->transport, kind->pin);
	log_message(LOG_LEVEL_INFO,
		    "audit: context %p: %s: its connections that serve would get options 0x%" PRIx64
		    "%s%s",
		    (void *)ctx, kind->name,
		    wanted_options(image, kind->transport, kind->pin) & ~ssl_options(image, ssl),
		    kind->pin == 0 ? "" : ", and every version from ",
		    kind->pin == 0 ? "" : version_name(floor));
}
