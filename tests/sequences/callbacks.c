/* SPDX-License-Identifier: MIT
 *
 * The player's words on callbacks: keys, the client's hello, the server's name, certificates,
 * protocols, security, information.
 */
#include <stdio.h>
#include <string.h>

#include "player.h"

/* --- keys ---------------------------------------------------------------------------- */

#ifdef HAS_PSK
static const char identity[] = "me", secret[] = "0123456789abcdef0123456789abcdef";

static unsigned int give_key(SSL *ssl, const char *who, unsigned char *key, unsigned int size)
{
	(void)ssl;
	if (who == NULL || strcmp(who, identity) != 0 || size < sizeof(secret) - 1)
		return 0;
	memcpy(key, secret, sizeof(secret) - 1);
	return sizeof(secret) - 1;
}

static unsigned int offer_key(SSL *ssl, const char *hint, char *who, unsigned int size,
			      unsigned char *key, unsigned int key_size)
{
	(void)hint;
	snprintf(who, size, "%s", identity);
	return give_key(ssl, who, key, key_size);
}

/* A client that finds its key by what the server calls itself. */
static unsigned int offer_key_for_hint(SSL *ssl, const char *hint, char *who, unsigned int size,
				       unsigned char *key, unsigned int key_size)
{
	return hint == NULL ? 0 : offer_key(ssl, hint, who, size, key, key_size);
}
#endif

void use_psk_server(SSL_CTX *ctx, SSL *ssl)
{
#ifdef HAS_PSK
	if (ctx != NULL)
		SSL_CTX_set_psk_server_callback(ctx, give_key);
	else
		SSL_set_psk_server_callback(ssl, give_key);
#else
	(void)ctx, (void)ssl;
	absent("SSL_CTX_set_psk_server_callback");
#endif
}

void use_psk_client(SSL_CTX *ctx, int needs_hint)
{
#ifdef HAS_PSK
	SSL_CTX_set_psk_client_callback(ctx, needs_hint ? offer_key_for_hint : offer_key);
#else
	(void)ctx, (void)needs_hint;
	absent("SSL_CTX_set_psk_client_callback");
#endif
}

static void word_psk(struct call *call)
{
	use_psk_server(call->context != NULL ? call->context->ssl : NULL,
		       call->connection != NULL ? call->connection->ssl : NULL);
}

static void word_hint(struct call *call)
{
#ifdef HAS_PSK
	answer(call, "%d",
	       call->context != NULL
		       ? SSL_CTX_use_psk_identity_hint(call->context->ssl, call->text[1])
		       : SSL_use_psk_identity_hint(call->connection->ssl, call->text[1]));
#else
	(void)call;
	absent("SSL_CTX_use_psk_identity_hint");
#endif
}

#ifdef HAS_SRP
/* The connection whose user was known before its handshake; it is not asked for anew. */
static const SSL *of_one_user;

static int set_user(SSL *ssl)
{
	return SSL_set_srp_server_param_pw(ssl, identity, secret, "1024");
}

static int know_user(SSL *ssl, int *alert, void *unused)
{
	(void)unused;
	if (ssl != of_one_user && set_user(ssl) < 0) {
		*alert = SSL_AD_INTERNAL_ERROR;
		return SSL3_AL_FATAL;
	}
	return SSL_ERROR_NONE;
}
#endif

void use_srp_server(SSL_CTX *ctx)
{
#ifdef HAS_SRP
	SSL_CTX_set_srp_username_callback(ctx, know_user);
#else
	(void)ctx;
	absent("SSL_CTX_set_srp_username_callback");
#endif
}

void use_srp_client(SSL_CTX *ctx)
{
#ifdef HAS_SRP
	SSL_CTX_set_srp_username(ctx, (char *)identity);
	SSL_CTX_set_srp_password(ctx, (char *)secret);
#else
	(void)ctx;
	absent("SSL_CTX_set_srp_username");
#endif
}

