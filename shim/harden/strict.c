/* SPDX-License-Identifier: MIT */
#include "harden/strict.h"

#include <stdatomic.h>

#include "harden/context.h"
#include "harden/dh_parameters.h"
#include "harden/operator_lists.h"
#include "harden/object.h"
#include "harden/reasons.h"
#include "messages/log.h"

/* Why a context may not be made under SSLHARDEN_STRICT; NULL: it may. */
static const char *objection_to(const struct image *image, const struct plan *plan)
{
	const struct config *config = config_get();
	const struct method_kind *kind = plan->kind;

	if (kind != NULL && kind->role == ROLE_CLIENT)
		return NULL;
	if (!image->known && !image->dialect.options_by_name)
		return "a libssl that is not known";
	if (kind == NULL)
		return "a method that is not known";
	if (kind->role == ROLE_GENERIC)
		return NULL; /* it may be a client's */
	if (kind->transport == TRANSPORT_QUIC)
		return "a QUIC server";
	if (config->complaints_len != 0)
		return "a setting that cannot be read";
	if (kind->pin == 0 || policy_keeps_pin(config, kind->transport, kind->pin))
		return NULL;
	if (image->dialect.pinning == PIN_STAYS || (image->dialect.pinning != PIN_IS_RANGE &&
						    method_flexible(image->methods, kind) == NULL))
		return "a pinned method for which this libssl has no flexible one";
	return NULL;
}

void strict_raise(const struct image *image, const char *why, bool each)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;

	/* A context is refused once; of connections, a scanner may make a thousand. */
	if (each || !atomic_flag_test_and_set(&is_logged))
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

static bool lists_are_taken(const struct image *image, SSL_CTX *ctx)
{
	struct bracket bracket = bracket_open(image);
	bool are_taken = operator_lists_are_taken(image, ctx);

	bracket_close(image, bracket);
	return are_taken;
}

bool strict_refuses_method(const struct image *image, const SSL_METHOD *method)
{
	struct plan plan;
	const char *why;

	if (!config_get()->strict)
		return false;
	log_begin();
	plan = context_plan(image, method);
	why = objection_to(image, &plan);
	if (why != NULL)
		strict_raise(image, why, true);
	return why != NULL;
}

bool strict_refuses_context(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method)
{
	const struct method_kind *kind = method_kind_of(image->methods, method);
	const char *why = NULL;

	if (!config_get()->strict || kind == NULL || kind->role != ROLE_SERVER)
		return false;
	if (!image->known)
		why = "a libssl that is not known";
	else if (!lists_are_taken(image, ctx))
		why = "a list of ciphers, suites or groups that this libssl does not take";
	else if (config_get()->min_dh_bits != 0 && !dh_is_possible(image))
		why = "SSLHARDEN_MIN_DH_BITS, and a libcrypto of which no DH parameters can be "
		      "made";
	if (why != NULL)
		strict_raise(image, why, true);
	return why != NULL;
}

const char *strict_objection(const struct image *image, const SSL *ssl, enum remark remark)
{
	static const char *const texts[] = {
		[REMARK_OWN_LIST] = "SSLHARDEN_CIPHERS has no suite for the server's versions and "
				    "credentials",
		[REMARK_KEYS] = "a server without a certificate, or with a list of suites that "
				"need none, which SSLHARDEN_CIPHERS or SSLHARDEN_CIPHERSUITES does "
				"not fit",
		[REMARK_FORBID] = "SSLHARDEN_FORBID leaves the server no suite",
		[REMARK_GROUPS] = "SSLHARDEN_GROUPS lacks the curve of the server's certificate",
	};
	const struct config *config = config_get();

	if (!config->strict)
		return NULL;
	if (remark != REMARK_NONE)
		return texts[remark];
	if (config->complaints_len != 0 || !lists_are_taken(image, image->SSL_get_SSL_CTX(ssl)))
		return "a setting that cannot be read, or that this libssl does not take";
	return NULL;
}
