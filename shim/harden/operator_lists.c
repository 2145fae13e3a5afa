/* SPDX-License-Identifier: MIT */
#include "harden/operator_lists.h"

#include <stdio.h>
#include <string.h>

#include "harden/object.h"
#include "harden/untaken.h"
#include "memory/table.h"
#include "messages/log.h"
#include "settings/escape.h"
#include "sslharden/suites.h"

enum {
	WHICH_SHIFT = 32, /* of the table's word: which libssl it was; below, struct taken_lists */
	LEFT_OUT_MAX = 3, /* groups of a profile */
};

_Static_assert(sizeof(struct taken_lists) == sizeof(uint32_t), "it is half a word of the table");

static uint32_t pack(struct taken_lists taken)
{
	uint32_t word;

	memcpy(&word, &taken, sizeof(word));
	return word;
}

static struct taken_lists unpack(uint32_t word)
{
	struct taken_lists taken;

	memcpy(&taken, &word, sizeof(taken));
	return taken;
}

bool operator_lists_are_given(void)
{
	const struct config *config = config_get();

	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
}

bool operator_lists_change_any(void)
{
	return operator_lists_are_given() || config_get()->forbid != 0;
}

void operator_lists_text(const struct change *change, char text[OPERATOR_LISTS_TEXT_MAX])
{
	bool any = change->ciphers || change->suites || change->groups || change->forbid;

	snprintf(text, OPERATOR_LISTS_TEXT_MAX, "%s%s%s%s%s", any ? "," : "",
		 change->ciphers ? " SSLHARDEN_CIPHERS" : "",
		 change->suites ? " SSLHARDEN_CIPHERSUITES" : "",
		 change->groups ? " SSLHARDEN_GROUPS" : "",
		 change->forbid ? " SSLHARDEN_FORBID" : "");
}

/* @unknown  the names in the list that it does not know */
static void complain(const struct image *image, const char *variable, const char *list,
		     const char *unknown, const char *accepted)
{
	char text[192], names[192], libssl[LIBSSL_TEXT_MAX];

	text_escape(text, sizeof(text), list);
	text_escape(names, sizeof(names), unknown);
	libssl_text(image, libssl);
	log_message(
		LOG_LEVEL_WARNING,
		"%s: this libssl (%s) takes nothing of \"%s\"; %s%s%saccepted: %s; programs' own "
		"lists stay",
		variable, libssl, text, names[0] == '\0' ? "" : "it does not know ", names,
		names[0] == '\0' ? "" : "; ", accepted);
}

static const char *without_first(const char *groups)
{
	const char *colon = strchr(groups, ':');

	return colon == NULL ? "" : colon + 1;
}

const char *operator_lists_groups(struct taken_lists taken)
{
	const char *groups = config_get()->groups;

	for (unsigned int n = taken.groups_left_out; n > 0; n--)
		groups = without_first(groups);
	return groups;
}

static void try_groups(const struct image *image, SSL *ssl, struct taken_lists *taken)
{
	const struct config *config = config_get();
	const char *groups = config->groups;
	char unknown[UNTAKEN_NAMES];
	unsigned int left_out = 0;
	bool is_taken;

	while (!(is_taken = ssl_set_groups(image, ssl, groups)) && config->groups_from_profile &&
	       left_out < LEFT_OUT_MAX && without_first(groups)[0] != '\0') {
		groups = without_first(groups);
		left_out++;
	}
	untaken_note(image, ssl, LIST_GROUPS, config->groups, ssl_set_groups, is_taken, unknown);
	taken->groups = is_taken;
	taken->groups_left_out = left_out & LEFT_OUT_MAX;
	if (is_taken)
		return;
	taken->one_group = config->groups_from_profile && image->dialect.ecdhe_on_request;
	if (!taken->one_group)
		complain(image, "SSLHARDEN_GROUPS", config->groups, unknown,
			 "names of groups that it knows, separated by ':'");
}

unsigned int operator_lists_unreliable(void)
{
	unsigned int forbid = config_get()->forbid;

	return forbid == 0 ? 0 : forbid | SUITE_DH_PARAMETERS | SUITE_STATIC_DH;
}

/* How the suites of the connection's list, which is the operator's, authenticate. */
static void read_authentication(const struct image *image, const SSL *ssl,
				struct taken_lists *taken)
{
	unsigned int unreliable = operator_lists_unreliable();
	const char *name;

	if (image->SSL_get_cipher_list == NULL)
		taken->auth_older = AUTH_OTHER;
	for (int i = 0; image->SSL_get_cipher_list != NULL &&
			(name = image->SSL_get_cipher_list(ssl, i)) != NULL;
	     i++) {
		unsigned int properties = suite_properties(name);

		if ((properties & unreliable) != 0)
			continue;
		if ((properties & SUITE_TLS1_2) != 0)
			taken->auth_newer |= suite_authentication(name) & AUTH_ALL;
		else
			taken->auth_older |= suite_authentication(name) & AUTH_ALL;
	}
}