static void word_srp(struct call *call)
{
	if (call->context != NULL) {
		use_srp_server(call->context->ssl);
		return;
	}
#ifdef HAS_SRP
	of_one_user = call->connection->ssl;
	answer(call, "%d", set_user(call->connection->ssl));
#else
	absent("SSL_set_srp_server_param_pw");
#endif
}

/* --- cookies ------------------------------------------------------------------------- */

static int make_cookie(SSL *ssl, unsigned char *cookie, unsigned int *size)
{
	(void)ssl;
	memcpy(cookie, "cookie", 6);
	*size = 6;
	return 1;
}

#ifdef TLS_LEGACY
static int know_cookie(SSL *ssl, unsigned char *cookie, unsigned int size)
#else
static int know_cookie(SSL *ssl, const unsigned char *cookie, unsigned int size)
#endif
{
	(void)ssl;
	return size == 6 && memcmp(cookie, "cookie", 6) == 0;
}

#ifdef SSL_CLIENT_HELLO_SUCCESS
static int make_stateless(SSL *ssl, unsigned char *cookie, size_t *size)
{
	unsigned int count;
	int ret = make_cookie(ssl, cookie, &count);

	*size = count;
	return ret;
}

static int know_stateless(SSL *ssl, const unsigned char *cookie, size_t size)
{
	return know_cookie(ssl, cookie, (unsigned int)size);
}
#endif

/* For SSL_stateless and DTLSv1_listen. */
static void word_cookies(struct call *call)
{
	SSL_CTX_set_cookie_generate_cb(call->context->ssl, make_cookie);
	SSL_CTX_set_cookie_verify_cb(call->context->ssl, know_cookie);
#ifdef SSL_CLIENT_HELLO_SUCCESS
	SSL_CTX_set_stateless_cookie_generate_cb(call->context->ssl, make_stateless);
	SSL_CTX_set_stateless_cookie_verify_cb(call->context->ssl, know_stateless);
#endif
}

/* --- callbacks that change the connection -------------------------------------------- */

void run_program(const struct program *program, SSL *ssl)
{
	struct connection outer = in_callback;

	in_callback = (struct connection){.ssl = ssl};
	for (int i = 0; i < program->count; i++)
		play_line(program->lines[i]);
	in_callback = outer;
	/* SSL_get_error takes what is left there for libssl's, unless something clears it by chance. */
	ERR_clear_error();
}

static struct context *context_of_ssl(const SSL *ssl)
{
	for (int i = 0; i < SLOTS; i++)
		if (contexts[i].ssl != NULL && contexts[i].ssl == SSL_get_SSL_CTX(ssl))
			return &contexts[i];
	return NULL;
}

void add_to_program(struct program *program, const char *line)
{
	if (program->count < LINES)
		snprintf(program->lines[program->count++], LINE, "%s", line);
}

#ifdef SSL_CLIENT_HELLO_SUCCESS
static int on_hello(SSL *ssl, int *alert, void *program)
{
	(void)alert;
	run_program(program, ssl);
	return SSL_CLIENT_HELLO_SUCCESS;
}
#endif

/* hello A WORD ...: in the client-hello callback of A's connections. */
static void word_hello(struct call *call)
{
#ifdef SSL_CLIENT_HELLO_SUCCESS
	add_to_program(&call->context->on_hello, call->text[1]);
	SSL_CTX_set_client_hello_cb(call->context->ssl, on_hello, &call->context->on_hello);
#else
	(void)call;
	absent("SSL_CTX_set_client_hello_cb");
#endif
}

static int on_servername(SSL *ssl, int *alert, void *program)
{
	(void)alert;
	run_program(program, ssl);
	return SSL_TLSEXT_ERR_OK;
}

static void word_servername(struct call *call)
{
	(void)on_servername;
#ifdef SSL_CTX_set_tlsext_servername_callback
	add_to_program(&call->context->on_servername, call->text[1]);
	SSL_CTX_set_tlsext_servername_callback(call->context->ssl, on_servername);
	SSL_CTX_set_tlsext_servername_arg(call->context->ssl, &call->context->on_servername);
#else
	absent("SSL_CTX_set_tlsext_servername_callback");
#endif
}

/* --- callbacks that nobody stands in front of --------------------------------------------- */

