/* SPDX-License-Identifier: MIT
 *
 * The player's words that drive handshakes, against a scripted other end of the same libssl.
 *
 *     serve a WAY CLIENT    WAY: accept do read write bioread biodo early stateless listen
 *     dial a WAY KIND       WAY: connect do write biodo; KIND: tls dtls
 *
 * Everything is in this process, over a pair of BIOs or of sockets: no port, no thread, no time.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "player.h"

enum { BUFFER = 1 << 16, ROUNDS = 24 };

SSL_CTX *scripted;
static SSL_SESSION *session, *first_session; /* a handshake of TLS 1.3 gives several */
static const SSL_SESSION *offered;

static void drop(SSL_SESSION **held)
{
	if (*held != NULL)
		SSL_SESSION_free(*held);
	*held = NULL;
}

void drop_session(void)
{
	drop(&session);
	drop(&first_session);
	if (scripted != NULL)
		SSL_CTX_free(scripted);
	scripted = NULL;
}

/* --- two ends ------------------------------------------------------------------------ */

/*
 * What an end does, a letter a step: h its handshake, r reads a byte, w writes one, p peeks
 * until a renegotiation is over.
 */
struct end {
	SSL *ssl;
	BIO *bio;
	const char *plan;
	int (*shake)(struct end *end); /* steps of the plan that are done, 0, or -1 */
	int failed, returned;
	char reason[80];
};

static int judged(struct end *end, int ret, int steps)
{
	int error;

	end->returned = ret;
	if (ret > 0)
		return steps;
	error = SSL_get_error(end->ssl, ret);
	return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static int shake_do(struct end *end)
{
	return judged(end, SSL_do_handshake(end->ssl), 1);
}

static int shake_accept(struct end *end)
{
	return judged(end, SSL_accept(end->ssl), 1);
}

static int shake_connect(struct end *end)
{
	return judged(end, SSL_connect(end->ssl), 1);
}

static int shake_read(struct end *end)
{
	char byte;

	return judged(end, SSL_read(end->ssl, &byte, 1), 2);
}

static int shake_write(struct end *end)
{
	return judged(end, SSL_write(end->ssl, "s", 1), 1);
}

static int shake_bioread(struct end *end)
{
	char byte;
	int ret = BIO_read(end->bio, &byte, 1);

	return ret > 0 ? 2 : BIO_should_retry(end->bio) ? 0 : -1;
}

static int shake_biodo(struct end *end)
{
	return BIO_do_handshake(end->bio) > 0 ? 1 : BIO_should_retry(end->bio) ? 0 : -1;
}

#ifdef SSL_READ_EARLY_DATA_SUCCESS
static int shake_early(struct end *end)
{
	char bytes[16];
	size_t count;
	int ret = SSL_read_early_data(end->ssl, bytes, sizeof(bytes), &count);

	return ret == SSL_READ_EARLY_DATA_FINISH ? 1 : judged(end, ret, 0);
}

#endif

#if defined(SSL_READ_EARLY_DATA_SUCCESS) && !defined(LIBRESSL_VERSION_NUMBER)
/* Until there is a cookie, or it says that there will be none; a connection then goes on. */
static int shake_stateless(struct end *end)
{
	BIO *in = SSL_get_rbio(end->ssl);
	int ret = 0;

	/* A client's change of cipher specification, before its second hello, answers -1 as well. */
	for (int i = 0; i < 4 && ret <= 0 && BIO_ctrl_pending(in) > 0; i++)
		ret = SSL_stateless(end->ssl);
	if (ret != 0)
		end->shake = shake_accept;
	return 0;
}
#endif

static int shake_listen(struct end *end)
{
#if defined(TLS_LEGACY) || defined(LIBRESSL_VERSION_NUMBER)
	char peer[256];
	int ret = (int)DTLSv1_listen(end->ssl, peer);
#else
	BIO_ADDR *peer = BIO_ADDR_new();
	int ret = DTLSv1_listen(end->ssl, peer);

	BIO_ADDR_free(peer);
#endif
	if (ret > 0)
		end->shake = shake_accept;
	return ret >= 0 ? 0 : judged(end, ret, 0);
}

static const struct way {
	const char *name;
	int (*shake)(struct end *end);
} ways[] = {
	{"accept", shake_accept},       {"do", shake_do},           {"read", shake_read},
	{"write", shake_write},         {"bioread", shake_bioread}, {"biodo", shake_biodo},
	{"connect", shake_connect},     {"listen", shake_listen},
#ifdef SSL_READ_EARLY_DATA_SUCCESS
	{"early", shake_early},
#endif
#if defined(SSL_READ_EARLY_DATA_SUCCESS) && !defined(LIBRESSL_VERSION_NUMBER)
	{"stateless", shake_stateless},
#endif
};

static int (*way(const char *name))(struct end *)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(ways[i].name, name) == 0)
			return ways[i].shake;
	absent(name);
	return NULL;
}

