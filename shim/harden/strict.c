/* SPDX-License-Identifier: MIT */
#include "harden/strict.h"

#include "harden/apply.h"
#include "harden/lists.h"
#include "messages/log.h"
#include "harden/object.h"

/* Why a context may not be made under SSLHARDEN_STRICT; NULL: it may. */
static const char *objection(const struct image *image, const struct plan *plan)
{
	const struct config *config = config_get();
	const struct method_kind *kind = plan->kind;

	if (kind != NULL && kind->role == ROLE_CLIENT)
		return NULL;
	if (!image->known)
		return "a libssl that is not known";
	if (kind == NULL)
		return "a method that is not known";
	if (kind->role == ROLE_GENERIC)
		return NULL; /* it may be a client's: see strict_refuses */
	if (kind->transport == TRANSPORT_QUIC)
		return "a QUIC server";
	if (config->complaints_len != 0)
		return "a setting that cannot be read";
	if (kind->pin != 0 && !policy_keeps_pin(config, kind->transport, kind->pin) &&
	    plan->method == image->methods[kind - method_kinds])
		return "a pinned method for which this libssl has no flexible one";
	return NULL;
}

/* As a call of libssl fails: an entry on the error queue, which says why. */
static void raise(const struct image *image, const char *why)
{
	enum { LIB_SSL = 20, REASON_UNSUPPORTED_PROTOCOL = 258 };

	log_message(LOG_LEVEL_ERROR, "SSLHARDEN_STRICT: refused: %s", why);
	if (image->ERR_new != NULL && image->ERR_set_debug != NULL &&
	    image->ERR_set_error != NULL) {
		image->ERR_new();
		image->ERR_set_debug("sslharden", 0, "SSLHARDEN_STRICT");
		image->ERR_set_error(LIB_SSL, REASON_UNSUPPORTED_PROTOCOL, "sslharden: %s", why);
	} else if (image->ERR_put_error != NULL && image->ERR_add_error_data != NULL) {
		image->ERR_put_error(LIB_SSL, 0, REASON_UNSUPPORTED_PROTOCOL, "sslharden", 0);
		image->ERR_add_error_data(2, "sslharden: ", why);
	}
}

static bool lists_are_taken(const struct image *image)
{
	struct bracket bracket = bracket_open(image);
	bool taken = lists_are_usable(image);

	bracket_close(image, bracket);
	return taken;
}

bool strict_refuses_method(const struct image *image, const SSL_METHOD *method)
{
	struct plan plan;
	const char *why;

	if (!config_get()->strict)
		return false;
	log_begin();
	plan = plan_make(image, method);
	why = objection(image, &plan);
	if (why == NULL && plan.kind->role == ROLE_SERVER && !lists_are_taken(image))
		why = "a list of ciphers, suites or groups that this libssl does not take";
	if (why != NULL)
		raise(image, why);
	return why != NULL;
}

static bool has_no_suite(const struct image *image, SSL *ssl)
{
	struct bracket bracket = bracket_open(image);
	bool suits = lists_suit(image, ssl);

	bracket_close(image, bracket);
	if (!suits)
		raise(image, "SSLHARDEN_CIPHERS has no suite for the server's certificate");
	return !suits;
}

bool strict_refuses_new(const struct image *image, SSL *ssl)
{
	const struct method_kind *kind;

	if (!config_get()->strict || !image->known)
		return false;
	kind = ctx_kind(image, image->SSL_get_SSL_CTX(ssl));
	return kind != NULL && kind->role == ROLE_SERVER && has_no_suite(image, ssl);
}

bool strict_refuses(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	const struct method_kind *kind;

	if (!config->strict || !image->known)
		return false;
	kind = ctx_kind(image, image->SSL_get_SSL_CTX(ssl));
	if (kind == NULL || kind->role != ROLE_GENERIC ||
	    (!image->dialect.fresh_is_client && !may_serve(image, ssl)))
		return false;
	log_begin();
	if (config->complaints_len == 0 && lists_are_taken(image))
		return has_no_suite(image, ssl);
	raise(image, "a setting that cannot be read, or that this libssl does not take");
	return true;
}