static int on_certificate(SSL *ssl, void *program)
{
	run_program(program, ssl);
	return 1;
}

/* certcb A WORD ...: where a server chooses its certificate. */
static void word_certcb(struct call *call)
{
	void (*set)(SSL_CTX *, int (*)(SSL *, void *), void *) = (void (*)(
		SSL_CTX *, int (*)(SSL *, void *), void *))optional("SSL_CTX_set_cert_cb");

	if (set == NULL)
		return;
	add_to_program(&call->context->on_certificate, call->text[1]);
	set(call->context->ssl, on_certificate, &call->context->on_certificate);
}

typedef int (*select_callback)(SSL *, const unsigned char **, unsigned char *,
			       const unsigned char *, unsigned int, void *);

static int on_protocol(SSL *ssl, const unsigned char **out, unsigned char *size,
		       const unsigned char *in, unsigned int count, void *program)
{
	(void)count;
	run_program(program, ssl);
	*out = in + 1;
	*size = in[0];
	return SSL_TLSEXT_ERR_OK;
}

/* alpn A WORD ...: where it chooses what is spoken inside. */
static void word_alpn(struct call *call)
{
	void (*set)(SSL_CTX *, select_callback, void *) = (void (*)(
		SSL_CTX *, select_callback, void *))optional("SSL_CTX_set_alpn_select_cb");

	if (set == NULL)
		return;
	add_to_program(&call->context->on_protocol, call->text[1]);
	set(call->context->ssl, on_protocol, &call->context->on_protocol);
}

static int advertise(SSL *ssl, const unsigned char **list, unsigned int *size, void *unused)
{
	(void)ssl, (void)unused;
	*list = (const unsigned char *)"\010http/1.1";
	*size = 9;
	return SSL_TLSEXT_ERR_OK;
}

/* The older way to the same, where the client chooses. */
static void word_npn(struct call *call)
{
	typedef int (*advertise_callback)(SSL *, const unsigned char **, unsigned int *, void *);
	void (*set)(SSL_CTX *, advertise_callback, void *) =
		(void (*)(SSL_CTX *, advertise_callback, void *))optional(
			"SSL_CTX_set_next_protos_advertised_cb");

	if (set != NULL)
		set(call->context->ssl, advertise, NULL);
}

static int choose_first(SSL *ssl, unsigned char **out, unsigned char *size, const unsigned char *in,
			unsigned int count, void *unused)
{
	(void)ssl, (void)count, (void)unused;
	*out = (unsigned char *)in + 1;
	*size = in[0];
	return SSL_TLSEXT_ERR_OK;
}

void use_npn_client(SSL_CTX *ctx)
{
	typedef int (*choose_callback)(SSL *, unsigned char **, unsigned char *,
				       const unsigned char *, unsigned int, void *);
	void (*set)(SSL_CTX *, choose_callback, void *) = (void (*)(
		SSL_CTX *, choose_callback, void *))optional("SSL_CTX_set_next_proto_select_cb");

	if (set != NULL)
		set(ctx, choose_first, NULL);
}

static void on_key(const SSL *ssl, const char *line)
{
	(void)ssl, (void)line;
}

static void word_keylog(struct call *call)
{
	typedef void (*key_callback)(const SSL *, const char *);
	void (*set)(SSL_CTX *, key_callback) =
		(void (*)(SSL_CTX *, key_callback))optional("SSL_CTX_set_keylog_callback");

	if (set != NULL)
		set(call->context->ssl, on_key);
}

static void on_message(int sent, int version, int type, const void *bytes, size_t count, SSL *ssl,
		       void *unused)
{
	(void)sent, (void)version, (void)type, (void)bytes, (void)count, (void)ssl, (void)unused;
}

static void word_msg(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_msg_callback(call->context->ssl, on_message);
	else
		SSL_set_msg_callback(call->connection->ssl, on_message);
}

static int verify_all(X509_STORE_CTX *store, void *unused)
{
	(void)store, (void)unused;
	return 1;
}

static void word_certverify(struct call *call)
{
	SSL_CTX_set_cert_verify_callback(call->context->ssl, verify_all, NULL);
}

