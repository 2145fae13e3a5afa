/* SPDX-License-Identifier: MIT */
#include "loader/learn.h"

#include <stddef.h>

#include "loader/audit.h"
#include "loader/controls.h"

enum {
	CONF_FILE = 0x02, /* SSL_CONF_FLAG_FILE: names as in a configuration file */
	CONF_SERVER = 0x08, /* SSL_CONF_FLAG_SERVER */
	TLS1_2 = 0x0303,
};

/*
 * An option has the bits that its hardened setting sets and its lax one does
 * not.  Names from SSL_CONF_cmd(3), "SUPPORTED CONFIGURATION FILE COMMANDS".
 */
static const struct {
	char command[10];
	char hardened[18];
	char lax[20];
	size_t offset; /* of the member of struct dialect */
} names[] = {
	{"Options", "ServerPreference", "-ServerPreference",
	 offsetof(struct dialect, cipher_server_preference)},
	{"Options", "PrioritizeChaCha", "-PrioritizeChaCha",
	 offsetof(struct dialect, prioritize_chacha)},
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

static uint64_t options_after(const struct image *image, SSL_CONF_CTX *conf, SSL_CTX *ctx,
			      const char *command, const char *value)
{
	image->SSL_CONF_cmd(conf, command, value);
	return image->SSL_CTX_get_options(ctx);
}

static void ask(struct image *image, SSL_CONF_CTX *conf, SSL_CTX *ctx)
{
	image->SSL_CONF_CTX_set_flags(conf, CONF_FILE | CONF_SERVER);
	image->SSL_CONF_CTX_set_ssl_ctx(conf, ctx);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t *option = (uint64_t *)((char *)&image->dialect + names[i].offset);
		uint64_t hardened =
			options_after(image, conf, ctx, names[i].command, names[i].hardened);

		*option =
			hardened & ~options_after(image, conf, ctx, names[i].command, names[i].lax);
	}
	/* The range controls have numbers too: they count if they read what a name has set. */
	image->dialect.proto_version =
		image->SSL_CONF_cmd(conf, "MinProtocol", "TLSv1.2") > 0 &&
		image->SSL_CTX_ctrl(ctx, CTRL_GET_MIN_PROTO_VERSION, 0, NULL) == TLS1_2;
}

static bool can_ask(const struct image *image)
{
	return image->SSL_CONF_CTX_new != NULL && image->SSL_CONF_CTX_set_flags != NULL &&
	       image->SSL_CONF_CTX_set_ssl_ctx != NULL && image->SSL_CONF_cmd != NULL &&
	       image->SSL_CONF_CTX_free != NULL && image->SSL_CTX_get_options != NULL &&
	       image->SSL_CTX_free != NULL && image->methods[METHOD_TLS_server_method] != NULL;
}

bool learn_dialect(struct image *image)
{
	int saved_errno = *audit_errno();
	bool was_inside = inside_new;
	SSL_CONF_CTX *conf;
	SSL_CTX *ctx;

	if (!can_ask(image))
		return false;
	image->ERR_set_mark();
	inside_new = true;
	ctx = image->SSL_CTX_new(image->methods[METHOD_TLS_server_method]);
	conf = image->SSL_CONF_CTX_new();
	if (ctx != NULL && conf != NULL)
		ask(image, conf, ctx);
	if (conf != NULL)
		image->SSL_CONF_CTX_free(conf);
	if (ctx != NULL)
		image->SSL_CTX_free(ctx);
	inside_new = was_inside;
	image->ERR_pop_to_mark();
	*audit_errno() = saved_errno;
	/* Without this one nothing was understood. */
	return image->dialect.cipher_server_preference != 0;
}
