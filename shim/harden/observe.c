/* SPDX-License-Identifier: MIT */
#include "harden/observe.h"

#include <stdio.h>

#include "harden/apply.h"
#include "harden/lists.h"
#include "messages/log.h"
#include "harden/object.h"
#include "harden/range.h"
#include "memory/table.h"

/* @pin  of a method that would be opened upwards; 0: of none */
static void tell(const struct image *image, const SSL_CTX *ctx, const struct method_kind *kind,
		 int pin, const char *who, uint64_t has)
{
	const struct config *config = config_get();
	uint64_t added = wanted_options(image, kind->transport, pin) & ~has;
	int floor = policy_floor(config, kind->transport, pin);
	int cap = policy_cap(config, kind->transport);
	char options[OPTIONS_TEXT_MAX], lists[LISTS_TEXT_MAX], range[96] = "";
	int used = 0;

	if (pin != 0)
		used = snprintf(range, sizeof(range), ", and serve every version from %s",
				version_name(floor));
	else if (floor != 0)
		used = snprintf(range, sizeof(range), ", and serve nothing below %s",
				version_name(floor));
	if (cap != 0)
		snprintf(range + used, sizeof(range) - (size_t)used, ", nothing above %s",
			 version_name(cap));
	options_text(&image->dialect, added, options);
	lists_text(lists);
	log_message(LOG_LEVEL_INFO, "audit: context %p: %s: %s options %s%s%s", (const void *)ctx,
		    kind->name, who, options, range, lists);
}

void observe_created(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method)
{
	struct plan plan = plan_make(image, method);
	struct state state = {.known = true, .kind = plan.kind};

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
	state_set(ctx, &state);
	if (plan.kind->transport == TRANSPORT_TLS)
		range_warn(image);
	if (plan.kind->role == ROLE_SERVER)
		tell(image, ctx, plan.kind, plan.method == method ? 0 : plan.kind->pin, "would add",
		     ctx_options(image, ctx));
}

void observe_serving(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);
	struct state state = state_of(ctx);
	const struct method_kind *kind = state.kind;

	/* Once a context. */
	if (!state.known || kind == NULL || kind->role != ROLE_GENERIC || state.told ||
	    !may_serve(image, ssl))
		return;
	state.told = true;
	state_set(ctx, &state);
	tell(image, ctx, kind, kind->pin, "its connections that serve would get",
	     ssl_options(image, ssl));
}