/* LibreSSL has levels, and no callbacks. */
#if defined(SSL_SECOP_VERSION) && !defined(LIBRESSL_VERSION_NUMBER)
/*
 * Of the program's own judgement: everything, TLS 1.2 and newer, TLS 1.2 alone, keys of 256 bits,
 * curves from P-384 on, or no tickets.
 */
static int allow_all(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
		     void *unused)
{
	(void)ssl, (void)ctx, (void)op, (void)bits, (void)nid, (void)other, (void)unused;
	return 1;
}

static int allow_new(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
		     void *unused)
{
	(void)ssl, (void)ctx, (void)bits, (void)other, (void)unused;
	return op != SSL_SECOP_VERSION || nid >= 0xfe00 || nid >= TLS1_2_VERSION;
}

static int allow_one(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
		     void *unused)
{
	(void)ssl, (void)ctx, (void)bits, (void)other, (void)unused;
	return op != SSL_SECOP_VERSION || nid >= 0xfe00 || nid == TLS1_2_VERSION;
}

static int allow_strong(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
			void *unused)
{
	(void)ssl, (void)ctx, (void)nid, (void)other, (void)unused;
	return (op & SSL_SECOP_OTHER_TYPE) != SSL_SECOP_OTHER_CIPHER || bits >= 256;
}

static int allow_curves(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid, void *other,
			void *unused)
{
	(void)ssl, (void)ctx, (void)nid, (void)other, (void)unused;
	return (op & SSL_SECOP_OTHER_TYPE) != SSL_SECOP_OTHER_CURVE || bits >= 192;
}

static int allow_no_tickets(const SSL *ssl, const SSL_CTX *ctx, int op, int bits, int nid,
			    void *other, void *unused)
{
	(void)ssl, (void)ctx, (void)bits, (void)nid, (void)other, (void)unused;
	return op != SSL_SECOP_TICKET;
}

static void word_seccb(struct call *call)
{
	int (*allow)(const SSL *, const SSL_CTX *, int, int, int, void *, void *) =
		strcmp(call->text[1], "all") == 0      ? allow_all
		: strcmp(call->text[1], "new") == 0    ? allow_new
		: strcmp(call->text[1], "one") == 0    ? allow_one
		: strcmp(call->text[1], "curves") == 0 ? allow_curves
		: strcmp(call->text[1], "strong") == 0 ? allow_strong
						       : allow_no_tickets;

	if (call->context != NULL)
		SSL_CTX_set_security_callback(call->context->ssl, allow);
	else
		SSL_set_security_callback(call->connection->ssl, allow);
}

#else
static void word_seccb(struct call *call)
{
	(void)call;
	absent("SSL_CTX_set_security_callback");
}
#endif

#ifdef SSL_SECOP_VERSION
static void word_level(struct call *call)
{
	int level = call->text[1][0] - '0';

	if (call->context != NULL)
		SSL_CTX_set_security_level(call->context->ssl, level);
	else
		SSL_set_security_level(call->connection->ssl, level);
}
#else
static void word_level(struct call *call)
{
	(void)call;
	absent("SSL_CTX_set_security_level");
}
#endif

/* --- an extension of the program's own, by which it refuses who sends it ------------------- */

enum { OWN_EXTENSION = 1000 };

#if OPENSSL_VERSION_NUMBER >= 0x10002000L && !defined(LIBRESSL_VERSION_NUMBER)
static int refuse_extension(SSL *ssl, unsigned int type, const unsigned char *text, size_t size,
			    int *alert, void *unused)
{
	(void)ssl, (void)type, (void)text, (void)size, (void)unused;
	*alert = SSL_AD_ACCESS_DENIED;
	return 0;
}

#ifdef TLS1_3_VERSION
static int refuse_newer(SSL *ssl, unsigned int type, unsigned int where, const unsigned char *text,
			size_t size, X509 *peer, size_t chain, int *alert, void *unused)
{
	(void)where, (void)peer, (void)chain;
	return refuse_extension(ssl, type, text, size, alert, unused);
}

