/* SPDX-License-Identifier: MIT
 *
 * A server and a client in one process, by calls that every maker of a libssl
 * has: family CERTIFICATE METHOD HOW [WORD...]
 * METHOD is a constructor's name, HOW accept (SSL_accept alone) or state.  Of the
 * words, what begins with "ssl-" is done to the server's connection, the rest
 * to its context.  For each version of TLS it says whether the server speaks it,
 * then which options its last connection had, and the client's first bytes
 * where the same context makes a client.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

static char **words;
static int word_count;

static void die(const char *what)
{
	fprintf(stderr, "family: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(3);
}

static const SSL_METHOD *method(const char *name)
{
	const SSL_METHOD *(*make)(void) = (const SSL_METHOD *(*)(void))dlsym(RTLD_DEFAULT, name);

	if (make == NULL) {
		printf("absent %s\n", name);
		exit(77);
	}
	return make();
}

static void apply(SSL_CTX *ctx, SSL *ssl)
{
	for (int i = 0; i < word_count; i++) {
		const char *w = words[i];
		int on_ssl = strncmp(w, "ssl-", 4) == 0;
		const char *value = strchr(w, ':') + 1;
		unsigned long number = strtoul(value, NULL, 16);

		if (on_ssl != (ssl != NULL))
			continue;
		w += on_ssl ? 4 : 0;
		if (strncmp(w, "clear:", 6) == 0)
			printf("cleared 0x%lx\n",
			       (unsigned long)(on_ssl ? SSL_clear_options(ssl, number)
						      : SSL_CTX_clear_options(ctx, number)));
		else if (strncmp(w, "set:", 4) == 0)
			printf("set 0x%lx\n",
			       (unsigned long)(on_ssl ? SSL_set_options(ssl, number)
						      : SSL_CTX_set_options(ctx, number)));
		else if (strncmp(w, "min:", 4) == 0)
			printf("bound %d\n",
			       on_ssl ? (int)SSL_set_min_proto_version(ssl, number)
				      : (int)SSL_CTX_set_min_proto_version(ctx, number));
		else
			die(words[i]);
	}
}

static SSL *end(SSL_CTX *ctx, BIO *bio)
{
	SSL *ssl = SSL_new(ctx);

	if (ssl == NULL)
		die("SSL_new");
	SSL_set_bio(ssl, bio, bio);
	return ssl;
}

/* Whether a client of one version is served; prints what the server's connection had. */
static int served(SSL_CTX *server_ctx, int version, int accept, unsigned long *options)
{
	SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());
	BIO *bios[2];
	SSL *ends[2];
	int ret[2] = {0, 0};

#ifndef OPENSSL_IS_BORINGSSL
	SSL_CTX_set_cipher_list(client_ctx, "ALL:@SECLEVEL=0");
#endif
	SSL_CTX_set_max_proto_version(client_ctx, version);
	SSL_CTX_set_min_proto_version(client_ctx, version);
	BIO_new_bio_pair(&bios[0], 0, &bios[1], 0);
	ends[0] = end(server_ctx, bios[0]);
	ends[1] = end(client_ctx, bios[1]);
	SSL_set_connect_state(ends[1]);
	if (!accept)
		SSL_set_accept_state(ends[0]);
	apply(NULL, ends[0]);
	for (int i = 1; i < 12 && (ret[0] != 1 || ret[1] != 1); i++)
		ret[i % 2] =
			i % 2 == 0 && accept ? SSL_accept(ends[0]) : SSL_do_handshake(ends[i % 2]);
	*options = (unsigned long)SSL_get_options(ends[0]);
	SSL_free(ends[0]);
	SSL_free(ends[1]);
	SSL_CTX_free(client_ctx);
	ERR_clear_error();
	return ret[0] == 1 && ret[1] == 1;
}

static void hello(const char *name)
{
	SSL_CTX *ctx = SSL_CTX_new(method(name));
	BIO *bios[2];
	SSL *ssl;
	unsigned char bytes[4096];
	int len;

	BIO_new_bio_pair(&bios[0], 8192, &bios[1], 8192);
	ssl = end(ctx, bios[0]);
	SSL_set_connect_state(ssl);
	SSL_do_handshake(ssl);
	len = BIO_read(bios[1], bytes, sizeof(bytes));
	printf("hello ");
	for (int i = 0; i < len; i++)
		printf("%02x", bytes[i]);
	printf(" options 0x%lx\n", (unsigned long)SSL_get_options(ssl));
	SSL_free(ssl);
	BIO_free(bios[1]);
	SSL_CTX_free(ctx);
	ERR_clear_error();
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int version;
	} versions[] = {
		{"TLSv1", 0x0301}, {"TLSv1.1", 0x0302}, {"TLSv1.2", 0x0303}, {"TLSv1.3", 0x0304}};
	unsigned long options = 0;
	SSL_CTX *ctx;

	if (argc < 4)
		return 2;
	words = argv + 4;
	word_count = argc - 4;
	ctx = SSL_CTX_new(method(argv[2]));
	if (ctx == NULL || SSL_CTX_use_certificate_file(ctx, argv[1], SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, argv[1], SSL_FILETYPE_PEM) != 1)
		die(argv[1]);
#ifndef OPENSSL_IS_BORINGSSL
	SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0");
#endif
	apply(ctx, NULL);
	for (int i = 0; i < 4; i++) {
		if (served(ctx, versions[i].version, strcmp(argv[3], "accept") == 0, &options))
			printf("serves %s\n", versions[i].name);
	}
	printf("options 0x%lx\n", options);
	SSL_CTX_free(ctx);
	hello(argv[2]);
	return 0;
}
