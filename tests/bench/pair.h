/* SPDX-License-Identifier: MIT
 *
 * pair: a server's and a client's connection over memory.  Who includes it has fail(), and may
 * define COLLECT(statement), which surrounds what the server does.
 */
#ifndef BENCH_PAIR_H
#define BENCH_PAIR_H

#include <openssl/ssl.h>

#ifndef COLLECT
#define COLLECT(statement) statement
#endif

enum { PIPE = 65536 };

struct pair {
	SSL *server, *client;
};

/* @session: to be resumed, or NULL. */
static void pair_open(struct pair *pair, SSL_CTX *server, SSL_CTX *client, SSL_SESSION *session)
{
	BIO *theirs, *ours;

	pair->client = SSL_new(client);
	if (pair->client == NULL || BIO_new_bio_pair(&ours, PIPE, &theirs, PIPE) != 1)
		fail("no connection");
	SSL_set_bio(pair->client, theirs, theirs);
	SSL_set_connect_state(pair->client);
	if (session != NULL)
		SSL_set_session(pair->client, session);
	COLLECT(pair->server = SSL_new(server));
	if (pair->server == NULL)
		fail("no connection");
	COLLECT(SSL_set_bio(pair->server, ours, ours); SSL_set_accept_state(pair->server));
}

static void pair_shake_hands(struct pair *pair)
{
	int served = 0, connected = 0;

	for (int turn = 0; served != 1 || connected != 1; turn++) {
		if (turn == 10)
			fail("no handshake");
		connected = SSL_do_handshake(pair->client);
		COLLECT(served = SSL_do_handshake(pair->server));
	}
}

static void pair_close(struct pair *pair)
{
	SSL_shutdown(pair->client); /* else its session is not to be resumed */
	COLLECT(SSL_shutdown(pair->server); SSL_free(pair->server));
	SSL_free(pair->client);
}

#endif
