/* SPDX-License-Identifier: MIT
 *
 * The peer's callbacks: many that are told how a handshake goes on, and those that know a key.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "callbacks.h"

struct words start_words, step_words;

/* --- how a handshake goes on --------------------------------------------------------- */

typedef void (*info_callback)(const SSL *ssl, int where, int ret);

static struct event {
	int callback, where, ret;
} events[256];
static int events_count;

static void happened(int callback, const SSL *ssl, int where, int ret)
{
	SSL *mutable_ssl = (SSL *)(size_t)ssl;

	if (events_count < (int)(sizeof(events) / sizeof(events[0])))
		events[events_count++] = (struct event){callback, where, ret};
	if (where == SSL_CB_HANDSHAKE_START)
		ssl_apply(mutable_ssl, &start_words);
	else if (where == SSL_CB_ACCEPT_LOOP)
		ssl_apply(mutable_ssl, &step_words);
}

/* clang-format off */
#define EACH(ROW) \
	ROW(0) ROW(1) ROW(2) ROW(3) ROW(4) ROW(5) ROW(6) ROW(7) ROW(8) ROW(9) \
	ROW(10) ROW(11) ROW(12) ROW(13) ROW(14) ROW(15) ROW(16) ROW(17) ROW(18) ROW(19) \
	ROW(20) ROW(21) ROW(22) ROW(23) ROW(24) ROW(25) ROW(26) ROW(27) ROW(28) ROW(29) \
	ROW(30) ROW(31) ROW(32) ROW(33) ROW(34) ROW(35) ROW(36) ROW(37) ROW(38) ROW(39)
/* clang-format on */

#define ROW(n)                                                       \
	static void callback_##n(const SSL *ssl, int where, int ret) \
	{                                                            \
		happened(n, ssl, where, ret);                        \
	}
EACH(ROW)
#undef ROW

#define ROW(n) callback_##n,
static const info_callback callbacks[] = {EACH(ROW)};
#undef ROW

enum { CALLBACKS = sizeof(callbacks) / sizeof(callbacks[0]) };

static void set(SSL_CTX *ctx, SSL *ssl, info_callback callback)
{
	if (ssl != NULL)
		SSL_set_info_callback(ssl, callback);
	else
		SSL_CTX_set_info_callback(ctx, callback);
}

static void print_callback(SSL_CTX *ctx, SSL *ssl)
{
	info_callback now =
		ssl != NULL ? SSL_get_info_callback(ssl) : SSL_CTX_get_info_callback(ctx);
	int i = 0;

	while (i < CALLBACKS && callbacks[i] != now)
		i++;
	if (now == NULL)
		printf("info none\n");
	else if (i < CALLBACKS)
		printf("info %d\n", i);
	else
		printf("info other\n");
}

/* As a program does that takes another class's index for one of connections. */
static void print_small_indexes(const SSL *ssl)
{
	int kept = 0;

	for (int i = 1; i < 8; i++)
		kept += SSL_get_ex_data(ssl, i) != NULL;
	printf("info kept %d\n", kept);
}

void peer_info(SSL_CTX *ctx, SSL *ssl, const char *word)
{
	int first, last;

	if (strcmp(word, "info-kept") == 0)
		print_small_indexes(ssl);
	else if (strcmp(word, "info-index") == 0)
		printf("info index %d\n", SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL));
	else if (strcmp(word, "info?") == 0)
		print_callback(ctx, ssl);
	else if (strcmp(word, "info:none") == 0)
		set(ctx, ssl, NULL);
	else if (sscanf(word, "info:%d-%d", &first, &last) == 2)
		while (first <= last && first < CALLBACKS)
			set(ctx, ssl, callbacks[first++]);
	else
		set(ctx, ssl, callbacks[atoi(word + strlen("info:")) % CALLBACKS]);
}

void peer_events(void)
{
	if (events_count == 0)
		return;
	printf("events");
	for (int i = 0; i < events_count; i++)
		printf(" %d:0x%x/%d", events[i].callback, (unsigned)events[i].where, events[i].ret);
	printf("\n");
	events_count = 0;
}

/* --- that judge a name ---------------------------------------------------------------- */

#ifdef SSL_TLSEXT_ERR_ALERT_FATAL
#define ROW(n)                                                                                \
	static int named_##n(SSL *ssl, int *alert, void *unused)                              \
	{                                                                                     \
		(void)ssl, (void)alert, (void)unused;                                         \
		return (n) == CALLBACKS - 1 ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL; \
	}