static int peek(struct end *end)
{
	char byte;
	int ret = SSL_peek(end->ssl, &byte, 1);

	if (!SSL_renegotiate_pending(end->ssl) && SSL_is_init_finished(end->ssl))
		return 1;
	return judged(end, ret, 1);
}

static int act(struct end *end)
{
	char byte;

	switch (end->plan[0]) {
	case 'h':
		return end->shake(end);
	case 'r':
		return judged(end, SSL_read(end->ssl, &byte, 1), 1);
	case 'p':
		return peek(end);
	default:
		return judged(end, SSL_write(end->ssl, "x", 1), 1);
	}
}

static int over(const struct end *end)
{
	return end->failed || end->plan[0] == '\0';
}

static void step(struct end *end)
{
	int steps;

	while (!over(end)) {
		ERR_clear_error();
		steps = act(end);
		if (steps == 0)
			return;
		if (steps < 0) {
			end->failed = 1;
			snprintf(end->reason, sizeof(end->reason), "%s", last_reason());
			return;
		}
		end->plan += steps;
	}
}

static int pump(struct end *client, struct end *server)
{
	for (int i = 0; i < ROUNDS && !(over(client) && over(server)); i++) {
		step(client);
		step(server);
	}
	ERR_clear_error();
	return client->plan[0] == '\0' && server->plan[0] == '\0';
}

static void wire_sockets(SSL *one, SSL *two)
{
	int ends[2];
	SSL *who[] = {one, two};

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
		exit(3);
	for (int i = 0; i < 2; i++) {
		BIO *bio = BIO_new_socket(ends[i], BIO_CLOSE);

		SSL_set_bio(who[i], bio, bio);
	}
}

static void wire(SSL *one, SSL *two)
{
	BIO *near = NULL, *far = NULL;

	BIO_new_bio_pair(&near, BUFFER, &far, BUFFER);
	SSL_set_bio(one, near, near);
	SSL_set_bio(two, far, far);
}

/* --- the scripted client ------------------------------------------------------------- */

/* 4.0 has no method of one version, but the flexible one with bounds. */
#if OPENSSL_VERSION_NUMBER >= 0x40000000L
#define ONLY(method, flexible, version) flexible, version, version
#else
#define ONLY(method, flexible, version) method, 0, 0
#endif

static const struct kind {
	const char *name, *method;
	int min, max;
} kinds[] = {
	{"ssl2", "SSLv2_client_method", 0, 0},
	{"ssl3", "SSLv3_client_method", 0, 0},
	{"tls1", ONLY("TLSv1_client_method", "TLS_client_method", 0x301)},
	{"tls1.1", ONLY("TLSv1_1_client_method", "TLS_client_method", 0x302)},
	{"tls1.2", ONLY("TLSv1_2_client_method", "TLS_client_method", 0x303)},
	{"tls1.3", "TLS_client_method", 0x304, 0x304},
	{"upto1.1", "TLS_client_method", 0x301, 0x302},
	{"upto1.2", "TLS_client_method", 0x301, 0x303},
	{"from1.2", "TLS_client_method", 0x303, 0},
	{"any", "TLS_client_method", 0x301, 0},
	{"dtls1", ONLY("DTLSv1_client_method", "DTLS_client_method", 0xfeff)},
	{"dtls1.2", ONLY("DTLSv1_2_client_method", "DTLS_client_method", 0xfefd)},
	{"dtls", "DTLS_client_method", 0, 0},
};

