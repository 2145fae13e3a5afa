/* SPDX-License-Identifier: MIT
 *
 * The player's words on connections, before and between their handshakes.
 */
#include <string.h>

#include "player.h"

void drop_connection(struct connection *connection)
{
	if (connection->peer != NULL)
		SSL_free(connection->peer);
	if (connection->bio != NULL) /* owns its connection */
		BIO_free_all(connection->bio);
	else if (connection->ssl != NULL)
		SSL_free(connection->ssl);
	memset(connection, 0, sizeof(*connection));
}

static void keep(struct call *call, SSL *ssl)
{
	drop_connection(call->copy);
	call->copy->ssl = ssl;
	call->copy->made = ssl == NULL ? NULL : context_method(ssl);
	answer(call, "%s", ssl != NULL ? "made" : "null");
}

/* libssl's copy, which of a connection that has begun is that connection itself from 1.1.0 on. */
static void keep_made(struct call *call, const SSL *of, const SSL_METHOD *made)
{
	if (call->copy->ssl == of)
		call->copy->made = made;
}

static void word_ssl(struct call *call)
{
	keep(call, SSL_new(call->context->ssl));
}

/*
 * Before 1.1.1 libssl copies the state of a BIO to where only the place of one is known: of a pair of
 * BIOs that is a write to anywhere, and often a crash.
 */
static void word_dup(struct call *call)
{
	SSL *ssl = call->connection->ssl;
	const SSL_METHOD *made = call->connection->made;

	if (SSL_in_before(ssl) && SSL_get_rbio(ssl) != NULL &&
	    BIO_method_type(SSL_get_rbio(ssl)) == BIO_TYPE_BIO)
		SSL_set_bio(ssl, NULL, NULL);
	keep(call, SSL_dup(ssl));
	keep_made(call, ssl, made);
}

static void keep_bio(struct call *call, BIO *bio)
{
	drop_connection(call->copy);
	call->copy->bio = bio;
	if (bio != NULL)
		BIO_get_ssl(bio, &call->copy->ssl);
	if (call->copy->ssl != NULL)
		call->copy->made = context_method(call->copy->ssl);
	answer(call, "%s", bio != NULL ? "made" : "null");
}

static void word_bioserver(struct call *call)
{
	keep_bio(call, BIO_new_ssl(call->context->ssl, 0));
}

static void word_bioclient(struct call *call)
{
	keep_bio(call, BIO_new_ssl(call->context->ssl, 1));
}

static void word_bioconnect(struct call *call)
{
	keep_bio(call, BIO_new_ssl_connect(call->context->ssl));
}

/* The side is taken inside libssl. */
static void word_biomode(struct call *call)
{
	struct connection *connection = call->connection;

	if (connection->bio == NULL) {
		connection->bio = BIO_new(BIO_f_ssl());
		BIO_set_ssl(connection->bio, connection->ssl, BIO_CLOSE);
	}
	BIO_set_ssl_mode(connection->bio, strcmp(call->text[1], "client") == 0);
}

/* Everything that SSL_clear does, and the side taken anew, inside libssl. */
static void word_bioreset(struct call *call)
{
	if (call->connection->bio != NULL)
		answer(call, "%d", (int)BIO_reset(call->connection->bio) >= 0);
}

/* A copy of the chain, with a copy of the connection. */
static void word_biodup(struct call *call)
{
	BIO *bio = call->connection->bio;

	if (bio == NULL || call->copy == call->connection)
		return;
	keep_bio(call, BIO_dup_chain(bio));
	keep_made(call, call->connection->ssl, call->connection->made);
}

/* Handshakes over sockets, as most programs' are. */
static void word_socket(struct call *call)
{
	call->connection->socket = 1;
}

static void word_quietly(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_quiet_shutdown(call->context->ssl, 1);
	else
		SSL_set_quiet_shutdown(call->connection->ssl, 1);
}

static void word_depth(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_verify_depth(call->context->ssl, 1);
	else
		SSL_set_verify_depth(call->connection->ssl, 1);
}

/* Calls that a context and a connection have alike, each of a number, where this libssl has them. */
static void with_number(struct call *call, const char *of_context, const char *of_connection,
			unsigned int number)
{
	any_function set = optional(call->context != NULL ? of_context : of_connection);
	void *object = call->context != NULL ? (void *)call->context->ssl : call->connection->ssl;

	if (set != NULL)
		answer(call, "%d", ((int (*)(void *, size_t))set)(object, number));
}

