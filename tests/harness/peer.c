/* SPDX-License-Identifier: MIT
 *
 * peer: a TLS program of any age, driven by the words of its command line.
 *
 * Compiled against each libssl's own headers, so that calls which are macros
 * in one release and functions in another are reached as a real program
 * reaches them.  tests/wire/peer.py starts it and reads its lines.
 *
 *   new:METHOD newex:METHOD version:METHOD   make a context, change its method
 *   clone                                    another with the method that this one answers
 *   set:HEX clear:HEX min:HEX max:HEX        on the context
 *   ciphers:LIST suites:LIST groups:LIST tmpecdh[:CURVE] cert:FILE
 *   conf:NAME=VALUE argv:-NAME=VALUE config:NAME
 *                                            by SSL_CONF_cmd, SSL_CONF_cmd_argv, SSL_CTX_config
 *   options range                            print what is in force
 *   ciphers? begun                           print the list, or the options, that a connection has
 *                                            when its handshake has begun
 *   ssl:WORD                                 remember WORD for every connection:
 *                                            set:HEX clear:HEX method:METHOD min:HEX max:HEX
 *                                            ciphers:LIST suites:LIST dh...
 *                                            conf:NAME=VALUE argv:-NAME=VALUE config:NAME
 *                                            sni (switch to the second context)
 *                                            back (and to the first again)
 *                                            version:METHOD (change its context's method)
 *                                            upref (one reference more, and one less)
 *                                            undo (clear what keeps versions off, by no call
 *                                            that is wrapped)
 *                                            info:... info? hint:TEXT newkeys verify:HEX
 *                                            signed:LIST
 *                                            (as below)
 *                                            crowd (thousands of others begin theirs)
 *                                            cert:FILE
 *                                            choice (it has the callback of choice:WORD, and not
 *                                            its context)
 *   late:WORD after:WORD                     the same in its ClientHello callback, and once it
 *                                            is open
 *   choice:WORD                              the same by the callback that brings a certificate
 *   start:WORD step:WORD                     the same by its info callback, when a handshake
 *                                            begins, and at each step
 *   info:N info:N-M info:none                set info callback N, each up to M, none
 *   info?                                    print which one it has
 *   info-index info-kept                     print a new index of connections' ex_data; what is there
 *                                            at indexes 1 to 7
 *   names:N-M names:none                     set servername callbacks N to M, none; all but 39
 *                                            refuse everybody
 *   keys hint:TEXT                           know a key; name it (PSK identity hint)
 *   newkeys                                  know a key by TLS 1.3's own callback; as a client show
 *                                            it without a name
 *   least:HEX forbids:SUITE                  no older version passes its security callback, or
 *                                            not this suite
 *   named                                    sessions have their context's name
 *   dh:FILE dhcb:FILE dhcontrol:FILE dhkey:FILE dhauto:N dhempty
 *                                            DH parameters, as such, by a callback (set by its
 *                                            function or its control), as a key, as libssl
 *                                            likes; or none that are filled in
 *   trust:FILE verify:HEX                    certificates of clients are verified by it; when
 *   signed:LIST                              and what they may sign with
 *   other                                    what follows builds the second context
 *   serve:N:HOW                              accept N connections; HOW is accept, state,
 *                                            read, write, dup, bio, kept (its program keeps
 *                                            the BIO that it writes to), early, stateless
 *                                            (without cookies), cookie (with them), listen,
 *                                            nonblocking or renegotiate (to ask for a
 *                                            certificate)
 *   fails:N                                  that allocation of each served handshake fails
 *   connect:PORT                             connect from the context
 *   port:N                                   serve at that one, not at a free one
 *   retry                                    its SSL_read goes on after a renegotiation
 *   again:N resume:N                         a client that renegotiates so often, and then
 *                                            speaks; it resumes its session
 *   tickets                                  print of what length a ticket each got
 *   mortal                                   a server whose process SIGPIPE ends
 *   alarmed                                  a server that leaves with 9 when SIGPIPE comes
 *   leaves                                   a client that goes as soon as it has spoken
 *   ipv6                                     serve and connect by ::1, not by 127.0.0.1
 *   hello                                    print the ClientHello, hexadecimal
 *   conffree                                 an SSL_CONF_CTX that is freed after its context
 *   bioreuse                                 a client's connection of the second context at the
 *                                            address of a server's one of the first, both by BIOs
 *   apart                                    newex: in a library context of its own, where the
 *                                            default one has the null provider alone
 *   provider                                 print whether the default library context has the
 *                                            default provider
 *   errno                                    print errno and the error queue
 *   fd2:FILE                                 make descriptor 2 another file
 *   clearenv                                 wipe the environment, as daemons do
 *   drop:UID                                 become a user of fewer rights, likewise
 *   stress:THREADS:COUNT:METHOD              contexts and connections from many threads at once
 *   about                                    print the headers' policy bits and version
 *   bits:NAMES                               print what the headers define as SSL_OP_NAME
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/ssl.h>
#ifndef OPENSSL_NO_EC
#include <openssl/ec.h>
#endif
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#include <openssl/provider.h>
#endif

#include "callbacks.h"
#include "denied.h"
#include "peer.h"

#if OPENSSL_VERSION_NUMBER < 0x10100000L
#define TLS_LEGACY 1
#endif
#if defined(TLS_LEGACY) && !defined(SSL_CTX_clear_options) /* before 0.9.8m */
#define SSL_CTX_clear_options(ctx, options) (absent("SSL_CTX_clear_options"), 0L)
#define SSL_clear_options(ssl, options) (absent("SSL_clear_options"), 0L)
#endif

static SSL_CTX *contexts[2];
static int current;
static int ipv6, tickets, leaves, agains, resumes;
static const char *own_port = "0";
static void *libctx; /* NULL: the default one */

