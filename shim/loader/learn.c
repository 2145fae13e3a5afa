/* SPDX-License-Identifier: MIT */
#include "loader/learn.h"

#include <stddef.h>

#include "loader/audit.h"
#include "loader/controls.h"

enum {
	CONF_FILE = 0x02, /* SSL_CONF_FLAG_FILE: names as in a configuration file */
	CONF_SERVER = 0x08, /* SSL_CONF_FLAG_SERVER */
};

/*
 * The commands that set an option and take it back: the bits that differ afterwards are the
 * option's value.  Names from SSL_CONF_cmd(3), "SUPPORTED CONFIGURATION FILE COMMANDS".
 */
static const struct {
	char command[10];
	char hardened[28];
	char lax[30];
	size_t offset; /* of the member of struct dialect */
} names[] = {
	{"Options", "ServerPreference", "-ServerPreference",
	 offsetof(struct dialect, cipher_server_preference)},
	{"Options", "PrioritizeChaCha", "-PrioritizeChaCha",
	 offsetof(struct dialect, prioritize_chacha)},
	{"Options", "-SessionTicket", "SessionTicket", offsetof(struct dialect, no_ticket)},
	{"Options", "NoResumptionOnRenegotiation", "-NoResumptionOnRenegotiation",
	 offsetof(struct dialect, no_resumption)},
	{"Options", "ClientRenegotiation", "-ClientRenegotiation",
	 offsetof(struct dialect, allow_client_renegotiation)},
	{"Options", "-Compression", "Compression", offsetof(struct dialect, no_compression)},
	{"Options", "DHSingle", "-DHSingle", offsetof(struct dialect, single_dh_use)},
	{"Options", "ECDHSingle", "-ECDHSingle", offsetof(struct dialect, single_ecdh_use)},
	{"Protocol", "-SSLv2", "SSLv2", offsetof(struct dialect, no_sslv2)},
	{"Protocol", "-SSLv3", "SSLv3", offsetof(struct dialect, no_sslv3)},
	{"Protocol", "-TLSv1", "TLSv1", offsetof(struct dialect, no_tlsv1)},
	{"Protocol", "-TLSv1.1", "TLSv1.1", offsetof(struct dialect, no_tlsv1_1)},
	{"Protocol", "-TLSv1.2", "TLSv1.2", offsetof(struct dialect, no_tlsv1_2)},
	{"Protocol", "-TLSv1.3", "TLSv1.3", offsetof(struct dialect, no_tlsv1_3)},
	{"Protocol", "-DTLSv1", "DTLSv1", offsetof(struct dialect, no_dtlsv1)},
	{"Protocol", "-DTLSv1.2", "DTLSv1.2", offsetof(struct dialect, no_dtlsv1_2)},
};

static uint64_t options_after(const struct image *image, SSL_CONF_CTX *conf, SSL *ssl,
			      const char *command, const char *value)
{
	image->SSL_CONF_cmd(conf, command, value);
	return image->SSL_get_options(ssl);
}

/* Whether the controls for version bounds have the numbers that we know: they read what was set. */
static bool has_ranges(const struct image *image, SSL_CONF_CTX *conf, SSL *ssl)
{
	static const struct {
		char name[9];
		int version;
	} each[] = {{"TLSv1.2", WIRE_TLS1_2},
		    {"DTLSv1.2", WIRE_DTLS1_2}}; /* one is of the context's transport */

	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		if (image->SSL_CONF_cmd(conf, "MinProtocol", each[i].name) > 0 &&
		    image->SSL_ctrl(ssl, CTRL_GET_MIN_PROTO_VERSION, 0, NULL) == each[i].version)
			return true;
	}
	return false;
}

static void learn(struct image *image, SSL_CONF_CTX *conf, SSL *ssl)
{
	image->SSL_CONF_CTX_set_flags(conf, CONF_FILE | CONF_SERVER);
	image->SSL_CONF_CTX_set_ssl(conf, ssl);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t *option = (uint64_t *)((char *)&image->dialect + names[i].offset);
		uint64_t hardened =
			options_after(image, conf, ssl, names[i].command, names[i].hardened);

		*option =
			hardened & ~options_after(image, conf, ssl, names[i].command, names[i].lax);
	}
	image->dialect.proto_version = has_ranges(image, conf, ssl);
}

static bool can_learn(const struct image *image)
{
	return image->SSL_CONF_CTX_new != NULL && image->SSL_CONF_CTX_set_flags != NULL &&
	       image->SSL_CONF_CTX_set_ssl != NULL && image->SSL_CONF_cmd != NULL &&
	       image->SSL_CONF_CTX_free != NULL && image->SSL_get_options != NULL &&
	       image->SSL_new != NULL && image->SSL_free != NULL && image->SSL_ctrl != NULL;
}

bool learn_dialect(struct image *image, SSL_CTX *ctx)
{
	int saved_errno = *audit_errno();
	SSL_CONF_CTX *conf;
	SSL *ssl;

	if (!can_learn(image))
		return false;
	image->ERR_set_mark();
	ssl = image->SSL_new(ctx);
	conf = image->SSL_CONF_CTX_new();
	if (ssl != NULL && conf != NULL)
		learn(image, conf, ssl);
	if (conf != NULL)
		image->SSL_CONF_CTX_free(conf);
	if (ssl != NULL)
		image->SSL_free(ssl);
	image->ERR_pop_to_mark();
	*audit_errno() = saved_errno;
	/* Without this one the library did not understand the commands. */
	return image->dialect.cipher_server_preference != 0;
}