/* both: of every version; older: of TLS 1.2 and before; or by the call that knows no other. */
static int add_extension(SSL_CTX *ctx, const char *which)
{
	unsigned int where = SSL_EXT_CLIENT_HELLO | SSL_EXT_TLS1_2_SERVER_HELLO;

	if (strcmp(which, "old") == 0)
		return SSL_CTX_add_server_custom_ext(ctx, OWN_EXTENSION, NULL, NULL, NULL,
						     refuse_extension, NULL);
	if (strcmp(which, "older") == 0)
		where |= SSL_EXT_TLS1_2_AND_BELOW_ONLY;
	return SSL_CTX_add_custom_ext(ctx, OWN_EXTENSION, where, NULL, NULL, NULL, refuse_newer,
				      NULL);
}
#else
static int add_extension(SSL_CTX *ctx, const char *which)
{
	(void)which;
	return SSL_CTX_add_server_custom_ext(ctx, OWN_EXTENSION, NULL, NULL, NULL, refuse_extension,
					     NULL);
}
#endif

static void word_extension(struct call *call)
{
	answer(call, "%d", add_extension(call->context->ssl, call->text[1]));
}

void use_extension_client(SSL_CTX *ctx)
{
	SSL_CTX_add_client_custom_ext(ctx, OWN_EXTENSION, NULL, NULL, NULL, NULL, NULL);
}
#else
static void word_extension(struct call *call)
{
	(void)call;
	absent("SSL_CTX_add_server_custom_ext");
}

void use_extension_client(SSL_CTX *ctx)
{
	(void)ctx;
	absent("SSL_CTX_add_client_custom_ext");
}
#endif

/* --- information ---------------------------------------------------------------------- */

static void on_info(const SSL *ssl, int where, int ret)
{
	struct context *context = context_of_ssl(ssl);

	(void)ret;
	handshakes_begun += (where & SSL_CB_HANDSHAKE_START) != 0;
	handshakes_done += (where & SSL_CB_HANDSHAKE_DONE) != 0;
	if ((where & SSL_CB_HANDSHAKE_START) && context != NULL && context->on_info.count > 0) {
		run_program(&context->on_info, (SSL *)ssl);
		if (SSL_is_init_finished((SSL *)ssl) == 0)
			tell_begins((SSL *)ssl);
	}
}

static void word_info(struct call *call)
{
	add_to_program(&call->context->on_info, call->text[1]);
	SSL_CTX_set_info_callback(call->context->ssl, on_info);
}

static void word_watch(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_info_callback(call->context->ssl, on_info);
	else
		SSL_set_info_callback(call->connection->ssl, on_info);
}

static void word_unwatch(struct call *call)
{
	if (call->context != NULL)
		SSL_CTX_set_info_callback(call->context->ssl, NULL);
	else
		SSL_set_info_callback(call->connection->ssl, NULL);
}

static void word_watcher(struct call *call)
{
	void (*is)(const SSL *, int, int);

	if (call->context != NULL)
		is = SSL_CTX_get_info_callback(call->context->ssl);
	else
		is = SSL_get_info_callback(call->connection->ssl);
	answer(call, "%s", is == NULL ? "null" : is == on_info ? "own" : "other");
}

const struct word callback_words[] = {
	{"psk", "E", word_psk},
	{"hint", "Ew", word_hint},
	{"srp", "E", word_srp},
	{"cookies", "C", word_cookies},
	{"hello", "C*", word_hello},
	{"servername", "C*", word_servername},
	{"certcb", "C*", word_certcb},
	{"alpn", "C*", word_alpn},
	{"npn", "C", word_npn},
	{"keylog", "C", word_keylog},
	{"msg", "E", word_msg},
	{"certverify", "C", word_certverify},
	{"seccb", "Ew", word_seccb},
	{"level", "Ew", word_level},
	{"extension", "Cw", word_extension},
	{"info", "C*", word_info},
	{"watch", "E", word_watch},
	{"unwatch", "E", word_unwatch},
	{"watcher", "E", word_watcher},
	{NULL, NULL, NULL},
};