static const struct kind *kind_of(const char *spec)
{
	size_t len = strcspn(spec, "+");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == len && strncmp(kinds[i].name, spec, len) == 0)
			return &kinds[i];
	fprintf(stderr, "player: no client %s\n", spec);
	exit(3);
}

static int has(const char *spec, const char *attribute)
{
	const char *at = strstr(spec, attribute);

	return at != NULL && strchr("+", at[strlen(attribute)]) != NULL;
}

#ifdef TLS_LEGACY
/* 0 if this libssl has not what the range asks for. */
void bound(SSL_CTX *ctx, SSL *ssl, int highest, int version)
{
	(void)ctx, (void)ssl, (void)highest, (void)version;
}

static int limit(SSL_CTX *ctx, const struct kind *kind)
{
	unsigned long off = SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3;

#ifdef SSL_OP_NO_TLSv1_1
	if (kind->max != 0 && kind->max < 0x303)
		off |= SSL_OP_NO_TLSv1_2;
	if (kind->min > 0x302)
		off |= SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
#else
	if (kind->min > 0x301)
		return 0;
#endif
	SSL_CTX_set_options(ctx, (option_bits)off);
	return kind->min < 0x304;
}
#else
void bound(SSL_CTX *ctx, SSL *ssl, int highest, int version)
{
	if (ctx != NULL)
		SSL_CTX_ctrl(ctx, highest ? 124 : 123, version, NULL);
	else
		SSL_ctrl(ssl, highest ? 124 : 123, version, NULL);
}

static int limit(SSL_CTX *ctx, const struct kind *kind)
{
	bound(ctx, NULL, 0, kind->min);
	bound(ctx, NULL, 1, kind->max);
#ifdef TLS1_3_VERSION
	return 1;
#else
	return kind->min < 0x304;
#endif
}
#endif

/* The client's own order, from the last to the first. */
static void reverse(SSL_CTX *ctx)
{
	char list[BUFFER] = "", *at = list + sizeof(list) - 1;
	SSL *ssl = SSL_new(ctx);
	const char *name;

	for (int i = 0; (name = SSL_get_cipher_list(ssl, i)) != NULL; i++) {
		size_t len = strlen(name);

		if (strncmp(name, "TLS_", 4) == 0)
			continue;
		if (*at != '\0')
			*--at = ':';
		at -= len;
		memcpy(at, name, len);
	}
	SSL_free(ssl);
	SSL_CTX_set_cipher_list(ctx, at);
#ifdef TLS1_3_VERSION
	SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:"
				      "TLS_AES_256_GCM_SHA384");
#endif
}

static int keep_first(SSL *ssl, SSL_SESSION *made)
{
	(void)ssl;
	if (first_session != NULL)
		return 0;
	first_session = made;
	return 1; /* it is ours */
}

