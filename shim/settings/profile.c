/* SPDX-License-Identifier: MIT */
#include "settings/profile.h"

#include <string.h>

#include "settings/value.h"
#include "sslharden/versions.h"

/* clang-format off */ /* a table */
/*
 * Mozilla's server-side TLS guideline 6.0.  It forces no server order, and puts
 * the hybrid group first where a libssl has it (OpenSSL 3.5).
 */
#define CIPHERS_6_0                                                        \
	"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"       \
	"ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"       \
	"ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
#define SUITES_6_0 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS_6_0 "X25519MLKEM768:X25519:prime256v1:secp384r1"

static const struct profile profiles[PROFILE_COUNT] = {
	{"default", "the safe defaults of Python's own servers", 0, false, false, 0, "", "", ""},
	/* Not with less than intermediate's: DTLS ends at 1.2. */
	{"modern", "Mozilla's server-side TLS guideline 6.0", WIRE_TLS1_3, true, true, 2048,
	 CIPHERS_6_0, SUITES_6_0, GROUPS_6_0},
	{"intermediate", "Mozilla's server-side TLS guideline 6.0", WIRE_TLS1_2, true, true, 2048,
	 CIPHERS_6_0, SUITES_6_0, GROUPS_6_0},
};
/* clang-format on */

const struct profile *config_profile(const struct config *config)
{
	return &profiles[config->profile];
}

unsigned int profile_find(const char *name)
{
	unsigned int i = 0;

	while (i < PROFILE_COUNT && strcmp(profiles[i].name, name) != 0)
		i++;
	return i;
}

void profile_apply(struct config *config, unsigned int number)
{
	const struct profile *profile = &profiles[number];

	config->profile = number;
	config->min_protocol = profile->min_protocol;
	config->allow_client_preference = profile->allow_client_preference;
	config->no_client_renegotiation = profile->no_client_renegotiation;
	config->min_dh_bits = profile->min_dh_bits;
	value_copy(config->ciphers, profile->ciphers);
	value_copy(config->ciphersuites, profile->ciphersuites);
	value_copy(config->groups, profile->groups);
	config->groups_from_profile = true;
}