/* The longest record that is asked for: by 1 to 4, of 512 to 4096 bytes. */
static void word_fragment(struct call *call)
{
	with_number(call, "SSL_CTX_set_tlsext_max_fragment_length",
		    "SSL_set_tlsext_max_fragment_length", (unsigned int)(call->text[1][0] - '0'));
}

void use_fragments_client(SSL_CTX *ctx)
{
	any_function set = optional("SSL_CTX_set_tlsext_max_fragment_length");

	if (set != NULL)
		((int (*)(SSL_CTX *, unsigned char))set)(ctx, 1);
}

static void word_padding(struct call *call)
{
	with_number(call, "SSL_CTX_set_block_padding", "SSL_set_block_padding", 256);
}

static void word_recvearly(struct call *call)
{
	with_number(call, "SSL_CTX_set_recv_max_early_data", "SSL_set_recv_max_early_data", 4096);
}

/* A certificate is asked for once the handshake is done, as TLS 1.3 has it. */
static void word_later(struct call *call)
{
	int (*ask)(SSL *) = (int (*)(SSL *))optional("SSL_verify_client_post_handshake");

	if (ask != NULL)
		answer(call, "%d", ask(call->connection->ssl));
}

static void word_upref(struct call *call)
{
#ifdef TLS_LEGACY
	(void)call;
	absent("SSL_up_ref");
#else
	answer(call, "%d", SSL_up_ref(call->connection->ssl));
	SSL_free(call->connection->ssl);
#endif
}

static void word_free(struct call *call)
{
	drop_connection(call->connection);
}

static void word_sclear(struct call *call)
{
	answer(call, "%d", SSL_clear(call->connection->ssl));
}

static void word_shutdown(struct call *call)
{
	int ret = SSL_shutdown(call->connection->ssl);

	if (call->connection->peer != NULL)
		SSL_shutdown(call->connection->peer);
	answer(call, "%d", ret);
}

static void word_quiet(struct call *call)
{
	SSL_set_shutdown(call->connection->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

static void word_move(struct call *call)
{
	SSL_CTX *now = SSL_set_SSL_CTX(call->connection->ssl, call->context->ssl);

	answer(call, "%s", now == call->context->ssl ? "moved" : now == NULL ? "null" : "other");
}

/* To the context that it was made from. */
static void word_moveback(struct call *call)
{
	answer(call, "%s", SSL_set_SSL_CTX(call->connection->ssl, NULL) == NULL ? "null" : "moved");
}

static void word_method(struct call *call)
{
	answer(call, "%d", SSL_set_ssl_method(call->connection->ssl, call->method));
}

static void word_server(struct call *call)
{
	SSL_set_accept_state(call->connection->ssl);
}

static void word_client(struct call *call)
{
	SSL_set_connect_state(call->connection->ssl);
}

static void word_isserver(struct call *call)
{
#ifdef SSL_CONF_FLAG_FILE
	answer(call, "%d", SSL_is_server(call->connection->ssl));
#else
	(void)call;
	absent("SSL_is_server");
#endif
}

static void word_mode(struct call *call)
{
	answer(call, "mode 0x%lx",
	       call->context != NULL ? SSL_CTX_get_mode(call->context->ssl)
				     : SSL_get_mode(call->connection->ssl));
}

const struct word connection_words[] = {
	{"ssl", "TC", word_ssl},
	{"dup", "TS", word_dup},
	{"bioserver", "TC", word_bioserver},
	{"bioclient", "TC", word_bioclient},
	{"bioconnect", "TC", word_bioconnect},
	{"biomode", "Sw", word_biomode},
	{"bioreset", "S", word_bioreset},
	{"biodup", "TS", word_biodup},
	{"socket", "S", word_socket},
	{"quietly", "E", word_quietly},
	{"depth", "E", word_depth},
	{"fragment", "Ew", word_fragment},
	{"padding", "E", word_padding},
	{"recvearly", "E", word_recvearly},
	{"later", "S", word_later},
	{"upref", "S", word_upref},
	{"free", "S", word_free},
	{"sclear", "S", word_sclear},
	{"shutdown", "S", word_shutdown},
	{"quiet", "S", word_quiet},
	{"move", "SC", word_move},
	{"moveback", "S", word_moveback},
	{"method", "SM", word_method},
	{"server", "S", word_server},
	{"client", "S", word_client},
	{"isserver", "S", word_isserver},
	{"mode", "E", word_mode},
	{NULL, NULL, NULL},
};