static struct words ssl_words, late_words, choice_words, after_words;

#define CTX contexts[current]

static void absent(const char *name)
{
	printf("absent %s\n", name);
	exit(77);
}

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "peer: %s: %s\n", what, detail);
	ERR_print_errors_fp(stderr);
	exit(3);
}

/* Before 1.0.0 the calls take a method without const: the build has -Wno-discarded-qualifiers. */
static const SSL_METHOD *method(const char *name)
{
	const SSL_METHOD *(*make)(void);

	*(void **)&make = peer_symbol(name);
	if (make == NULL)
		absent(name);
	return make();
}

/* Option words have the width that these headers give them: 64 bits from 3.0 on. */
static unsigned long long number(const char *text)
{
	return strtoull(text, NULL, 16);
}

static void print_range(void)
{
#ifdef SSL_CTX_get_min_proto_version
	printf("range 0x%x 0x%x\n", (unsigned)SSL_CTX_get_min_proto_version(CTX),
	       (unsigned)SSL_CTX_get_max_proto_version(CTX));
#else
	printf("range 0x0 0x0\n");
#endif
}

static SSL *begin(void);

static void print_ciphers(void)
{
	SSL *ssl = begin();
	const char *name;

	printf("ciphers");
	for (int i = 0; (name = SSL_get_cipher_list(ssl, i)) != NULL; i++)
		printf(" %s", name);
	printf("\n");
	SSL_free(ssl);
}

static void print_begun(void)
{
	SSL *ssl = begin();

	printf("begun 0x%llx\n", (unsigned long long)SSL_get_options(ssl));
	SSL_free(ssl);
}

#ifdef SSL_CONF_FLAG_FILE
static SSL_CONF_CTX *conf_new(unsigned int form)
{
	SSL_CONF_CTX *cctx = SSL_CONF_CTX_new();

	SSL_CONF_CTX_set_flags(cctx, form | SSL_CONF_FLAG_SERVER | SSL_CONF_FLAG_CLIENT |
					     SSL_CONF_FLAG_CERTIFICATE);
	return cctx;
}

/* For the connection, or with none for the context; a name with a '-' as of a command line. */
static void conf(SSL *ssl, const char *word)
{
	int is_argv = word[0] == '-', argc = 2;
	SSL_CONF_CTX *cctx = conf_new(is_argv ? SSL_CONF_FLAG_CMDLINE : SSL_CONF_FLAG_FILE);
	char name[64];
	char *value = strchr(word, '=') + 1;
	char *argv[] = {name, value, NULL}, **rest = argv;

	snprintf(name, sizeof(name), "%.*s", (int)(value - 1 - word), word);
	if (ssl != NULL)
		SSL_CONF_CTX_set_ssl(cctx, ssl);
	else
		SSL_CONF_CTX_set_ssl_ctx(cctx, CTX);
	printf("conf %d\n",
	       is_argv ? SSL_CONF_cmd_argv(cctx, &argc, &rest) : SSL_CONF_cmd(cctx, name, value));
	SSL_CONF_CTX_finish(cctx);
	SSL_CONF_CTX_free(cctx);
}

static void conf_free_last(void)
{
	SSL_CONF_CTX *cctx = conf_new(SSL_CONF_FLAG_FILE);

	SSL_CONF_CTX_set_ssl_ctx(cctx, CTX);
	SSL_CTX_free(CTX);
	CTX = NULL;
	printf("conf %d\n", SSL_CONF_cmd(cctx, "NoSuchCommand", "x"));
	SSL_CONF_CTX_free(cctx);
}
#else
static void conf_free_last(void)
{
	absent("SSL_CONF_cmd");
}

static void conf(SSL *ssl, const char *word)
{
	(void)ssl, (void)word;
	conf_free_last();
}
#endif

/* A section of the configuration file that OPENSSL_CONF names. */
static void config(SSL *ssl, const char *name)
{
#ifdef TLS_LEGACY
	(void)ssl, (void)name;
	absent("SSL_config");
#else
	printf("config %d\n", ssl != NULL ? SSL_config(ssl, name) : SSL_CTX_config(CTX, name));
#endif
}

static void suites(SSL *ssl, const char *list)
{
#ifdef TLS1_3_VERSION
	printf("suites %d\n",
	       ssl != NULL ? SSL_set_ciphersuites(ssl, list) : SSL_CTX_set_ciphersuites(CTX, list));
#else
	(void)ssl, (void)list;
#endif
}

static void bounds(SSL *ssl, int highest, long version)
{
	/* Raw numbers: the macros have no name before 1.1.0. */
	int cmd = highest ? 124 : 123;
	long ret = ssl != NULL ? SSL_ctrl(ssl, cmd, version, NULL)
			       : SSL_CTX_ctrl(CTX, cmd, version, NULL);

	printf("bound %ld\n", ret);
}

static void upref(SSL *ssl)
{
#ifdef TLS_LEGACY
	(void)ssl;
	absent("SSL_up_ref");
#else
	SSL_up_ref(ssl);
	SSL_free(ssl);
#endif
}

/* What keeps versions off a connection goes, by calls that nobody wraps. */
static void undo(SSL *ssl)
{
#ifdef TLS_LEGACY
	ssl->options &= ~(unsigned long)(SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1);
#else
	SSL_CONF_CTX *cctx = conf_new(SSL_CONF_FLAG_FILE);

	SSL_CONF_CTX_set_ssl(cctx, ssl);
	SSL_CONF_cmd(cctx, "MinProtocol", "None");
	SSL_CONF_cmd(cctx, "Protocol", "ALL");
	SSL_CONF_CTX_free(cctx);
#endif
}