static void furnish(SSL_CTX *ctx, const char *spec)
{
	char list[LINE];

	SSL_CTX_set_session_cache_mode(ctx,
				       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
	SSL_CTX_sess_set_new_cb(ctx, keep_first);
	SSL_CTX_set_cipher_list(ctx, ciphers_of("ALL:COMPLEMENTOFALL@0", list, sizeof(list)));
	if (has(spec, "+psk"))
		use_psk_client(ctx, 0);
	if (has(spec, "+hint"))
		use_psk_client(ctx, 1);
	if (has(spec, "+psk13"))
		use_psk13_client(ctx);
	if (has(spec, "+srp"))
		use_srp_client(ctx);
	if (has(spec, "+ext"))
		use_extension_client(ctx);
	if (has(spec, "+npn"))
		use_npn_client(ctx);
	if (has(spec, "+frag"))
		use_fragments_client(ctx);
	if (has(spec, "+cert"))
		use_certificate(ctx, NULL, "rsa");
#ifndef OPENSSL_NO_EC
	if (has(spec, "+eccert"))
		use_certificate(ctx, NULL, "ec");
#endif
#ifdef TLS_LEGACY
	if (has(spec, "+v2"))
		SSL_CTX_clear_options(ctx, SSL_OP_NO_SSLv2);
#endif
	if (has(spec, "+rev"))
		reverse(ctx);
	if (has(spec, "+anon"))
		SSL_CTX_set_cipher_list(ctx, ciphers_of("aNULL@0", list, sizeof(list)));
#ifdef TLS1_3_VERSION
	if (has(spec, "+aes128"))
		SSL_CTX_set_ciphersuites(ctx, "TLS_AES_128_GCM_SHA256");
#endif
	if (has(spec, "+p384")) /* SSL_CTRL_SET_GROUPS_LIST */
		SSL_CTX_ctrl(ctx, 92, 0, (void *)"P-384");
	if (has(spec, "+k256"))
		SSL_CTX_ctrl(ctx, 92, 0, (void *)"P-256:secp256k1");
	if (has(spec, "+plain")) /* no Edwards curves; SSL_CTRL_SET_SIGALGS_LIST */
		SSL_CTX_ctrl(ctx, 98, 0, (void *)"RSA+SHA256:ECDSA+SHA256:RSA-PSS+SHA256");
}

static void replace_scripted(SSL_CTX *ctx)
{
	if (scripted != NULL)
		SSL_CTX_free(scripted);
	scripted = ctx;
}

static void offer_protocol(SSL *ssl)
{
	int (*offer)(SSL *, const unsigned char *, unsigned int) = (int (*)(
		SSL *, const unsigned char *, unsigned int))optional("SSL_set_alpn_protos");

	if (offer != NULL)
		offer(ssl, (const unsigned char *)"\010http/1.1", 9);
}

static SSL *new_client(const char *spec)
{
	const struct kind *kind = kind_of(spec);
	const SSL_METHOD *method = method_of(kind->method);
	SSL_CTX *ctx;
	SSL *ssl;

	ctx = method == NULL ? NULL : SSL_CTX_new(method);
	if (ctx == NULL || ((kind->min != 0 || kind->max != 0) && !limit(ctx, kind))) {
		if (ctx != NULL)
			SSL_CTX_free(ctx);
		absent(spec);
		return NULL;
	}
	furnish(ctx, spec);
	replace_scripted(ctx);
	ssl = SSL_new(ctx);
	/* An extension makes a hello of SSL 2's form impossible. */
	if (ssl != NULL && !has(spec, "+noname") && !has(spec, "+v2"))
		SSL_set_tlsext_host_name(ssl, "name.test");
	if (ssl != NULL && has(spec, "+alpn"))
		offer_protocol(ssl);
	if (ssl != NULL && session != NULL && has(spec, "+resume"))
		SSL_set_session(ssl, session);
	if (ssl != NULL && first_session != NULL && has(spec, "+first"))
		SSL_set_session(ssl, first_session);
	drop(&first_session);
	offered = ssl == NULL ? NULL : SSL_get_session(ssl);
	return ssl;
}

/* --- serving ------------------------------------------------------------------------- */

/* The weakest suite of the list that is not of TLS 1.3, which has a list of its own; 0: none, or plain. */
static int weakest(SSL *ssl)
{
	STACK_OF(SSL_CIPHER) *list = SSL_get_ciphers(ssl);
	int least = INT_MAX;

	for (int i = 0; list != NULL && i < sk_SSL_CIPHER_num(list); i++) {
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(list, i);
		const char *name = SSL_CIPHER_get_name(cipher);
		int size, bits = SSL_CIPHER_get_bits((SSL_CIPHER *)cipher, &size);

		if (strstr(name, "CCM8") != NULL) /* 64 from 3.2 on, by the length of its tag */
			bits = size;
		if (strncmp(name, "TLS_", 4) != 0 && bits < least)
			least = bits;
	}
	return least == INT_MAX ? 0 : least;
}

/*
 * How the suites of the list tell who is there: c by a certificate, k by a key (and p where that may be
 * a PSK), n not at all.
 */
static const char *authentication(SSL *ssl)
{
	static char found[5];
	STACK_OF(SSL_CIPHER) *list = SSL_get_ciphers(ssl);
	int certificate = 0, psk = 0, srp = 0, none = 0;

	for (int i = 0; list != NULL && i < sk_SSL_CIPHER_num(list); i++) {
		char text[256];
		const SSL_CIPHER *cipher = sk_SSL_CIPHER_value(list, i);

		SSL_CIPHER_description((SSL_CIPHER *)cipher, text, sizeof(text));
		if (strncmp(text, "TLS_", 4) == 0)
			continue;
		if (strstr(text, "PSK ") != NULL)
			psk = 1;
		else if (strstr(text, "SRP ") != NULL)
			srp = 1;
		else if (strstr(text, "Au=None") != NULL)
			none = 1;
		else
			certificate = 1;
	}
	snprintf(found, sizeof(found), "%s%s%s%s", certificate ? "c" : "", psk || srp ? "k" : "",
		 psk ? "p" : "", none ? "n" : "");
	return found;
}

/* A connection goes by its own method, or its context's, or that one's when it was made (judge.py). */
const SSL_METHOD *context_method(SSL *ssl)
{
#ifdef SSL_CONF_FLAG_FILE
	return SSL_CTX_get_ssl_method(SSL_get_SSL_CTX(ssl));
#else
	return *(const SSL_METHOD **)SSL_get_SSL_CTX(ssl);
#endif
}

static void tell_before(const struct connection *connection)
{
	SSL *ssl = connection->ssl;

	tell("before method %s options 0x%llx weakest %d by %s context %s made %s bounds 0x%lx "
	     "0x%lx",
	     method_name(SSL_get_ssl_method(ssl)), (unsigned long long)SSL_get_options(ssl),
	     weakest(ssl), authentication(ssl)[0] == '\0' ? "-" : authentication(ssl),
	     method_name(context_method(ssl)), method_name(connection->made),
	     SSL_ctrl(ssl, 130, 0, NULL), SSL_ctrl(ssl, 131, 0, NULL));
}

void tell_begins(SSL *ssl)
{
	tell("begins weakest %d by %s", weakest(ssl),
	     authentication(ssl)[0] == '\0' ? "-" : authentication(ssl));
}

static int has_peer_certificate(SSL *ssl)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	X509 *certificate = SSL_get1_peer_certificate(ssl);
#else
	X509 *certificate = SSL_get_peer_certificate(ssl);
#endif
	X509_free(certificate);
	return certificate != NULL;
}

