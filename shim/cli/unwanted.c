/* SPDX-License-Identifier: MIT */
#include "unwanted.h"

#include "sslharden/suites.h"

bool unwanted_by_lists(const struct config *config)
{
	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
}

bool unwanted_version(const struct config *config, int version)
{
	return (version == SSL3 && !config->allow_sslv3) || version < config->min_protocol ||
	       (config->max_protocol != 0 && version > config->max_protocol);
}

bool unwanted_suite(const struct config *config, const struct reply *reply)
{
	char text[SUITE_TEXT_MAX];

	return config->forbid != 0 && reply->outcome == OUTCOME_SERVED &&
	       suite_grade(reply->suite) != GRADE_UNKNOWN &&
	       (suite_properties(suite_name(reply->suite, text)) & config->forbid) != 0;
}
