/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "policy_print.h"

#include <stdio.h>

#include "json.h"
#include "settings.h"
#include "sslharden/policy.h"
#include "sslharden/suites.h"

/* clang-format off */ /* a table */
static const struct {
	const char *name;
	size_t allowed; /* the member of struct config that gives it back; 0: none does */
} options[] = {
	{"NO_SSLv2", 0},
	{"NO_SSLv3", offsetof(struct config, allow_sslv3)},
	{"NO_COMPRESSION", offsetof(struct config, allow_compression)},
	{"CIPHER_SERVER_PREFERENCE", offsetof(struct config, allow_client_preference)},
	{"SINGLE_DH_USE", offsetof(struct config, allow_dh_reuse)},
	{"SINGLE_ECDH_USE", offsetof(struct config, allow_ecdh_reuse)},
};
/* clang-format on */

static void options_list(const struct config *config, struct strings *list)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const bool *allowed = (const bool *)((const char *)config + options[i].allowed);

		if (options[i].allowed == 0 || !*allowed)
			strings_add(list, options[i].name);
	}
	if (config->prioritize_chacha)
		strings_add(list, "PRIORITIZE_CHACHA");
	if (config->no_tickets)
		strings_add(list, "NO_TICKET");
}

static const char *or_own(const char *text)
{
	return text[0] != '\0' ? text_plain(text) : "the program's own";
}

static const char *lowest(const struct config *config)
{
	if (config->min_protocol != 0)
		return version_name(config->min_protocol);
	return config->allow_sslv3 ? "the program's own" : "the program's own, at least TLSv1";
}

void policy_print_text(const struct config *config, const struct origin *origin)
{
	const struct profile *profile = config_profile(config);
	struct strings list = {0};
	char forbid[SUITE_WORDS_MAX];

	options_list(config, &list);
	if (config->mode == MODE_OFF)
		puts("SSLHARDEN=off: nothing of what follows is done");
	printf("%-14s %s\n", "SSLHARDEN", mode_name(config->mode));
	printf("%-14s %s (%s)\n", "profile", profile->name, profile->source);
	printf("%-14s", "options");
	for (size_t i = 0; i < list.count; i++)
		printf(" %s", list.items[i]);
	printf("\n%-14s %s\n", "lowest", lowest(config));
	printf("%-14s %s\n", "highest",
	       config->max_protocol != 0 ? version_name(config->max_protocol)
					 : "the newest of its libssl");
	printf("%-14s %s\n", "pinned methods",
	       config->allow_pinned ? "stay pinned" : "negotiate, from the pinned version up");
	printf("%-14s %s\n", "ciphers", or_own(config->ciphers));
	if (config->forbid != 0)
		printf("%-14s none of %s\n", "",
		       suite_words_text(config->forbid, forbid, sizeof(forbid)));
	printf("%-14s %s\n", "ciphersuites", or_own(config->ciphersuites));
	printf("%-14s %s\n", "groups", or_own(config->groups));
	if (config->groups[0] != '\0' && config->groups_from_profile)
		printf("%-14s (without the first ones, where a libssl does not know them)\n", "");
	if (config->min_dh_bits != 0)
		printf("%-14s of %u bits at the least, smaller ones replaced by RFC 7919's\n",
		       "DH parameters", config->min_dh_bits);
	if (config->no_client_renegotiation)
		printf("%-14s a client's ends its connection\n", "renegotiation");
	printf("%-14s %s\n", "strict",
	       config->strict ? "what cannot be hardened is refused"
			      : "no: what cannot be hardened is passed, and said");
	for (size_t i = 0; i < origin->settings.count; i++)
		printf("%-14s %s (%s)\n", i == 0 ? "from" : "",
		       text_plain(origin->settings.items[i]), text_plain(origin->sources.items[i]));
}

static void string_or_null(const char *name, const char *text)
{
	json_string(name, text[0] != '\0' ? text : NULL);
}

static void json_origin(const struct origin *origin)
{
	json_array("settings");
	for (size_t i = 0; i < origin->settings.count; i++) {
		json_object(NULL);
		json_string("setting", origin->settings.items[i]);
		json_string("from", origin->sources.items[i]);
		json_end();
	}
	json_end();
}

void policy_print_json(const struct config *config, const struct origin *origin,
		       const struct strings *complaints)
{
	const struct profile *profile = config_profile(config);
	struct strings list = {0};
	char forbid[SUITE_WORDS_MAX];

	options_list(config, &list);
	json_object(NULL);
	json_string("mode", mode_name(config->mode));
	json_string("profile", profile->name);
	json_string("source", profile->source);
	json_strings("options", &list);
	json_string("min_protocol",
		    config->min_protocol != 0 ? version_name(config->min_protocol) : NULL);
	json_string("max_protocol",
		    config->max_protocol != 0 ? version_name(config->max_protocol) : NULL);
	json_bool("pinned_methods_stay", config->allow_pinned);
	string_or_null("ciphers", config->ciphers);
	string_or_null("forbid", suite_words_text(config->forbid, forbid, sizeof(forbid)));
	string_or_null("ciphersuites", config->ciphersuites);
	string_or_null("groups", config->groups);
	json_bool("groups_shrink", config->groups_from_profile);
	json_number("min_dh_bits", config->min_dh_bits);
	json_bool("no_client_renegotiation", config->no_client_renegotiation);
	json_bool("strict", config->strict);
	json_origin(origin);
	json_strings("complaints", complaints);
	json_end();
}
