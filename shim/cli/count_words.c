/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "count_words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "messages/explain.h"
#include "policy/traits.h"

/* clang-format off */ /* tables */
static const char *const version_names[COUNTS_VERSIONS] = {
	"SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3",
};
static const char *const class_names[COUNTS_CLASSES] = {
	[TRAIT_OTHER] = "other", [TRAIT_AEAD] = "AEAD", [TRAIT_CBC] = "CBC",
	[TRAIT_RC4] = "RC4",     [TRAIT_3DES] = "3DES", [TRAIT_WEAK] = "weak",
};
static const struct {
	const char *label, *text;
} causes[COUNTS_CAUSES] = {
	[CAUSE_NONE] = {"own", "by the program or libssl itself"},
	[CAUSE_SSLV3] = {"sslv3", "offered at most SSL 3.0; SSLHARDEN_ALLOW_SSLV3 was not set"},
	[CAUSE_MIN_PROTOCOL] = {"min_protocol", "by SSLHARDEN_MIN_PROTOCOL"},
	[CAUSE_MAX_PROTOCOL] = {"max_protocol", "by SSLHARDEN_MAX_PROTOCOL"},
	[CAUSE_FORBIDDEN] = {"forbidden", "by SSLHARDEN_MIN_PROTOCOL, which the program forbids"},
	[CAUSE_CIPHERS] = {"ciphers", "by SSLHARDEN_CIPHERS"},
	[CAUSE_CIPHERSUITES] = {"ciphersuites", "by SSLHARDEN_CIPHERSUITES"},
	[CAUSE_GROUPS] = {"groups", "by SSLHARDEN_GROUPS"},
	[CAUSE_OPENED] = {"opened", "by TLS 1.3; SSLHARDEN_MAX_PROTOCOL=TLSv1.2 admits them"},
	[CAUSE_LEVEL] = {"level", "by the security level that SSLHARDEN_CIPHERS sets"},
	[CAUSE_FORBID] = {"forbid", "by SSLHARDEN_FORBID"},
	[CAUSE_RENEGOTIATION] = {"renegotiation", "by SSLHARDEN_NO_CLIENT_RENEGOTIATION"},
	[CAUSE_STRICT] = {"strict", "by SSLHARDEN_STRICT; the server's log says why"},
	[COUNTS_BY_CLIENT] = {"client", "by the client itself, which sent an alert"},
};
/* A setting, what it is in words, and where it looks at a part of what is set only. */
static const struct {
	const char *setting, *text, *as_far;
} settings[STRICTER_COUNT] = {
	[STRICTER_ON] = {"SSLHARDEN=on", "what is audited here", ", as far as versions go"},
	[STRICTER_TLS1_1] = {"SSLHARDEN_MIN_PROTOCOL=TLSv1.1", "TLSv1.1 as minimum", ""},
	[STRICTER_TLS1_2] = {"SSLHARDEN_MIN_PROTOCOL=TLSv1.2", "TLSv1.2 as minimum", ""},
	[STRICTER_TLS1_3] = {"SSLHARDEN_MIN_PROTOCOL=TLSv1.3", "TLSv1.3 as minimum", ""},
	[STRICTER_RESTRICTED] = {"SSLHARDEN_CIPHERS=restricted", "restricted ciphers", ""},
	[STRICTER_INTERMEDIATE] = {"SSLHARDEN_PROFILE=intermediate", "profile intermediate",
				   ", as far as versions and suites go"},
	[STRICTER_MODERN] = {"SSLHARDEN_PROFILE=modern", "profile modern",
			     ", as far as versions and suites go"},
};
/* clang-format on */

const char count_living[] =
	"only of its processes that live: each counts for itself, and what it counted ends with it "
	"(SSLHARDEN_COUNTS_IN)";

const char *count_version(int version)
{
	return version_names[version];
}

const char *count_class(int class)
{
	return class_names[class];
}

const char *count_cause(int cause)
{
	return causes[cause].text != NULL ? causes[cause].text : "for a reason of a newer library";
}

const char *count_cause_label(int cause)
{
	return causes[cause].label != NULL ? causes[cause].label : text_make("cause_%d", cause);
}

const char *count_setting(int stricter)
{
	return settings[stricter].setting;
}

bool setting_in_force(const struct server *server, int stricter)
{
	static const int floors[STRICTER_COUNT] = {
		[STRICTER_TLS1_1] = 0x0302, [STRICTER_TLS1_2] = 0x0303, [STRICTER_TLS1_3] = 0x0304};
	const struct config *config = server->config;
	const char *profile = config_profile(config)->name, *setting = settings[stricter].setting;

	if (config->mode != MODE_ON)
		return false;
	if (floors[stricter] != 0)
		return config->min_protocol >= floors[stricter];
	return strcmp(profile, "default") != 0 && strstr(setting, profile) != NULL;
}

/* --- numbers and times ---------------------------------------------------------------- */

char *number_text(int64_t number)
{
	if (number < 1000)
		return text_make("%" PRId64, number);
	return text_make("%s,%03d", number_text(number / 1000), (int)(number % 1000));
}

char *time_text(int64_t seconds)
{
	time_t when = (time_t)seconds;
	struct tm parts;
	char text[32] = "";

	if (seconds == 0 || localtime_r(&when, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &parts) == 0)
		return text_make("an unknown time");
	return text_make("%s", text);
}

static char *ago_text(int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *name;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	int64_t passed = (int64_t)time(NULL) - seconds;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		int64_t count = passed / units[i].seconds;

		if (seconds != 0 && count > 0)
			return text_make("%s %s%s ago", number_text(count), units[i].name,
					 count == 1 ? "" : "s");
	}
	return text_make(seconds == 0 ? "at an unknown time" : "just now");
}

double percent_of(int64_t part, int64_t whole)
{
	return whole <= 0 ? 0 : part >= whole ? 100 : 100 * (double)part / (double)whole;
}

char *stricter_text(const struct server *server, int stricter)
{
	const struct counts *counts = &server->counts;
	const struct would_refuse *would = &counts->stricter[stricter];
	const char *name = settings[stricter].text, *as_far = settings[stricter].as_far;
	int64_t all = counts_served(counts, -1);
	char *range = number_text(would->refused);

	if (setting_in_force(server, stricter))
		return text_make("%s: in force", name);
	if (all == 0)
		return text_make("%s: not known, there was no handshake yet", name);
	if (would->refused == 0)
		return text_make("%s: would have refused nobody in %s handshake%s since %s%s", name,
				 number_text(all), all == 1 ? "" : "s", time_text(counts->since),
				 as_far);
	if (would->unsure > 0 && would->unsure <= would->refused)
		range = text_make("%s to %s", number_text(would->refused - would->unsure), range);
	return text_make(
		"%s: would have refused %s of %s handshake%s (%.2f %%) since %s%s; the last one "
		"%s",
		name, range, number_text(all), all == 1 ? "" : "s", percent_of(would->refused, all),
		time_text(counts->since), as_far, ago_text(would->last));
}
