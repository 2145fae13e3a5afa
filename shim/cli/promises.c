/* SPDX-License-Identifier: MIT */
#include "promises.h"

#include "sslharden/policy.h"
#include "unwanted.h"

/* Each suite that is served and should not be, once. */
static void promises_of_suites(const struct measured *measured, const struct config *config,
			       struct strings *faults)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		const struct reply *reply = &measured->answers[i];
		char text[SUITE_TEXT_MAX];
		bool told = !unwanted_suite(config, reply);

		for (int j = 0; j < i && !told; j++)
			told = measured_serves(measured, (enum question)j) &&
			       measured->answers[j].suite == reply->suite;
		if (!told)
			strings_addf(faults, "not as asked: %s is served",
				     suite_name(reply->suite, text));
	}
}

void promises_check(const struct measured *measured, const struct config *config,
		    struct strings *faults)
{
	for (int i = ASK_SSL3; i <= ASK_TLS1_3; i++) {
		int version = question_version((enum question)i);

		if (measured_serves(measured, (enum question)i) &&
		    unwanted_version(config, version))
			strings_addf(faults, "not as asked: %s is served", version_name(version));
	}
	if (measured_order(measured) == ORDER_CLIENT && !config->allow_client_preference)
		strings_add(faults, "not as asked: the client's order of ciphers rules");
	if (measured->answers[ASK_COMPRESSION].compressed && !config->allow_compression)
		strings_add(faults, "not as asked: TLS compression");
	if (measured_reuses_key(measured, ASK_DHE) && !config->allow_dh_reuse)
		strings_add(faults, "not as asked: DH keys are used again");
	if (measured_reuses_key(measured, ASK_ECDHE) && !config->allow_ecdh_reuse)
		strings_add(faults, "not as asked: ECDH keys are used again");
	if (measured_serves(measured, ASK_DHE) && measured->answers[ASK_DHE].dh_bits != 0 &&
	    measured->answers[ASK_DHE].dh_bits < config->min_dh_bits)
		strings_addf(faults, "not as asked: DH parameters of %u bits",
			     measured->answers[ASK_DHE].dh_bits);
	if (measured->answers[ASK_BEST].ticket && config->no_tickets)
		strings_add(faults, "not as asked: session tickets");
	promises_of_suites(measured, config, faults);
}
