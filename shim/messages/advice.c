/* SPDX-License-Identifier: MIT */
#include "messages/advice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sslharden/config.h"
#include "sslharden/suites.h"

/* Appends to @text, after " and " if there is something. */
static void add(char text[ADVICE_TEXT_MAX], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void add(char text[ADVICE_TEXT_MAX], const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	if (used + sizeof(" and ") >= ADVICE_TEXT_MAX)
		return;
	if (used != 0)
		used += (size_t)snprintf(text + used, ADVICE_TEXT_MAX - used, " and ");
	va_start(args, format);
	vsnprintf(text + used, ADVICE_TEXT_MAX - used, format, args);
	va_end(args);
}

/* A remark if the list in force is the profile's, and no variable is set that could be changed. */
static const char *whose(const char *list, size_t offset)
{
	const struct profile *profile = config_profile(config_get());

	return list[0] != '\0' && strcmp(list, (const char *)profile + offset) == 0
		       ? " (now the profile's)"
		       : "";
}

/* Every lower bound excludes SSL 3.0, so each has to go. */
static void add_sslv3(char text[ADVICE_TEXT_MAX])
{
	const struct config *config = config_get();

	if (!config->allow_sslv3)
		add(text, "SSLHARDEN_ALLOW_SSLV3=1");
	if (config->profile != 0)
		add(text, "SSLHARDEN_PROFILE=default");
	if (config->min_protocol != config_profile(config)->min_protocol)
		add(text, "no SSLHARDEN_MIN_PROTOCOL");
}

static void add_versions(const struct refusal *refusal, char text[ADVICE_TEXT_MAX])
{
	switch (refusal->cause) {
	case CAUSE_SSLV3:
		add_sslv3(text);
		break;
	case CAUSE_MIN_PROTOCOL:
	case CAUSE_FORBIDDEN:
		add(text, "SSLHARDEN_MIN_PROTOCOL=%s", version_name(refusal->admitted));
		break;
	case CAUSE_MAX_PROTOCOL:
		add(text, "SSLHARDEN_MAX_PROTOCOL=%s", version_name(refusal->admitted));
		break;
	case CAUSE_OPENED:
		/* SSLHARDEN_MIN_PROTOCOL may be above TLS 1.2. */
		if (config_get()->min_protocol > WIRE_TLS1_2)
			add(text, "SSLHARDEN_MIN_PROTOCOL=TLSv1.2");
		add(text, "SSLHARDEN_MAX_PROTOCOL=TLSv1.2");
		break;
	case CAUSE_RENEGOTIATION:
		add(text, "SSLHARDEN_NO_CLIENT_RENEGOTIATION=0");
		break;
	default:
		break;
	}
}

static void add_lists(const struct refusal *refusal, char text[ADVICE_TEXT_MAX])
{
	const struct config *config = config_get();
	bool newer = refusal->admitted == WIRE_TLS1_3;
	const char *variable = newer ? "SSLHARDEN_CIPHERSUITES" : "SSLHARDEN_CIPHERS";
	const char *now =
		newer ? whose(config->ciphersuites, offsetof(struct profile, ciphersuites))
		      : whose(config->ciphers, offsetof(struct profile, ciphers));
	char words[SUITE_WORDS_MAX];
	bool gone;

	if (refusal->forbidden != 0)
		add(text, "SSLHARDEN_FORBID without %s",
		    suite_words_text(refusal->forbidden, words, sizeof(words)));
	if (refusal->needs_shorter_forbid)
		add(text, "a shorter SSLHARDEN_FORBID");
	if (refusal->suite != NULL)
		add(text, "%s in %s%s", refusal->suite, variable, now);
	if (refusal->needs_longer_list)
		add(text, "a longer %s%s", variable, now);
	now = whose(config->groups, offsetof(struct profile, groups));
	/* add_sslv3 says that the profile has to go, and its groups go with it. */
	gone = refusal->cause == CAUSE_SSLV3 && now[0] != '\0';
	if (refusal->group != NULL && !gone)
		add(text, "%s in SSLHARDEN_GROUPS%s", refusal->group, now);
	if (refusal->needs_longer_groups && !gone)
		add(text, "a longer SSLHARDEN_GROUPS%s", now);
	if (refusal->security_level >= 0)
		add(text, "@SECLEVEL=%d in SSLHARDEN_CIPHERS", refusal->security_level);
}

/* Whose hello was not read: "those of TLSv1.1, =TLSv1 also those of TLSv1". */
static void add_those(const struct refusal *refusal, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "those of %s", version_name(refusal->admitted));
	versions others = refusal->cause == CAUSE_FORBIDDEN ? refusal->older : 0;

	for (; others != 0 && used < size; others &= ~version_newest(others)) {
		const char *name = version_name(version_highest(TRANSPORT_TLS, others));

		used += (size_t)snprintf(text + used, size - used, ", =%s also those of %s", name,
					 name);
	}
}

void advice_text(const struct refusal *refusal, char text[ADVICE_TEXT_MAX])
{
	size_t used;

	add_versions(refusal, text);
	add_lists(refusal, text);
	used = strlen(text);
	used += (size_t)snprintf(text + used, ADVICE_TEXT_MAX - used, " %s ",
				 strstr(text, " and ") ? "admit" : "admits");
	if (refusal->serves_nobody)
		add_those(refusal, text + used, ADVICE_TEXT_MAX - used);
	else
		snprintf(text + used, ADVICE_TEXT_MAX - used, "it%s",
			 refusal->program_list_unknown
				 ? ", if the program's own list has a suite for it"
				 : "");
}