/* A connection whose handshake has begun: it waits for a hello that never comes. */
static SSL *begin(void)
{
	SSL *ssl = SSL_new(CTX);
	BIO *nothing = BIO_new(BIO_s_mem());

	SSL_set_bio(ssl, nothing, nothing);
	SSL_accept(ssl);
	ERR_clear_error();
	return ssl;
}

/* As many as whoever wants to be forgotten can open at once. */
static void crowd(void)
{
	enum { OTHERS = 5000 };
	static SSL *others[OTHERS];

	for (int i = 0; i < OTHERS; i++)
		others[i] = begin();
	for (int i = 0; i < OTHERS; i++)
		SSL_free(others[i]);
}

#ifdef SSL_SECOP_VERSION
static int permits(const SSL *ssl, const SSL_CTX *ctx, int operation, int bits, int number,
		   void *other, void *least)
{
	(void)ssl, (void)ctx, (void)bits, (void)other;
	return operation != SSL_SECOP_VERSION || number >= (int)(intptr_t)least;
}

static int permits_suite(const SSL *ssl, const SSL_CTX *ctx, int operation, int bits, int number,
			 void *other, void *forbidden)
{
	(void)ssl, (void)ctx, (void)bits, (void)number;
	return (operation & SSL_SECOP_OTHER_TYPE) != SSL_SECOP_OTHER_CIPHER ||
	       strcmp(SSL_CIPHER_get_name(other), forbidden) != 0;
}

static void permit_from(const char *least)
{
	SSL_CTX_set_security_callback(CTX, permits);
	SSL_CTX_set0_security_ex_data(CTX, (void *)(intptr_t)number(least));
}

static void forbid(const char *suite)
{
	SSL_CTX_set_security_callback(CTX, permits_suite);
	SSL_CTX_set0_security_ex_data(CTX, (void *)(uintptr_t)suite);
}
#else
static void permit_from(const char *least)
{
	(void)least;
	absent("SSL_CTX_set_security_callback");
}

static void forbid(const char *suite)
{
	permit_from(suite);
}
#endif

/* Before 0.9.8f there are no extensions, and so no names. */
static void move(SSL *ssl, SSL_CTX *ctx)
{
#ifdef SSL_CTRL_SET_TLSEXT_HOSTNAME
	SSL_set_SSL_CTX(ssl, ctx);
#else
	(void)ssl, (void)ctx;
	absent("SSL_set_SSL_CTX");
#endif
}

/* @ssl  gets the curve; NULL: its context does */
static void tmp_ecdh(SSL *ssl, int curve)
{
#ifdef OPENSSL_NO_EC
	(void)ssl, (void)curve;
	absent("EC_KEY_new_by_curve_name");
#else
	EC_KEY *key = EC_KEY_new_by_curve_name(curve);

	printf("tmpecdh %ld\n",
	       ssl != NULL ? SSL_ctrl(ssl, 4, 0, key) : SSL_CTX_ctrl(CTX, 4, 0, key));
	EC_KEY_free(key);
#endif
}

static void certify(SSL *ssl, const char *file)
{
	if (SSL_use_certificate_file(ssl, file, SSL_FILETYPE_PEM) != 1 ||
	    SSL_use_PrivateKey_file(ssl, file, SSL_FILETYPE_PEM) != 1)
		die("cert", file);
}

#ifdef SSL_CTRL_GET_RAW_CIPHERLIST /* from 1.0.2 on */
static int on_choice(SSL *ssl, void *unused)
{
	(void)unused;
	ssl_apply(ssl, &choice_words);
	return 1;
}
#endif

/* Either a context's connections, or one. */
static void watch_choice(SSL_CTX *ctx, SSL *ssl)
{
#ifdef SSL_CTRL_GET_RAW_CIPHERLIST
	if (ssl != NULL)
		SSL_set_cert_cb(ssl, on_choice, NULL);
	else
		SSL_CTX_set_cert_cb(ctx, on_choice, NULL);
#else
	(void)ctx, (void)ssl;
	absent("SSL_CTX_set_cert_cb");
#endif
}

/* What a program does to a connection. */
void ssl_apply(SSL *ssl, const struct words *words)
{
	for (int i = 0; i < words->count; i++) {
		const char *w = words->list[i];

		if (strncmp(w, "set:", 4) == 0)
			SSL_set_options(ssl, number(w + 4));
		else if (strncmp(w, "clear:", 6) == 0)
			printf("cleared 0x%llx\n",
			       (unsigned long long)SSL_clear_options(ssl, number(w + 6)));
		else if (strncmp(w, "method:", 7) == 0)
			printf("method %d\n", SSL_set_ssl_method(ssl, method(w + 7)));
		else if (strncmp(w, "version:", 8) == 0)
			printf("version %d\n",
			       SSL_CTX_set_ssl_version(SSL_get_SSL_CTX(ssl), method(w + 8)));
		else if (strncmp(w, "min:", 4) == 0)
			bounds(ssl, 0, (long)number(w + 4));
		else if (strncmp(w, "max:", 4) == 0)
			bounds(ssl, 1, (long)number(w + 4));
		else if (strncmp(w, "ciphers:", 8) == 0)
			printf("list %d\n", SSL_set_cipher_list(ssl, w + 8));
		else if (strncmp(w, "suites:", 7) == 0)
			suites(ssl, w + 7);
		else if (strncmp(w, "cert:", 5) == 0)
			certify(ssl, w + 5);
		else if (strcmp(w, "choice") == 0)
			watch_choice(NULL, ssl);
		else if (strncmp(w, "conf:", 5) == 0 || strncmp(w, "argv:", 5) == 0)
			conf(ssl, w + 5);
		else if (strncmp(w, "config:", 7) == 0)
			config(ssl, w + 7);
		else if (strcmp(w, "sni") == 0)
			move(ssl, contexts[1]);
		else if (strcmp(w, "back") == 0)
			move(ssl, contexts[0]);
		else if (strcmp(w, "upref") == 0)
			upref(ssl);
		else if (strcmp(w, "undo") == 0)
			undo(ssl);
		else if (strcmp(w, "crowd") == 0)
			crowd();
		else if (strcmp(w, "tmpecdh") == 0)
			tmp_ecdh(ssl, NID_X9_62_prime256v1);
		else if (strncmp(w, "info", 4) == 0)
			peer_info(NULL, ssl, w);
		else if (strncmp(w, "hint:", 5) == 0)
			peer_hint(NULL, ssl, w + 5);
		else if (strcmp(w, "newkeys") == 0)
			peer_keys_newer(NULL, ssl);
		else if (strncmp(w, "verify:", 7) == 0)
			SSL_set_verify(ssl, (int)number(w + 7), NULL);
		else if (strncmp(w, "signed:", 7) == 0)
			printf("signed %ld\n", SSL_ctrl(ssl, 102, 0, (char *)w + 7));
		else if (!peer_parameters(NULL, ssl, w))
			die("ssl", w);
	}
}