static void tell_end(const char *who, const struct end *end)
{
	SSL *ssl = end->ssl;

	if (end->failed) {
		tell("%s failed %s", who, end->reason);
		return;
	}
	tell("%s %s %s %s bits %d reused %d options 0x%llx verify %ld certificate %d", who,
	     end->plan[0] == '\0' ? "done" : "waits", SSL_get_version(ssl), SSL_get_cipher(ssl),
	     SSL_get_cipher_bits(ssl, NULL), (int)SSL_session_reused(ssl),
	     (unsigned long long)SSL_get_options(ssl), SSL_get_verify_result(ssl),
	     has_peer_certificate(ssl));
}

/* Only a client is told of what keys were exchanged with, from 1.0.2 on. */
static void tell_exchange(SSL *client)
{
#ifdef SSL_get_server_tmp_key
	EVP_PKEY *key = NULL;

	if (SSL_get_server_tmp_key(client, &key) != 1)
		return;
	if (strstr(SSL_get_cipher(client), "DHE-") != NULL ||
	    strstr(SSL_get_cipher(client), "ADH-") != NULL)
		tell("exchange bits %d", EVP_PKEY_bits(key));
	EVP_PKEY_free(key);
#else
	(void)client;
#endif
}

/*
 * What the client may do with its session: whether it has the server's number (of 32 bytes at most) or
 * all of it, sealed, whose size is not the same each time; how much it may send early.
 */