static void try_ciphers(const struct image *image, SSL *ssl, struct taken_lists *taken)
{
	const struct config *config = config_get();
	char unknown[UNTAKEN_NAMES];

	if (ssl_set_ciphers(image, ssl, config->ciphers))
		read_authentication(image, ssl, taken);
	taken->ciphers = (taken->auth_newer | taken->auth_older) != 0;
	untaken_note(image, ssl, LIST_CIPHERS, config->ciphers, ssl_set_ciphers, taken->ciphers,
		     unknown);
	if (!taken->ciphers)
		complain(image, "SSLHARDEN_CIPHERS", config->ciphers, unknown,
			 config->forbid == 0 ? "a string that openssl ciphers -v expands"
					     : "one of which SSLHARDEN_FORBID leaves something");
}

/* Whether a connection's list shows suites of TLS 1.3, which are the first. */
static bool has_newer_suites(const struct image *image, const SSL *ssl)
{
	const char *name =
		image->SSL_get_cipher_list == NULL ? NULL : image->SSL_get_cipher_list(ssl, 0);

	return name != NULL && suite_authentication(name) == 0;
}

/*
 * libssl takes by name what its provider has no cipher for (FIPS's: ChaCha20), and with such suites
 * alone it would serve nobody, in older versions neither.
 */
static bool suites_serve(const struct image *image, SSL *ssl, const char *suites)
{
	bool shown = has_newer_suites(image, ssl);

	return ssl_set_suites(image, ssl, suites) && (!shown || has_newer_suites(image, ssl));
}

static void try_suites(const struct image *image, SSL *ssl, struct taken_lists *taken)
{
	const char *suites = config_get()->ciphersuites;
	bool is_taken = suites_serve(image, ssl, suites);
	char unknown[UNTAKEN_NAMES];

	untaken_note(image, ssl, LIST_SUITES, suites, suites_serve, is_taken, unknown);
	/* A libssl without the function has no TLS 1.3. */
	taken->suites = is_taken || image->SSL_set_ciphersuites == NULL;
	if (!taken->suites)
		complain(image, "SSLHARDEN_CIPHERSUITES", suites, unknown,
			 "names of TLS 1.3 suites, separated by ':'");
}

static struct taken_lists try_lists(const struct image *image, SSL *ssl)
{
	const struct config *config = config_get();
	struct taken_lists taken = {.asked = true};

	if (config->ciphers[0] != '\0')
		try_ciphers(image, ssl, &taken);
	if (config->ciphersuites[0] != '\0')
		try_suites(image, ssl, &taken);
	if (config->groups[0] != '\0')
		try_groups(image, ssl, &taken);
	return taken;
}

/*
 * They are tried on a connection that is made of @ctx and freed again, since a list that is not
 * taken may empty that of the connection.  (@ctx is in the library context that its program chose;
 * no other is to be initialized.)
 */
struct taken_lists operator_lists_taken(const struct image *image, SSL_CTX *ctx)
{
	const void *key = table_key((const void *)image->low, TABLE_TAKEN_LISTS);
	/* Another libssl may have been at this address: its functions were elsewhere. */
	uint64_t which = (uint64_t)(uintptr_t)image->SSL_CTX_new << WHICH_SHIFT;
	uint64_t word = table_get(key);
	struct taken_lists taken = {.asked = false};
	SSL *ssl;

	if (word >> WHICH_SHIFT == which >> WHICH_SHIFT)
		taken = unpack((uint32_t)word);
	if (taken.asked || !operator_lists_are_given() || image->SSL_new == NULL ||
	    image->SSL_free == NULL || ctx_is_of_ssl2(image, ctx))
		return taken;
	ssl = image->SSL_new(ctx);
	if (ssl == NULL)
		return taken; /* no memory: asked again at the next context */
	taken = try_lists(image, ssl);
	image->SSL_free(ssl);
	table_set(key, which | pack(taken));
	return taken;
}

bool operator_lists_are_taken(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	struct taken_lists taken = operator_lists_taken(image, ctx);

	return (config->ciphers[0] == '\0' || taken.ciphers) &&
	       (config->ciphersuites[0] == '\0' || taken.suites) &&
	       (config->groups[0] == '\0' || taken.groups || taken.one_group);
}

struct change operator_lists_planned(const struct image *image, SSL_CTX *ctx)
{
	const struct config *config = config_get();
	struct taken_lists taken = {.ciphers = true, .suites = true, .groups = true};

	/* In an audit no connection is made for this. */
	if (config->mode != MODE_AUDIT)
		taken = operator_lists_taken(image, ctx);
	return (struct change){
		.ciphers = config->ciphers[0] != '\0' && taken.ciphers,
		.suites = config->ciphersuites[0] != '\0' && taken.suites,
		.groups = config->groups[0] != '\0' && (taken.groups || taken.one_group),
		.forbid = config->forbid != 0,
	};
}