static void report(const char *what, SSL *ssl)
{
	printf("%s %s %s options 0x%llx\n", what, SSL_get_version(ssl), SSL_get_cipher(ssl),
	       (unsigned long long)SSL_get_options(ssl));
}

static int accept_nonblocking(SSL *ssl)
{
	int fd = SSL_get_fd(ssl), flags = fcntl(fd, F_GETFL), ret;

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	while ((ret = SSL_accept(ssl)) != 1 && SSL_get_error(ssl, ret) == SSL_ERROR_WANT_READ)
		poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, -1);
	fcntl(fd, F_SETFL, flags);
	return ret;
}

#ifdef SSL_READ_EARLY_DATA_SUCCESS
static int make_cookie(SSL *ssl, unsigned char *cookie, size_t *size)
{
	(void)ssl;
	*cookie = 'c';
	*size = 1;
	return 1;
}

static int know_cookie(SSL *ssl, const unsigned char *cookie, size_t size)
{
	(void)ssl;
	return size == 1 && *cookie == 'c';
}

/*
 * The client's second hello, with the cookie, is the first that counts.  An older version has none,
 * and is through the handshake by then.
 */
static int accept_cookie(SSL *ssl)
{
	int ret = 0;

	SSL_CTX_set_stateless_cookie_generate_cb(SSL_get_SSL_CTX(ssl), make_cookie);
	SSL_CTX_set_stateless_cookie_verify_cb(SSL_get_SSL_CTX(ssl), know_cookie);
	for (int i = 0; i < 3 && ret <= 0 && !SSL_is_init_finished(ssl); i++)
		ret = SSL_stateless(ssl); /* a change of cipher specification answers -1, too */
	return ret > 0 || SSL_is_init_finished(ssl);
}
#endif

/* Calls of 1.1.0 and later that take the server side themselves; what follows is SSL_read. */
static int accept_by(SSL *ssl, const char *how)
{
#ifndef TLS_LEGACY
	if (strcmp(how, "listen") == 0) {
		BIO_ADDR *peer = BIO_ADDR_new();

		DTLSv1_listen(ssl, peer); /* this is no DTLS: it fails, and has taken the side */
		BIO_ADDR_free(peer);
		return 1;
	}
#endif
#ifdef SSL_READ_EARLY_DATA_SUCCESS
	char bytes[16];
	size_t count;

	if (strcmp(how, "early") == 0)
		return SSL_read_early_data(ssl, bytes, sizeof(bytes), &count) ==
		       SSL_READ_EARLY_DATA_FINISH;
	if (strcmp(how, "cookie") == 0)
		return accept_cookie(ssl);
	SSL_stateless(ssl); /* without its cookie callbacks it fails, and has taken the side */
	return 1;
#else
	(void)ssl;
	absent(how);
	return 0;
#endif
}

static int speaks_first(SSL *ssl)
{
	int ret = SSL_write(ssl, "w", 1);

	printf("spoke %d\n", ret);
	return ret == 1;
}

static int handshake(SSL *ssl, const char *how, char *byte)
{
	if (strcmp(how, "accept") == 0 || strcmp(how, "nonblocking") == 0 ||
	    strcmp(how, "renegotiate") == 0) {
		ssl_apply(ssl, &ssl_words);
		return (how[0] == 'n' ? accept_nonblocking(ssl) : SSL_accept(ssl)) == 1 &&
		       SSL_read(ssl, byte, 1) == 1;
	}
	if (strcmp(how, "early") == 0 || strcmp(how, "stateless") == 0 ||
	    strcmp(how, "cookie") == 0 || strcmp(how, "listen") == 0) {
		ssl_apply(ssl, &ssl_words);
		return accept_by(ssl, how) && SSL_read(ssl, byte, 1) == 1;
	}
	SSL_set_accept_state(ssl);
	ssl_apply(ssl, &ssl_words);
	if (strcmp(how, "state") == 0 && SSL_do_handshake(ssl) != 1)
		return 0;
	if (strcmp(how, "write") == 0 && !speaks_first(ssl))
		return 0;
	return SSL_read(ssl, byte, 1) == 1;
}

#ifdef SSL_CLIENT_HELLO_SUCCESS
static int on_hello(SSL *ssl, int *alert, void *unused)
{
	(void)alert, (void)unused;
	ssl_apply(ssl, &late_words);
	return SSL_CLIENT_HELLO_SUCCESS;
}
#endif