EACH(ROW)
#undef ROW

void peer_names(SSL_CTX *ctx, const char *word)
{
#define ROW(n) named_##n,
	static int (*const all[])(SSL *, int *, void *) = {EACH(ROW)};
#undef ROW
	int first, last;

	if (strcmp(word, "names:none") == 0)
		SSL_CTX_set_tlsext_servername_callback(ctx, NULL);
	else if (sscanf(word, "names:%d-%d", &first, &last) == 2)
		while (first <= last && first < CALLBACKS)
			SSL_CTX_set_tlsext_servername_callback(ctx, all[first++]);
}
#else
void peer_names(SSL_CTX *ctx, const char *word)
{
	(void)ctx, (void)word;
	printf("absent names\n");
	exit(77);
}
#endif

/* --- keys ---------------------------------------------------------------------------- */

#ifdef PEER_PSK
static const char identity[] = "me", secret[] = "0123456789abcdef0123456789abcdef";

static unsigned int give(SSL *ssl, const char *who, unsigned char *key, unsigned int size)
{
	(void)ssl;
	if (who == NULL || strcmp(who, identity) != 0 || size < sizeof(secret) - 1)
		return 0;
	memcpy(key, secret, sizeof(secret) - 1);
	return sizeof(secret) - 1;
}

/* A client that finds its key by what the server calls itself. */
static unsigned int offer(SSL *ssl, const char *hint, char *who, unsigned int size,
			  unsigned char *key, unsigned int key_size)
{
	if (hint == NULL)
		return 0;
	snprintf(who, size, "%s", identity);
	return give(ssl, who, key, key_size);
}

void peer_keys(SSL_CTX *ctx)
{
	SSL_CTX_set_psk_server_callback(ctx, give);
	SSL_CTX_set_psk_client_callback(ctx, offer);
}

#ifdef TLS1_3_VERSION
/* One that has no name for its server, as in TLS 1.3. */
static unsigned int show(SSL *ssl, const char *hint, char *who, unsigned int size,
			 unsigned char *key, unsigned int key_size)
{
	(void)hint;
	return offer(ssl, identity, who, size, key, key_size);
}

/* TLS 1.3's own way: a session that nobody had. */
static int find(SSL *ssl, const unsigned char *who, size_t size, SSL_SESSION **session)
{
	static const unsigned char suite[] = {0x13, 0x01}; /* the client's, by its callback */

	(void)size;
	*session = NULL;
	if (memcmp(who, identity, strlen(identity)) != 0)
		return 1;
	*session = SSL_SESSION_new();
	return SSL_SESSION_set1_master_key(*session, (const unsigned char *)secret,
					   sizeof(secret) - 1) == 1 &&
	       SSL_SESSION_set_cipher(*session, SSL_CIPHER_find(ssl, suite)) == 1 &&
	       SSL_SESSION_set_protocol_version(*session, TLS1_3_VERSION) == 1;
}

void peer_keys_newer(SSL_CTX *ctx, SSL *ssl)
{
	if (ssl != NULL) {
		SSL_set_psk_find_session_callback(ssl, find);
		return;
	}
	SSL_CTX_set_psk_find_session_callback(ctx, find);
	SSL_CTX_set_psk_client_callback(ctx, show);
}
#else
void peer_keys_newer(SSL_CTX *ctx, SSL *ssl)
{
	(void)ctx, (void)ssl;
	printf("absent SSL_CTX_set_psk_find_session_callback\n");
	exit(77);
}
#endif

void peer_hint(SSL_CTX *ctx, SSL *ssl, const char *hint)
{
	printf("hint %d\n", ssl != NULL ? SSL_use_psk_identity_hint(ssl, hint)
					: SSL_CTX_use_psk_identity_hint(ctx, hint));
}
#else
void peer_keys(SSL_CTX *ctx)
{
	(void)ctx;
	printf("absent SSL_CTX_set_psk_server_callback\n");
	exit(77);
}

void peer_keys_newer(SSL_CTX *ctx, SSL *ssl)
{
	(void)ssl;
	peer_keys(ctx);
}

void peer_hint(SSL_CTX *ctx, SSL *ssl, const char *hint)
{
	(void)ssl, (void)hint;
	peer_keys(ctx);
}
#endif
