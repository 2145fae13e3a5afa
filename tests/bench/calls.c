/* SPDX-License-Identifier: MIT
 *
 * What calls.py counts the instructions of: calls METHOD OPTIONS ROUNDS SEED RSA.pem EC.pem
 * METHOD is server, generic or pinned (to TLS 1.2); OPTIONS are those that the program itself sets.  Runs under
 * callgrind, collecting nothing at the start: what the server does is collected, what the
 * client does is not, and each operation's counts are dumped under its name.  Randomness
 * comes from SEED, so that a bare and a preloaded run make the same keys and nonces.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* RAND_METHOD */
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <valgrind/callgrind.h>

enum { BLOCK = 16384 };

#define COLLECT(statement)                \
	do {                              \
		CALLGRIND_TOGGLE_COLLECT; \
		statement;                \
		CALLGRIND_TOGGLE_COLLECT; \
	} while (0)

struct setup {
	const SSL_METHOD *method;
	uint64_t options;
	bool pinned; /* it serves TLS 1.2 alone, so its clients have nothing newer */
	const char *pem[2];
	SSL_CTX *server, *client;
	SSL_SESSION *session; /* to be resumed */
};

enum { KEY_RSA, KEY_EC };

static uint64_t random_state;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "calls: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

/* xorshift64*: only its repeatability counts here. */
static int repeatable_bytes(unsigned char *bytes, int count)
{
	for (int i = 0; i < count; i++) {
		random_state ^= random_state >> 12;
		random_state ^= random_state << 25;
		random_state ^= random_state >> 27;
		bytes[i] = (unsigned char)(random_state * UINT64_C(0x2545f4914f6cdd1d) >> 56);
	}
	return 1;
}

static int ready(void)
{
	return 1;
}

static const RAND_METHOD repeatable = {
	.bytes = repeatable_bytes, .pseudorand = repeatable_bytes, .status = ready};

#include "pair.h"

/* --- what is counted --------------------------------------------------------------------- */

static void context(const struct setup *setup)
{
	SSL_CTX *ctx;

	COLLECT({
		ctx = SSL_CTX_new(setup->method);
		if (setup->options != 0)
			SSL_CTX_set_options(ctx, setup->options);
		SSL_CTX_free(ctx);
	});
}

static void connection(const struct setup *setup)
{
	SSL *ssl;

	COLLECT(ssl = SSL_new(setup->server); SSL_free(ssl));
}

static void handshake(const struct setup *setup)
{
	struct pair pair;

	pair_open(&pair, setup->server, setup->client, setup->session);
	pair_shake_hands(&pair);
	if ((SSL_session_reused(pair.server) == 1) != (setup->session != NULL))
		fail("resumed or not, against what was wanted");
	pair_close(&pair);
}

static struct pair standing; /* the connection that data goes over */

static void data(const struct setup *setup)
{
	static char block[BLOCK];
	int got;

	(void)setup;
	if (SSL_write(standing.client, block, BLOCK) != BLOCK)
		fail("the client cannot write");
	COLLECT(got = SSL_read(standing.server, block, BLOCK));
	if (got != BLOCK)
		fail("the server cannot read");
	COLLECT(got = SSL_write(standing.server, block, BLOCK));
	if (got != BLOCK || SSL_read(standing.client, block, BLOCK) != BLOCK)
		fail("the server cannot write");
}

/* --- running it -------------------------------------------------------------------------- */