static int says(const struct words *words, const char *word)
{
	for (int i = 0; i < words->count; i++)
		if (strcmp(words->list[i], word) == 0)
			return 1;
	return 0;
}

static void watch_choices(void)
{
	if (choice_words.count != 0 && !says(&ssl_words, "choice") && !says(&late_words, "choice"))
		watch_choice(contexts[0], NULL);
}

static void watch_hellos(void)
{
	if (late_words.count == 0)
		return;
#ifdef SSL_CLIENT_HELLO_SUCCESS
	SSL_CTX_set_client_hello_cb(contexts[0], on_hello, NULL);
#else
	absent("SSL_CTX_set_client_hello_cb");
#endif
}

/* The words are for both: what was done to the one, and what is done to its copy. */
static SSL *duplicate(SSL *ssl)
{
	SSL *copy;

	SSL_set_accept_state(ssl);
	ssl_apply(ssl, &ssl_words);
	copy = SSL_dup(ssl);
	SSL_free(ssl);
	return copy;
}

/* As Apache does for a folder that is a certificate's owner's; what it judges by is printed. */
static void renegotiate(SSL *ssl)
{
	X509 *certificate;
	int ret;
	char byte;

	SSL_set_verify(ssl, SSL_VERIFY_PEER, NULL);
	/* Or the session would be resumed, and nobody asked. */
	SSL_set_session_id_context(ssl, (const unsigned char *)"again", 5);
	ret = SSL_renegotiate(ssl);
	if (ret == 1) {
		SSL_do_handshake(ssl);
#ifdef TLS_LEGACY
		(void)byte;
		ssl->state = SSL_ST_ACCEPT;
		SSL_do_handshake(ssl);
#else
		SSL_clear_mode(ssl, SSL_MODE_AUTO_RETRY);
		SSL_peek(ssl, &byte, 0);
#endif
	}
	ERR_clear_error();
	certificate = SSL_get_peer_certificate(ssl);
	printf("renegotiated %d verify %ld certificate %d\n", ret, SSL_get_verify_result(ssl),
	       certificate != NULL);
	X509_free(certificate);
}

/* --- memory that is not there ------------------------------------------------------- */

static int fails; /* which allocation of a served handshake; 0: none */

static void deny_memory(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (sscanf(argv[i], "fails:%d", &fails) == 1)
			denied_set();
}

/* --- a server ------------------------------------------------------------------------ */

static int freed; /* of the BIOs that were kept */

/* CRYPTO_EX_free of openssl/crypto.h. */
static void on_free(void *bio, void *kept, CRYPTO_EX_DATA *data, int index, long argl, void *argp)
{
	(void)bio, (void)data, (void)index, (void)argl, (void)argp;
	freed += kept != NULL;
}

/* Gives the connection a BIO for writing of which it is told when it is freed. */
static void keep_bio(SSL *ssl, int fd)
{
	BIO *kept = BIO_new_socket(fd, BIO_NOCLOSE);

	BIO_set_ex_data(kept, BIO_get_ex_new_index(0, NULL, NULL, NULL, on_free), kept);
	SSL_set_bio(ssl, BIO_new_socket(fd, BIO_NOCLOSE), kept);
}

/* The handshake came to its end, and data did not. */
static void report_silence(SSL *ssl)
{
	char byte = 'x';

	if (!SSL_is_init_finished(ssl))
		return;
	ERR_clear_error();
	printf("silent %s read %d", SSL_get_version(ssl), SSL_read(ssl, &byte, 1));
	printf(" write %d\n", SSL_write(ssl, &byte, 1));
}

static void serve_one(int fd, const char *how)
{
	char byte = 0;
	BIO *bio = NULL;
	SSL *ssl = NULL;
	int ok;

	if (strcmp(how, "bio") == 0) {
		bio = BIO_push(BIO_new_ssl(contexts[0], 0), BIO_new_socket(fd, BIO_NOCLOSE));
		BIO_get_ssl(bio, &ssl);
		ssl_apply(ssl, &ssl_words);
		ok = BIO_do_handshake(bio) == 1 && BIO_read(bio, &byte, 1) == 1;
	} else {
		ssl = SSL_new(contexts[0]);
		if (ssl == NULL)
			die("SSL_new", how);
		if (strcmp(how, "dup") == 0)
			ssl = duplicate(ssl);
		SSL_set_fd(ssl, fd);
		if (strcmp(how, "kept") == 0)
			keep_bio(ssl, fd);
		denied_in = fails;
		ok = handshake(ssl, how, &byte);
		if (fails != 0)
			printf("denied %d\n", denied_in == 0);
		denied_in = 0;
	}
	if (!ok && strcmp(how, "bio") != 0)
		report_silence(ssl);
	peer_events();
	if (ok) {
		if (strcmp(how, "renegotiate") == 0)
			renegotiate(ssl);
		SSL_write(ssl, &byte, 1);
		ssl_apply(ssl, &after_words);
		report("served", ssl);
	} else {
		const char *reason = ERR_reason_error_string(ERR_peek_last_error());

		printf("refused %s\n", reason == NULL ? "?" : reason);
		ERR_clear_error();
	}
	printf("freed early %d", freed);
	if (bio != NULL)
		BIO_free_all(bio);
	else
		SSL_free(ssl);
	printf(" in all %d\n", freed);
	fflush(stdout);
}

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t loopback(union address *address, const char *port)
{
	in_port_t number = htons((unsigned short)atoi(port));

	if (ipv6) {
		address->in6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
						     .sin6_port = number,
						     .sin6_addr = IN6ADDR_LOOPBACK_INIT};
		return sizeof(address->in6);
	}
	address->in = (struct sockaddr_in){.sin_family = AF_INET,
					   .sin_port = number,
					   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	return sizeof(address->in);
}