static void tell_session(SSL *client)
{
#if defined(SSL_READ_EARLY_DATA_SUCCESS) && !defined(LIBRESSL_VERSION_NUMBER)
	const SSL_SESSION *given = SSL_get_session(client);
	const unsigned char *ticket;
	size_t size = 0;

	if (given == NULL)
		return;
	SSL_SESSION_get0_ticket(given, &ticket, &size);
	tell("ticket %s early %u renewed %d",
	     size == 0    ? "none"
	     : size <= 32 ? "number"
			  : "sealed",
	     (unsigned int)SSL_SESSION_get_max_early_data(given),
	     SSL_session_reused(client) && given != offered);
#else
	(void)client;
#endif
}

static void keep_session(SSL *ssl)
{
	drop(&session);
	session = SSL_get1_session(ssl);
}

static void finish(struct call *call, struct end *client, struct end *server, int ok)
{
	tell_end("server", server);
	tell_end("client", client);
	if (!client->failed) {
		tell_exchange(client->ssl);
		tell_session(client->ssl);
	}
	tell("info begun %d done %d", handshakes_begun, handshakes_done);
	if (ok)
		answer(call, "served %s", SSL_get_version(server->ssl));
	else
		answer(call, "refused");
}

static void need_bio(struct connection *connection, const char *how)
{
	if (strncmp(how, "bio", 3) != 0 || connection->bio != NULL)
		return;
	connection->bio = BIO_new(BIO_f_ssl());
	BIO_set_ssl(connection->bio, connection->ssl, BIO_CLOSE);
}

/* The server is called before the client has said anything, and then does something else. */
static void wait_for_hello(struct connection *connection, struct end *server)
{
	step(server);
	run_program(&connection->in_gap, server->ssl);
	connection->in_gap.count = 0;
	if (!server->failed)
		tell_begins(server->ssl);
}

/* gap a WORD ...: between the first call of a's next handshake and the client's hello. */
static void word_gap(struct call *call)
{
#ifdef SSL_CLIENT_HELLO_SUCCESS
	add_to_program(&call->connection->in_gap, call->text[1]);
#else
	(void)call;
	absent("SSL_CTX_set_client_hello_cb"); /* without which it is not looked at (LIMITS) */
#endif
}

/* Says its hello, and closes the connection. */
static void leave(struct end *client)
{
	step(client);
	client->failed = 1;
	(void)BIO_shutdown_wr(SSL_get_wbio(client->ssl));
	if (SSL_get_fd(client->ssl) >= 0)
		shutdown(SSL_get_fd(client->ssl), SHUT_WR);
	ERR_clear_error();
}

static void word_serve(struct call *call)
{
	struct connection *connection = call->connection;
	int (*shake)(struct end *) = way(call->text[1]);
	SSL *peer = shake == NULL ? NULL : new_client(call->text[2]);
	struct end client = {.ssl = peer, .plan = "hwr", .shake = shake_connect};
	struct end server = {.ssl = connection->ssl, .plan = "hrw", .shake = shake};
	int ok;

	if (peer == NULL)
		return;
	if (connection->peer != NULL)
		SSL_free(connection->peer);
	connection->peer = peer;
	if (connection->socket && strncmp(call->text[2], "dtls", 4) != 0)
		wire_sockets(server.ssl, client.ssl);
	else
		wire(server.ssl, client.ssl);
	need_bio(connection, call->text[1]);
	server.bio = connection->bio;
	tell_before(connection);
	handshakes_begun = handshakes_done = 0;
	if (connection->in_gap.count > 0)
		wait_for_hello(connection, &server);
	if (has(call->text[2], "+gone"))
		leave(&client);
	ok = pump(&client, &server);
	if (ok)
		keep_session(client.ssl);
	finish(call, &client, &server, ok);
}

/* --- what comes after ---------------------------------------------------------------- */

static void tell_verified(SSL *ssl, int ret, int data)
{
	tell("verified renegotiate %d data %d verify %ld certificate %d", ret, data,
	     SSL_get_verify_result(ssl), has_peer_certificate(ssl));
}