/* Both ends speak this version only; 0 is any. */
static void setup_contexts(struct setup *setup, int key, int version)
{
	SSL_CTX_free(setup->server);
	SSL_CTX_free(setup->client);
	setup->server = SSL_CTX_new(setup->method);
	setup->client = SSL_CTX_new(TLS_client_method());
	if (setup->server == NULL || setup->client == NULL ||
	    SSL_CTX_use_certificate_file(setup->server, setup->pem[key], SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(setup->server, setup->pem[key], SSL_FILETYPE_PEM) != 1)
		fail(setup->pem[key]);
	if (setup->options != 0)
		SSL_CTX_set_options(setup->server, setup->options);
	SSL_CTX_set_min_proto_version(setup->client, version);
	SSL_CTX_set_max_proto_version(setup->client, version);
	SSL_CTX_set_session_id_context(setup->server, (const unsigned char *)"calls", 5);
}

/* A first session of the present contexts. */
static SSL_SESSION *session_of(const struct setup *setup)
{
	struct pair pair;
	SSL_SESSION *session;
	char byte;

	pair_open(&pair, setup->server, setup->client, setup->session);
	pair_shake_hands(&pair);
	SSL_read(pair.client, &byte, 1); /* TLS 1.3 sends tickets after the handshake */
	session = SSL_get1_session(pair.client);
	pair_close(&pair);
	if (session == NULL || !SSL_SESSION_is_resumable(session))
		fail("no session");
	return session;
}

/*
 * The first rounds bind symbols, fetch algorithms and fill caches: they are dumped under
 * another name.  (Counts after CALLGRIND_ZERO_STATS have some of those before it.)
 */
static void count(const char *name, void (*operation)(const struct setup *),
		  const struct setup *setup, int rounds)
{
	for (int i = 0; i < rounds; i++)
		operation(setup);
	CALLGRIND_DUMP_STATS_AT("warm-up");
	for (int i = 0; i < rounds; i++)
		operation(setup);
	CALLGRIND_DUMP_STATS_AT(name);
}

static const struct handshake_kind {
	const char *full, *resumed;
	int key, version;
} handshake_kinds[] = {
	{"rsa-1.2", "resumed-1.2", KEY_RSA, TLS1_2_VERSION},
	{"rsa-1.3", "resumed-1.3", KEY_RSA, TLS1_3_VERSION},
	{"ecdsa-1.2", NULL, KEY_EC, TLS1_2_VERSION},
	{"ecdsa-1.3", NULL, KEY_EC, TLS1_3_VERSION},
};

static const SSL_METHOD *method_of(const char *name)
{
	if (strcmp(name, "server") == 0)
		return TLS_server_method();
	if (strcmp(name, "generic") == 0)
		return TLS_method();
	return strcmp(name, "pinned") == 0 ? TLSv1_2_server_method() : NULL;
}

int main(int argc, char **argv)
{
	struct setup setup = {0};
	int rounds;

	setup.method = argc == 7 ? method_of(argv[1]) : NULL;
	if (setup.method == NULL) {
		fprintf(stderr,
			"usage: calls server|generic|pinned OPTIONS ROUNDS SEED RSA.pem EC.pem\n");
		return 2;
	}
	setup.pinned = argv[1][0] == 'p';
	setup.options = strtoull(argv[2], NULL, 16);
	rounds = atoi(argv[3]);
	random_state = strtoull(argv[4], NULL, 10) | 1;
	setup.pem[KEY_RSA] = argv[5];
	setup.pem[KEY_EC] = argv[6];
	RAND_set_rand_method(&repeatable);

	count("context", context, &setup, rounds);
	setup_contexts(&setup, KEY_RSA, setup.pinned ? TLS1_2_VERSION : 0);
	count("connection", connection, &setup, rounds);
	pair_open(&standing, setup.server, setup.client, NULL);
	pair_shake_hands(&standing);
	count("data", data, &setup, rounds);
	pair_close(&standing);
	for (size_t i = 0; i < sizeof(handshake_kinds) / sizeof(*handshake_kinds); i++) {
		const struct handshake_kind *kind = &handshake_kinds[i];

		if (setup.pinned && kind->version != TLS1_2_VERSION)
			continue;
		setup_contexts(&setup, kind->key, kind->version);
		count(kind->full, handshake, &setup, rounds);
		if (kind->resumed == NULL)
			continue;
		setup.session = session_of(&setup);
		count(kind->resumed, handshake, &setup, rounds);
		SSL_SESSION_free(setup.session);
		setup.session = NULL;
	}
	SSL_CTX_free(setup.server);
	SSL_CTX_free(setup.client);
	return 0;
}