static void serve(const char *word)
{
	union address address;
	socklen_t len = loopback(&address, own_port);
	int count = atoi(word);
	const char *how = strchr(word, ':') + 1;
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0);

	if (bind(fd, &address.any, len) != 0 || listen(fd, 16) != 0 ||
	    getsockname(fd, &address.any, &len) != 0)
		die("listen", strerror(errno));
	watch_hellos();
	watch_choices();
	printf("port %d\n", ntohs(ipv6 ? address.in6.sin6_port : address.in.sin_port));
	fflush(stdout);
	while (count-- > 0) {
		int peer = accept(fd, NULL, NULL);

		serve_one(peer, how);
		close(peer);
	}
	close(fd);
}

/* Of TLS 1.3 it comes after the handshake, with the first data. */
static void report_ticket(SSL *ssl)
{
#ifndef SSL_CTRL_SET_TLSEXT_HOSTNAME
	(void)ssl;
	absent("extensions");
#elif defined(TLS_LEGACY)
	printf("ticket %d\n", (int)SSL_get_session(ssl)->tlsext_ticklen);
#else
	const unsigned char *ticket;
	size_t len = 0;

	SSL_SESSION_get0_ticket(SSL_get_session(ssl), &ticket, &len);
	printf("ticket %d\n", (int)len);
#endif
}

#ifndef SSL_OP_NO_TLSv1_1 /* before 1.0.1 */
static int SSL_renegotiate_abbreviated(SSL *ssl)
{
	(void)ssl;
	absent("SSL_renegotiate_abbreviated");
	return 0;
}
#endif

static int renegotiates(SSL *ssl)
{
	for (int i = 0; i < agains + resumes; i++) {
		int ret = i < agains ? SSL_renegotiate(ssl) : SSL_renegotiate_abbreviated(ssl);

		if (ret != 1 || SSL_do_handshake(ssl) != 1)
			return 0;
		printf("again %d\n", i);
	}
	return 1;
}

static void connect_to(const char *port)
{
	union address address;
	socklen_t len = loopback(&address, port);
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0);
	SSL *ssl = SSL_new(CTX);
	char byte = 'x';

	if (connect(fd, &address.any, len) != 0)
		die("connect", strerror(errno));
	SSL_set_fd(ssl, fd);
	SSL_set_connect_state(ssl);
	ssl_apply(ssl, &ssl_words);
	if (SSL_connect(ssl) == 1 && renegotiates(ssl) && SSL_write(ssl, &byte, 1) == 1 &&
	    (leaves || SSL_read(ssl, &byte, 1) == 1)) {
		if (tickets)
			report_ticket(ssl);
		report("connected", ssl);
	} else {
		const char *reason = ERR_reason_error_string(ERR_peek_last_error());

		printf("failed %s\n", reason == NULL ? "?" : reason);
	}
	SSL_free(ssl);
	close(fd);
}

static void hello(void)
{
	SSL *ssl = SSL_new(CTX);
	BIO *out = BIO_new(BIO_s_mem());
	unsigned char *data;
	long len;

	SSL_set_bio(ssl, BIO_new(BIO_s_mem()), out);
	ssl_apply(ssl, &ssl_words);
	SSL_set_connect_state(ssl);
	SSL_do_handshake(ssl);
	len = BIO_get_mem_data(out, &data);
	printf("hello ");
	for (long i = 0; i < len; i++)
		printf("%02x", data[i]);
	printf(" options 0x%llx\n", (unsigned long long)SSL_get_options(ssl));
	SSL_free(ssl);
}

/* A BIO frees its connection inside libssl, and makes it there. */
static void bio_reuse(void)
{
#ifndef TLS_LEGACY
	for (int i = 0; i < 50; i++) {
		BIO *server = BIO_new_ssl(contexts[0], 0), *client;
		SSL *before, *after;

		BIO_get_ssl(server, &before);
		BIO_free_all(server);
		client = BIO_new_ssl_connect(contexts[1]);
		BIO_get_ssl(client, &after);
		if (after == before) {
			bounds(after, 0, TLS1_2_VERSION);
			printf("reused 0x%x\n", (unsigned)SSL_get_min_proto_version(after));
			BIO_free_all(client);
			return;
		}
		BIO_free_all(client);
	}
#endif
	absent("reuse of an address");
}

static void library_context(const char *word)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	if (strcmp(word, "provider") == 0) {
		printf("provider %d\n", OSSL_PROVIDER_available(NULL, "default"));
		return;
	}
	libctx = OSSL_LIB_CTX_new();
	if (libctx == NULL || OSSL_PROVIDER_load(libctx, "default") == NULL ||
	    OSSL_PROVIDER_load(NULL, "null") == NULL)
		die("OSSL_LIB_CTX_new", word);
#else
	(void)libctx;
	absent(word);
#endif
}

static void print_errno(void)
{
	printf("errno %d queue 0x%lx\n", errno, ERR_peek_last_error());
}

/* The safe options as these headers name them: the tests' own opinion of the policy. */
static void about(void)
{
	unsigned long policy = 0;

	policy |= SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_CIPHER_SERVER_PREFERENCE;
	policy |= SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE;
#ifdef SSL_OP_NO_COMPRESSION
	policy |= SSL_OP_NO_COMPRESSION;
#endif
#ifdef TLS_LEGACY
	printf("about policy 0x%lx version 0x%lx runs 0x%lx\n", policy,
	       (unsigned long)OPENSSL_VERSION_NUMBER, SSLeay());
#else
	printf("about policy 0x%lx version 0x%lx runs 0x%lx\n", policy,
	       (unsigned long)OPENSSL_VERSION_NUMBER, OpenSSL_version_num());
#endif
}

