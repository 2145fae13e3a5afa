/* SPDX-License-Identifier: MIT
 *
 * The player's words on sessions and tickets, and on what is asked of them.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "player.h"

/* Without one, a server that asks for certificates resumes nothing. */
static void word_sid(struct call *call)
{
	const unsigned char *text = (const unsigned char *)"x";

	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_set_session_id_context(call->context->ssl, text, 1)
				     : SSL_set_session_id_context(call->connection->ssl, text, 1));
}

/* The program takes back what the client could resume. */
static void word_forget(struct call *call)
{
	SSL *ssl = call->connection->ssl;
	SSL_SESSION *session = SSL_get_session(ssl);

	if (session != NULL)
		answer(call, "%d", SSL_CTX_remove_session(SSL_get_SSL_CTX(ssl), session));
}

/* off, server, or external: by callbacks alone. */
static void word_cache(struct call *call)
{
	long mode = strcmp(call->text[1], "off") == 0 ? SSL_SESS_CACHE_OFF
		    : strcmp(call->text[1], "server") == 0
			    ? SSL_SESS_CACHE_SERVER
			    : SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL;

	answer(call, "%ld", SSL_CTX_set_session_cache_mode(call->context->ssl, mode));
}

/* --- the program's own cache, of one session --------------------------------------------- */

static SSL_SESSION *cached;

void drop_cache(void)
{
	if (cached != NULL)
		SSL_SESSION_free(cached);
	cached = NULL;
}

static int put_session(SSL *ssl, SSL_SESSION *session)
{
	(void)ssl;
	drop_cache();
	cached = session;
	return 1; /* it is ours */
}

#ifdef TLS_LEGACY
static SSL_SESSION *get_session(SSL *ssl, unsigned char *id, int size, int *copy)
#else
static SSL_SESSION *get_session(SSL *ssl, const unsigned char *id, int size, int *copy)
#endif
{
	unsigned int length;
	const unsigned char *known;

	(void)ssl;
	*copy = 1;
	if (cached == NULL)
		return NULL;
	known = SSL_SESSION_get_id(cached, &length);
	return (int)length == size && memcmp(known, id, length) == 0 ? cached : NULL;
}

static void word_sesscb(struct call *call)
{
	SSL_CTX_sess_set_new_cb(call->context->ssl, put_session);
	SSL_CTX_sess_set_get_cb(call->context->ssl, get_session);
}

/* --- tickets ------------------------------------------------------------------------- */

/* A key that stays, as that of several servers does. */
static int ticket_key(SSL *ssl, unsigned char name[16], unsigned char *iv, EVP_CIPHER_CTX *cipher,
		      HMAC_CTX *mac, int make)
{
	static const unsigned char key[] = "one key for all that never changes";

	(void)ssl;
	if (make) {
		memcpy(name, "the only key....", 16);
		memset(iv, 7, 16);
	} else if (memcmp(name, "the only key....", 16) != 0) {
		return 0;
	}
	HMAC_Init_ex(mac, key, 32, EVP_sha1(), NULL);
	if (make)
		EVP_EncryptInit_ex(cipher, EVP_aes_128_cbc(), NULL, key, iv);
	else
		EVP_DecryptInit_ex(cipher, EVP_aes_128_cbc(), NULL, key, iv);
	return 1;
}

/* As of a server whose keys are not there yet. */
static int no_ticket_key(SSL *ssl, unsigned char name[16], unsigned char *iv,
			 EVP_CIPHER_CTX *cipher, HMAC_CTX *mac, int seals)
{
	(void)ssl, (void)name, (void)iv, (void)cipher, (void)mac, (void)seals;
	return 0;
}

/* SSL_CTX_set_tlsext_ticket_key_cb, which is SSL_CTRL_SET_TLSEXT_TICKET_KEY_CB. */
static void word_ticketkey(struct call *call)
{
	int none = strcmp(call->text[1], "none") == 0;

	answer(call, "%ld",
	       SSL_CTX_callback_ctrl(call->context->ssl, 72,
				     (void (*)(void))(none ? no_ticket_key : ticket_key)));
}

