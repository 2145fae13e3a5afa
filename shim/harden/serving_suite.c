/* SPDX-License-Identifier: MIT */
#include "harden/serving_suite.h"

#include <string.h>

#include "harden/credentials.h"
#include "harden/suite_list.h"
#include "sslharden/config.h"
#include "sslharden/suites.h"

/* The name of a group of the client's if SSLHARDEN_GROUPS has none of them; else NULL. */
static const char *missing_group(const struct offer *offer)
{
	const char *list = config_get()->groups;

	return list[0] == '\0' ? NULL : offer_group_beyond(offer, list);
}

/* The first suites of a list that serve the client: of all, and of those not forbidden. */
struct served_by {
	const char *any, *allowed;
};

/* Prefers a suite that needs no group if SSLHARDEN_GROUPS has none of the client's. */
static const char *first_suite(const struct inquiry *inquiry, const void *list, struct place *place)
{
	const struct offer *offer = &inquiry->offer;
	const char *suite;

	place->groupless = offer->suites != NULL && place->version != VERSION_TLS1_3 &&
			   missing_group(offer) != NULL;
	suite = offer_suite(inquiry->image, offer, list, place);
	if (suite != NULL || !place->groupless)
		return suite;
	place->groupless = false;
	return offer_suite(inquiry->image, offer, list, place);
}

static struct served_by served_by(const struct inquiry *inquiry, const void *list, versions version)
{
	const struct image *image = inquiry->image;
	struct place place = {.version = version,
			      .given = certificates_authenticate(image, inquiry->ssl),
			      .level = inquiry->level,
			      .chosen = inquiry->chosen};
	struct served_by by = {NULL, NULL};

	if (list == NULL)
		return by;
	by.any = first_suite(inquiry, list, &place);
	place.forbid = config_get()->forbid;
	by.allowed = first_suite(inquiry, list, &place);
	return by;
}

/* The same for the operator's whole list. */
static struct served_by served_by_operators(const struct inquiry *inquiry, versions version)
{
	const struct image *image = inquiry->image;
	const struct config *config = config_get();
	struct served_by by = {NULL, NULL};
	/* A connection that is made to expand the list, and freed again. */
	SSL *ssl = image->SSL_new == NULL || image->SSL_free == NULL
			   ? NULL
			   : image->SSL_new(image->SSL_get_SSL_CTX(inquiry->ssl));

	if (ssl == NULL)
		return by;
	if (version == VERSION_TLS1_3
		    ? image->SSL_set_ciphersuites != NULL &&
			      image->SSL_set_ciphersuites(ssl, config->ciphersuites) == 1
		    : image->SSL_set_cipher_list(ssl, config->ciphers) == 1)
		by = served_by(inquiry, image->SSL_get_ciphers(ssl), version);
	image->SSL_free(ssl);
	return by;
}

bool serving_suite_is_operators(const struct inquiry *inquiry, versions version,
				const struct refusal *refusal)
{
	const struct config *config = config_get();

	if (version == VERSION_TLS1_3)
		return config->ciphersuites[0] != '\0';
	return inquiry->decision.operator_ciphers &&
	       !(refusal->cause == CAUSE_SSLV3 &&
		 strcmp(config->ciphers, config_profile(config)->ciphers) == 0);
}

bool serving_suite_heeds_forbid(const struct inquiry *inquiry, versions version)
{
	const struct decision *decision = &inquiry->decision;

	return version != VERSION_TLS1_3 && config_get()->forbid != 0 &&
	       (decision->forbid_applied || (decision->allowed & ~(versions)VERSION_TLS1_3) == 0);
}

/* The list that the program has set; NULL: it cannot be read, for ours is in its place. */
static const void *programs_list(const struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;
	const struct decision *decision = &inquiry->decision;
	bool ours = decision->operator_ciphers || decision->forbid_applied ||
		    config_get()->ciphersuites[0] != '\0';

	/* A connection that was refused has an empty list by now. */
	if (!inquiry_is_audit() && (decision->list_is_ours || decision->allowed == 0))
		return suite_stack_of_context(image, image->SSL_get_SSL_CTX(inquiry->ssl));
	if (image->SSL_get_ciphers == NULL || (ours && !inquiry_is_audit()))
		return NULL;
	return image->SSL_get_ciphers(inquiry->ssl);
}

/*
 * Finds what has to change in the lists, of which nothing serves the client.  Returns the suite
 * that serves it then; NULL: that is not known.
 *
 * @program    what serves it of the program's list
 * @operators  what serves it of the operator's list; NULL: there is no such list
 * @forbids    SSLHARDEN_FORBID takes suites from the list
 */
static const char *find_change(const struct served_by *program, const struct served_by *operators,
			       bool forbids, struct refusal *refusal)
{
	const char *suite = NULL;

	if (operators != NULL && operators->any != NULL) {
		suite = operators->any;
	} else if (refusal->program_list_unknown) {
		refusal->needs_longer_list = operators != NULL;
		refusal->needs_shorter_forbid = forbids && program->allowed == NULL;
	} else if (operators == NULL) {
		suite = program->any;
	} else {
		suite = forbids && program->allowed != NULL ? program->allowed : program->any;
		refusal->suite = suite;
	}
	if (forbids && suite != NULL)
		refusal->forbidden = suite_properties(suite) & config_get()->forbid;
	return suite;
}

bool serving_suite_find(const struct inquiry *inquiry, versions version, struct refusal *refusal)
{
	const void *list = programs_list(inquiry);
	bool operators = serving_suite_is_operators(inquiry, version, refusal);
	bool forbids = serving_suite_heeds_forbid(inquiry, version);
	struct served_by program = served_by(inquiry, list, version), in_force = program;
	const char *suite; /* that serves it now, or once the lists are changed */

	if (list != NULL && program.any == NULL)
		return false;
	refusal->program_list_unknown = list == NULL || inquiry->offer.suites == NULL;
	if (operators)
		in_force = served_by_operators(inquiry, version);
	suite = forbids ? in_force.allowed : in_force.any;
	if (suite == NULL && (operators || forbids))
		suite = find_change(&program, operators ? &in_force : NULL, forbids, refusal);
	if (suite != NULL && (version == VERSION_TLS1_3 || strstr(suite, "ECDHE") != NULL))
		refusal->group = missing_group(&inquiry->offer);
	return true;
}