static void bits(const char *names)
{
	static const struct {
		const char *name;
		unsigned long bit;
	} rows[] = {
		{"NO_SSLv2", SSL_OP_NO_SSLv2},
		{"NO_SSLv3", SSL_OP_NO_SSLv3},
		{"CIPHER_SERVER_PREFERENCE", SSL_OP_CIPHER_SERVER_PREFERENCE},
		{"SINGLE_DH_USE", SSL_OP_SINGLE_DH_USE},
		{"SINGLE_ECDH_USE", SSL_OP_SINGLE_ECDH_USE},
#ifdef SSL_OP_NO_COMPRESSION
		{"NO_COMPRESSION", SSL_OP_NO_COMPRESSION},
#endif
	};
	char copy[256], *rest = copy, *name;

	snprintf(copy, sizeof(copy), "%s", names);
	printf("bits");
	while ((name = strsep(&rest, " ")) != NULL) {
		size_t i = 0;

		while (i < sizeof(rows) / sizeof(rows[0]) && strcmp(rows[i].name, name) != 0)
			i++;
		if (i == sizeof(rows) / sizeof(rows[0]))
			die("no such option", name);
		printf(" 0x%lx", rows[i].bit);
	}
	printf("\n");
}

static void context_word(const char *w)
{
	if (strncmp(w, "set:", 4) == 0) {
		printf("set 0x%llx\n", (unsigned long long)SSL_CTX_set_options(CTX, number(w + 4)));
	} else if (strncmp(w, "clear:", 6) == 0) {
		printf("cleared 0x%llx\n",
		       (unsigned long long)SSL_CTX_clear_options(CTX, number(w + 6)));
	} else if (strncmp(w, "version:", 8) == 0) {
		printf("version %d\n", SSL_CTX_set_ssl_version(CTX, method(w + 8)));
	} else if (strncmp(w, "min:", 4) == 0) {
		bounds(NULL, 0, (long)number(w + 4));
	} else if (strncmp(w, "max:", 4) == 0) {
		bounds(NULL, 1, (long)number(w + 4));
	} else if (strncmp(w, "ciphers:", 8) == 0) {
		printf("list %d\n", SSL_CTX_set_cipher_list(CTX, w + 8));
	} else if (strncmp(w, "suites:", 7) == 0) {
		suites(NULL, w + 7);
	} else if (strncmp(w, "groups:", 7) == 0) { /* SSL_CTRL_SET_GROUPS_LIST */
		printf("groups %ld\n", SSL_CTX_ctrl(CTX, 92, 0, (char *)w + 7));
	} else if (strncmp(w, "tmpecdh", 7) == 0) { /* SSL_CTRL_SET_TMP_ECDH, with P-256 */
		tmp_ecdh(NULL, w[7] == ':' ? OBJ_sn2nid(w + 8) : NID_X9_62_prime256v1);
	} else if (strncmp(w, "cert:", 5) == 0) {
		if (SSL_CTX_use_certificate_chain_file(CTX, w + 5) != 1 ||
		    SSL_CTX_use_PrivateKey_file(CTX, w + 5, SSL_FILETYPE_PEM) != 1)
			die("cert", w + 5);
	} else if (strcmp(w, "options") == 0) {
		printf("options 0x%llx\n", (unsigned long long)SSL_CTX_get_options(CTX));
	} else if (strcmp(w, "range") == 0) {
		print_range();
	} else if (strcmp(w, "begun") == 0) {
		print_begun();
	} else if (strcmp(w, "ciphers?") == 0) {
		print_ciphers();
	} else if (strncmp(w, "conf:", 5) == 0 || strncmp(w, "argv:", 5) == 0) {
		conf(NULL, w + 5);
	} else if (strncmp(w, "config:", 7) == 0) {
		config(NULL, w + 7);
	} else if (strcmp(w, "conffree") == 0) {
		conf_free_last();
	} else if (strcmp(w, "hello") == 0) {
		hello();
	} else if (strncmp(w, "info", 4) == 0) {
		peer_info(CTX, NULL, w);
	} else if (strncmp(w, "names", 5) == 0) {
		peer_names(CTX, w);
	} else if (strcmp(w, "retry") == 0) { /* the default since 1.1.1 */
		SSL_CTX_set_mode(CTX, SSL_MODE_AUTO_RETRY);
	} else if (strcmp(w, "keys") == 0) {
		peer_keys(CTX);
	} else if (strcmp(w, "newkeys") == 0) {
		peer_keys_newer(CTX, NULL);
	} else if (strncmp(w, "least:", 6) == 0) {
		permit_from(w + 6);
	} else if (strncmp(w, "forbids:", 8) == 0) {
		forbid(w + 8);
	} else if (strcmp(w, "named") == 0) {
		SSL_CTX_set_session_id_context(CTX, (const unsigned char *)"peer", 4);
	} else if (strncmp(w, "hint:", 5) == 0) {
		peer_hint(CTX, NULL, w + 5);
	} else if (strncmp(w, "trust:", 6) == 0) {
		SSL_CTX_load_verify_locations(CTX, w + 6, NULL);
	} else if (strncmp(w, "verify:", 7) == 0) {
		SSL_CTX_set_verify(CTX, (int)number(w + 7), NULL);
	} else if (strncmp(w, "signed:", 7) == 0) { /* SSL_CTRL_SET_CLIENT_SIGALGS_LIST */
		printf("signed %ld\n", SSL_CTX_ctrl(CTX, 102, 0, (char *)w + 7));
	} else if (!peer_parameters(CTX, NULL, w)) {
		die("unknown word", w);
	}
}

struct stress {
	const SSL_METHOD *method;
	int count;
	unsigned long lost; /* policy bits that were ever missing on a connection */
};

