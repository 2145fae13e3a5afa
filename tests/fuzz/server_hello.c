/* SPDX-License-Identifier: MIT
 *
 * The input is what a server says to a client of sslharden compare; its first bytes are also who
 * that client is.
 */
#include "starttls.h"
#include "tls_hello.h"
#include "tls_reply.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make(const uint8_t *data, size_t size)
{
	char name[HELLO_NAME_MAX + 1] = "";
	uint8_t random[HELLO_RANDOM] = {0}, *to = malloc(HELLO_MAX);
	struct hello hello = {SSL3, SSL3, OFFER_BEST_FIRST, 0, false, NULL};
	size_t len;

	if (size >= 6) {
		hello = (struct hello){
			.lowest = SSL3 + data[0] % 5,
			.highest = SSL3 + data[1] % 5,
			.offer = data[2] % 5,
			.without = (uint16_t)(data[3] << 8 | data[4]),
			.compression = data[5] & 1,
		};
		memset(name, 'a', data[5]);
		hello.name = name[0] != '\0' ? name : NULL;
	}
	len = hello_make(&hello, random, to);
	/* A record of one message: both lengths are what follows them. */
	if (len > HELLO_MAX || (size_t)(to[3] << 8 | to[4]) != len - 5 ||
	    (size_t)(to[6] << 16 | to[7] << 8 | to[8]) != len - 9)
		abort();
	free(to);
}

static void read_whole(const uint8_t *bytes, size_t size, struct reply *reply)
{
	/* At its own size, so that no byte behind it can be read unnoticed. */
	uint8_t *copy = malloc(size);

	memcpy(copy, bytes, size);
	reply_read(copy, size, reply);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reply reply, part;
	char text[SUITE_TEXT_MAX];

	if (size > 0)
		make(data, size);
	read_whole(data, size, &reply);
	if (suite_name(reply.suite, text)[0] == '\0' || reply.dh_bits > 8 * 65535)
		abort();
	if (reply.outcome == OUTCOME_SERVED && (reply.version < SSL3 || reply.version > TLS1_3))
		abort();
	/* What is said with less stays said with more. */
	read_whole(data, size / 2, &part);
	if (part.outcome != OUTCOME_NONE && part.outcome != reply.outcome)
		abort();
	for (const char *const *name = starttls_names(); *name != NULL; name++) {
		const struct starttls *protocol = starttls_find(*name);
		char *copy = malloc(size);

		memcpy(copy, data, size);
		for (int i = 0; i < STARTTLS_STEPS; i++) {
			if (protocol->steps[i].wanted != NULL)
				protocol->steps[i].hear(copy, size, protocol->steps[i].wanted);
		}
		free(copy);
	}
	return 0;
}
