/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "asked.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The groups that clients here offer (tls_hello.c), by the names that OpenSSL takes. */
static const struct group {
	unsigned int number;
	const char *names[4];
} groups[] = {
	{23, {"P-256", "prime256v1", "secp256r1"}},
	{24, {"P-384", "secp384r1"}},
	{25, {"P-521", "secp521r1"}},
	{29, {"X25519"}},
	{30, {"X448"}},
	{256, {"ffdhe2048"}},
	{257, {"ffdhe3072"}},
	{258, {"ffdhe4096"}},
};

/* From 3.5 on groups are kept apart by "/" too, and may have marks. */
static void list_split(const char *list, const char *separators, struct strings *names)
{
	char *rest = text_make("%s", list), *name;

	while ((name = strsep(&rest, separators)) != NULL) {
		if (*name != '\0')
			strings_add(names, name);
	}
}

static const char *group_name(unsigned int number)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (groups[i].number == number)
			return groups[i].names[0];
	}
	return text_make("group %u", number);
}

static bool is_group(const char *name, unsigned int number)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		for (size_t n = 0; groups[i].number == number && groups[i].names[n] != NULL; n++) {
			if (strcasecmp(groups[i].names[n], name) == 0)
				return true;
		}
	}
	return false;
}

static bool has_group(const struct strings *names, unsigned int number)
{
	for (size_t i = 0; i < names->count; i++) {
		if (is_group(names->items[i], number))
			return true;
	}
	return false;
}

/* One of them had another name before 1.1.0. */
static bool has_suite(const struct strings *names, uint16_t suite)
{
	char text[SUITE_TEXT_MAX];

	return strings_have(names, suite_name(suite, text)) ||
	       (suite == 0x0016 && strings_have(names, "EDH-RSA-DES-CBC3-SHA"));
}

static void fault_add(struct strings *faults, const char *what, const char *variable)
{
	char *fault = text_make("not as asked: %s is served, which is not in %s", what, variable);

	if (!strings_have(faults, fault))
		strings_add(faults, fault);
	free(fault);
}

/* What of the answers up to TLS 1.2, or of TLS 1.3, is not on the list. */
static void suites_check(const struct measured *measured, const struct strings *names, bool is_new,
			 const char *variable, struct strings *faults, struct strings *unknown)
{
	char text[SUITE_TEXT_MAX];
	bool is_seen = false;

	for (int i = 0; i < QUESTION_COUNT; i++) {
		const struct reply *reply = &measured->answers[i];

		if (!measured_serves(measured, (enum question)i) ||
		    (reply->version == TLS1_3) != is_new)
			continue;
		is_seen = true;
		if (!has_suite(names, reply->suite))
			fault_add(faults, suite_name(reply->suite, text), variable);
	}
	if (!is_seen)
		strings_addf(unknown, "%s: no client was served %s", variable,
			     is_new ? "TLSv1.3" : "an older version than TLSv1.3");
}

static void groups_check(const struct measured *measured, const struct strings *names,
			 struct strings *faults, struct strings *unknown)
{
	bool is_seen = false;

	for (int i = 0; i < QUESTION_COUNT; i++) {
		const struct reply *reply = &measured->answers[i];

		if (!measured_serves(measured, (enum question)i) || reply->group == 0)
			continue;
		is_seen = true;
		if (!has_group(names, reply->group))
			fault_add(faults, group_name(reply->group), "SSLHARDEN_GROUPS");
	}
	if (!is_seen)
		strings_add(unknown, "SSLHARDEN_GROUPS: no client was served by one");
}

void asked(const struct measured *measured, const struct config *config,
	   const struct strings *suites, struct strings *faults, struct strings *unknown)
{
	struct strings names = {0}, known = {0};

	if (config->ciphers[0] != '\0' && suites->count == 0)
		strings_add(unknown, "SSLHARDEN_CIPHERS: the server's libssl, which alone can read "
				     "it, cannot be loaded here");
	else if (config->ciphers[0] != '\0')
		suites_check(measured, suites, false, "SSLHARDEN_CIPHERS", faults, unknown);
	if (config->ciphersuites[0] != '\0') {
		list_split(config->ciphersuites, ":", &names);
		suites_check(measured, &names, true, "SSLHARDEN_CIPHERSUITES", faults, unknown);
	}
	if (config->groups[0] != '\0') {
		list_split(config->groups, ":/*?", &known);
		groups_check(measured, &known, faults, unknown);
	}
	if (config->no_tickets && !measured_serves(measured, ASK_BEST))
		strings_add(unknown, "SSLHARDEN_NO_TICKETS: those of TLSv1.3 are encrypted");
	if (config->no_client_renegotiation)
		strings_add(unknown,
			    "SSLHARDEN_NO_CLIENT_RENEGOTIATION: a client asks for one when "
			    "all is encrypted");
	if (config->prioritize_chacha)
		strings_add(unknown, "SSLHARDEN_PRIORITIZE_CHACHA: no client here prefers it");
}