static void *stress_thread(void *data)
{
	struct stress *stress = data;

	for (int i = 0; i < stress->count; i++) {
		SSL_CTX *ctx = SSL_CTX_new(stress->method);
		SSL *ssl;

		SSL_CTX_clear_options(ctx, SSL_OP_NO_SSLv3);
		ssl = SSL_new(ctx);
		SSL_set_accept_state(ssl);
		stress->lost |= SSL_OP_NO_SSLv3 & ~(unsigned long)SSL_get_options(ssl);
		SSL_free(ssl);
		SSL_CTX_free(ctx);
	}
	return NULL;
}

static void stress(const char *word)
{
	enum { THREADS_MAX = 64 };
	pthread_t ids[THREADS_MAX];
	struct stress work[THREADS_MAX];
	int threads, count, at;
	unsigned long lost = 0;

	if (sscanf(word, "%d:%d:%n", &threads, &count, &at) != 2 || threads > THREADS_MAX)
		die("stress", word);
	for (int i = 0; i < threads; i++) {
		work[i] = (struct stress){method(word + at), count, 0};
		if (pthread_create(&ids[i], NULL, stress_thread, &work[i]) != 0)
			die("pthread_create", word);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		lost |= work[i].lost;
	}
	printf("stress lost 0x%lx\n", lost);
}

static void make(const char *name, int ex)
{
	const SSL_METHOD *m = method(name);

	errno = 4242;
	if (ex) {
		SSL_CTX *(*new_ex)(void *, const char *, const SSL_METHOD *);

		*(void **)&new_ex = dlsym(RTLD_DEFAULT, "SSL_CTX_new_ex");
		CTX = new_ex(libctx, NULL, m);
	} else {
		CTX = SSL_CTX_new(m);
	}
	if (CTX == NULL)
		die("SSL_CTX_new", name);
}

static void clone_context(void)
{
#ifdef SSL_CONF_FLAG_FILE
	SSL_CTX *ctx = SSL_CTX_new(SSL_CTX_get_ssl_method(CTX));

	SSL_CTX_free(CTX);
	CTX = ctx;
#else
	absent("SSL_CTX_get_ssl_method");
#endif
}

static void drop(const char *uid)
{
	if (setgid((gid_t)atoi(uid)) != 0 || setuid((uid_t)atoi(uid)) != 0)
		die("setuid", strerror(errno));
}

static void leave_alarmed(int number)
{
	(void)number;
	_exit(9);
}

int peer_main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	signal(SIGPIPE, SIG_IGN);
	deny_memory(argc, argv);
#ifdef TLS_LEGACY
	SSL_library_init();
	SSL_load_error_strings();
#endif
	for (int i = 0; i < argc; i++) {
		const char *w = argv[i];

		if (strncmp(w, "fails:", 6) == 0)
			continue; /* deny_memory has read it */
		else if (strncmp(w, "new:", 4) == 0)
			make(w + 4, 0);
		else if (strncmp(w, "newex:", 6) == 0)
			make(w + 6, 1);
		else if (strcmp(w, "clone") == 0)
			clone_context();
		else if (strcmp(w, "other") == 0)
			current = 1;
		else if (strcmp(w, "first") == 0)
			current = 0;
		else if (strncmp(w, "ssl:", 4) == 0)
			ssl_words.list[ssl_words.count++] = w + 4;
		else if (strncmp(w, "late:", 5) == 0)
			late_words.list[late_words.count++] = w + 5;
		else if (strncmp(w, "choice:", 7) == 0)
			choice_words.list[choice_words.count++] = w + 7;
		else if (strncmp(w, "start:", 6) == 0)
			start_words.list[start_words.count++] = w + 6;
		else if (strncmp(w, "step:", 5) == 0)
			step_words.list[step_words.count++] = w + 5;
		else if (strncmp(w, "after:", 6) == 0)
			after_words.list[after_words.count++] = w + 6;
		else if (strncmp(w, "serve:", 6) == 0)
			serve(w + 6);
		else if (strncmp(w, "stress:", 7) == 0)
			stress(w + 7);
		else if (strncmp(w, "connect:", 8) == 0)
			connect_to(w + 8);
		else if (strcmp(w, "ipv6") == 0)
			ipv6 = 1;
		else if (strncmp(w, "port:", 5) == 0)
			own_port = w + 5;
		else if (strncmp(w, "again:", 6) == 0)
			agains = atoi(w + 6);
		else if (strncmp(w, "resume:", 7) == 0)
			resumes = atoi(w + 7);
		else if (strcmp(w, "tickets") == 0)
			tickets = 1;
		else if (strcmp(w, "leaves") == 0)
			leaves = 1;
		else if (strcmp(w, "mortal") == 0)
			signal(SIGPIPE, SIG_DFL);
		else if (strcmp(w, "alarmed") == 0)
			signal(SIGPIPE, leave_alarmed);
		else if (strcmp(w, "bioreuse") == 0)
			bio_reuse();
		else if (strcmp(w, "apart") == 0 || strcmp(w, "provider") == 0)
			library_context(w);
		else if (strcmp(w, "errno") == 0)
			print_errno();
		else if (strncmp(w, "fd2:", 4) == 0)
			dup2(open(w + 4, O_CREAT | O_WRONLY, 0600), STDERR_FILENO);
		else if (strcmp(w, "clearenv") == 0)
			clearenv();
		else if (strncmp(w, "drop:", 5) == 0)
			drop(w + 5);
		else if (strcmp(w, "about") == 0)
			about();
		else if (strncmp(w, "bits:", 5) == 0)
			bits(w + 5);
		else
			context_word(w);
	}
	for (int i = 0; i < 2; i++) {
		SSL_CTX_free(contexts[i]);
		contexts[i] = NULL;
	}
	current = 0;
	return 0;
}