/* The server asks for a certificate once it knows what is asked for, as Apache does. */
static void word_reneg(struct call *call)
{
	SSL *ssl = call->connection->ssl;
	struct end client = {.ssl = call->connection->peer, .plan = "rw"};
	struct end server = {.ssl = ssl, .plan = "pwr"};
	int ret, data;

	if (client.ssl == NULL || !SSL_is_init_finished(ssl))
		return;
	SSL_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	/* Or the session would be resumed, and nobody asked. */
	SSL_set_session_id_context(ssl, (const unsigned char *)"again", 5);
	ret = SSL_renegotiate(ssl);
	SSL_do_handshake(ssl);
#ifdef TLS_LEGACY
	if (ret > 0)
		ssl->state = SSL_ST_ACCEPT;
	server.plan = "hwr";
	server.shake = shake_do;
#endif
	ERR_clear_error();
	data = pump(&client, &server);
	tell_verified(ssl, ret, data);
	answer(call, "%d data %d", ret, data);
}

static void word_creneg(struct call *call)
{
	struct end client = {.ssl = call->connection->peer, .plan = "hwr", .shake = shake_do};
	struct end server = {.ssl = call->connection->ssl, .plan = "rw"};
	int ret;

	if (client.ssl == NULL || !SSL_is_init_finished(client.ssl))
		return;
	ret = SSL_renegotiate(client.ssl);
	ERR_clear_error();
	answer(call, "%d data %d", ret, pump(&client, &server));
}

static void word_verified(struct call *call)
{
	SSL *ssl = call->connection->ssl;

	answer(call, "%ld certificate %d", SSL_get_verify_result(ssl), has_peer_certificate(ssl));
}

/* --- dialling ------------------------------------------------------------------------ */

/* A server that already has everything that hardening adds, so that it is the same with it. */
static SSL *new_server(const char *kind)
{
	const char *name = strcmp(kind, "dtls") == 0 ? "DTLS_server_method" : "TLS_server_method";
	const SSL_METHOD *method = method_of(name);
	SSL_CTX *ctx = method == NULL ? NULL : SSL_CTX_new(method);
	char list[LINE];

	if (ctx == NULL) {
		absent(name);
		return NULL;
	}
	SSL_CTX_set_options(ctx, (option_bits)options_of("SAFE"));
	SSL_CTX_set_cipher_list(ctx, ciphers_of("ALL@0", list, sizeof(list)));
	if (strcmp(kind, "dtls") != 0)
		bound(ctx, NULL, 0, 0x301);
	use_certificate(ctx, NULL, "rsa");
#ifdef TLS_LEGACY
	use_p256(ctx);
#endif
	replace_scripted(ctx);
	return SSL_new(ctx);
}

static void tell_hello(SSL *server)
{
	char *bytes = NULL, text[8192] = "";
	int count = 0;

#ifdef BIO_C_NREAD0 /* LibreSSL lets nobody look */
	count = (int)BIO_ctrl(SSL_get_rbio(server), BIO_C_NREAD0, 0, &bytes);
#else
	(void)server;
#endif
	for (int i = 0; i < count && i < (int)sizeof(text) / 2 - 1; i++)
		sprintf(text + 2 * i, "%02x", (unsigned char)bytes[i]);
	tell("hello %d %s", count, text);
}

static void word_dial(struct call *call)
{
	struct connection *connection = call->connection;
	int (*shake)(struct end *) = way(call->text[1]);
	SSL *peer = shake == NULL ? NULL : new_server(call->text[2]);
	struct end client = {.ssl = connection->ssl, .plan = "hwr", .shake = shake};
	struct end server = {.ssl = peer, .plan = "hrw", .shake = shake_accept};
	int ok;

	if (peer == NULL)
		return;
	if (connection->peer != NULL)
		SSL_free(connection->peer);
	connection->peer = peer;
	wire(client.ssl, server.ssl);
	need_bio(connection, call->text[1]);
	client.bio = connection->bio;
	tell_before(connection);
	handshakes_begun = handshakes_done = 0;
	step(&client);
	tell_hello(server.ssl);
	ok = pump(&client, &server);
	finish(call, &client, &server, ok);
}

const struct word drive_words[] = {
	{"serve", "Sww", word_serve}, {"dial", "Sww", word_dial},       {"reneg", "S", word_reneg},
	{"creneg", "S", word_creneg}, {"verified", "S", word_verified}, {"gap", "S*", word_gap},
	{NULL, NULL, NULL},
};