#if defined(TLS1_3_VERSION) && !defined(LIBRESSL_VERSION_NUMBER)
static int ticket_made(SSL *ssl, void *unused)
{
	(void)unused;
	return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), "ours", 4);
}

static SSL_TICKET_RETURN ticket_read(SSL *ssl, SSL_SESSION *session, const unsigned char *name,
				     size_t size, SSL_TICKET_STATUS status, void *unused)
{
	(void)ssl, (void)session, (void)name, (void)size, (void)unused;
	if (status == SSL_TICKET_SUCCESS)
		return SSL_TICKET_RETURN_USE;
	return status == SSL_TICKET_SUCCESS_RENEW ? SSL_TICKET_RETURN_USE_RENEW
						  : SSL_TICKET_RETURN_IGNORE_RENEW;
}

static void word_ticketcb(struct call *call)
{
	answer(call, "%d",
	       SSL_CTX_set_session_ticket_cb(call->context->ssl, ticket_made, ticket_read, NULL));
}

static void word_tickets(struct call *call)
{
	size_t count = strtoul(call->text[1], NULL, 10);

	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_set_num_tickets(call->context->ssl, count)
				     : SSL_set_num_tickets(call->connection->ssl, count));
}

static void word_maxearly(struct call *call)
{
	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_set_max_early_data(call->context->ssl, 4096)
				     : SSL_set_max_early_data(call->connection->ssl, 4096));
}

/* --- keys of TLS 1.3 that are shared beforehand ---------------------------------------- */

static SSL_SESSION *shared_key(SSL *ssl)
{
	static const unsigned char suite[] = {0x13, 0x01},
				   key[32] = "thirty-two bytes are this secret";
	SSL_SESSION *made = SSL_SESSION_new();

	SSL_SESSION_set1_master_key(made, key, sizeof(key));
	SSL_SESSION_set_cipher(made, SSL_CIPHER_find(ssl, suite));
	SSL_SESSION_set_protocol_version(made, TLS1_3_VERSION);
	return made;
}

static int find_key(SSL *ssl, const unsigned char *who, size_t size, SSL_SESSION **found)
{
	*found = size == 4 && memcmp(who, "me13", 4) == 0 ? shared_key(ssl) : NULL;
	return 1;
}

static int use_key(SSL *ssl, const EVP_MD *digest, const unsigned char **who, size_t *size,
		   SSL_SESSION **found)
{
	(void)digest;
	*found = shared_key(ssl);
	*who = (const unsigned char *)"me13";
	*size = 4;
	return 1;
}

static void word_psk13(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_psk_find_session_callback(call->context->ssl, find_key);
	else
		SSL_set_psk_find_session_callback(call->connection->ssl, find_key);
}

void use_psk13_client(SSL_CTX *ctx)
{
	SSL_CTX_set_psk_use_session_callback(ctx, use_key);
}
#else
static void word_newer(struct call *call)
{
	(void)call;
	absent("TLS 1.3");
}

#define word_ticketcb word_newer
#define word_tickets word_newer
#define word_maxearly word_newer
#define word_psk13 word_newer

void use_psk13_client(SSL_CTX *ctx)
{
	(void)ctx;
	absent("SSL_CTX_set_psk_use_session_callback");
}
#endif

const struct word session_words[] = {
	{"sid", "E", word_sid},
	{"forget", "S", word_forget},
	{"cache", "Cw", word_cache},
	{"sesscb", "C", word_sesscb},
	{"ticketkey", "Cw", word_ticketkey},
	{"ticketcb", "C", word_ticketcb},
	{"tickets", "Ew", word_tickets},
	{"maxearly", "E", word_maxearly},
	{"psk13", "E", word_psk13},
	{NULL, NULL, NULL},
};
