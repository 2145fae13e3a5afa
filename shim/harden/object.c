/* SPDX-License-Identifier: MIT */
#include "harden/object.h"

#include <stdio.h>
#include <string.h>

#include "loader/audit.h"
#include "memory/context.h"

struct bracket bracket_open(const struct image *image)
{
	struct bracket bracket = {*audit_errno()};

	image->ERR_set_mark();
	return bracket;
}

void bracket_close(const struct image *image, struct bracket bracket)
{
	image->ERR_pop_to_mark();
	*audit_errno() = bracket.saved_errno;
}

uint64_t ctx_options(const struct image *image, SSL_CTX *ctx)
{
	uint64_t options = image->SSL_CTX_set_options != NULL
				   ? image->SSL_CTX_get_options(ctx)
				   : (uint64_t)image->SSL_CTX_ctrl(ctx, CTRL_OPTIONS, 0, NULL);

	return options & image->option_mask;
}

void ctx_options_set(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_CTX_set_options(ctx, options);
	else
		image->SSL_CTX_ctrl(ctx, CTRL_OPTIONS, (long)options, NULL);
}

void ctx_options_clear(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_CTX_clear_options(ctx, options);
	else
		image->SSL_CTX_ctrl(ctx, CTRL_CLEAR_OPTIONS, (long)options, NULL);
}

uint64_t ssl_options(const struct image *image, SSL *ssl)
{
	uint64_t options = image->SSL_CTX_set_options != NULL
				   ? image->SSL_get_options(ssl)
				   : (uint64_t)image->SSL_ctrl(ssl, CTRL_OPTIONS, 0, NULL);

	return options & image->option_mask;
}

void ssl_options_set(const struct image *image, SSL *ssl, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_set_options(ssl, options);
	else
		image->SSL_ctrl(ssl, CTRL_OPTIONS, (long)options, NULL);
}

void ssl_options_clear(const struct image *image, SSL *ssl, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_clear_options(ssl, options);
	else
		image->SSL_ctrl(ssl, CTRL_CLEAR_OPTIONS, (long)options, NULL);
}

/* LibreSSL and BoringSSL have functions for these, which return 16 bits; OpenSSL has controls. */
int ssl_min_version(const struct image *image, SSL *ssl)
{
	if (image->SSL_get_min_proto_version != NULL)
		return image->SSL_get_min_proto_version(ssl) & 0xffff;
	return (int)image->SSL_ctrl(ssl, CTRL_GET_MIN_PROTO_VERSION, 0, NULL);
}

int ssl_max_version(const struct image *image, SSL *ssl)
{
	if (image->SSL_get_max_proto_version != NULL)
		return image->SSL_get_max_proto_version(ssl) & 0xffff;
	return (int)image->SSL_ctrl(ssl, CTRL_GET_MAX_PROTO_VERSION, 0, NULL);
}

void ssl_set_min_version(const struct image *image, SSL *ssl, int version)
{
	if (image->SSL_set_min_proto_version != NULL)
		image->SSL_set_min_proto_version(ssl, (uint16_t)version);
	else
		image->SSL_ctrl(ssl, CTRL_SET_MIN_PROTO_VERSION, version, NULL);
}

void ssl_set_max_version(const struct image *image, SSL *ssl, int version)
{
	if (image->SSL_set_max_proto_version != NULL)
		image->SSL_set_max_proto_version(ssl, (uint16_t)version);
	else
		image->SSL_ctrl(ssl, CTRL_SET_MAX_PROTO_VERSION, version, NULL);
}

bool ssl_set_ciphers(const struct image *image, SSL *ssl, const char *ciphers)
{
	return image->SSL_set_cipher_list(ssl, ciphers) == 1;
}

bool ssl_set_suites(const struct image *image, SSL *ssl, const char *suites)
{
	return image->SSL_set_ciphersuites != NULL && image->SSL_set_ciphersuites(ssl, suites) == 1;
}

bool ssl_set_groups(const struct image *image, SSL *ssl, const char *groups)
{
	if (image->SSL_set1_groups_list != NULL)
		return image->SSL_set1_groups_list(ssl, groups) == 1;
	if (image->SSL_set1_curves_list != NULL)
		return image->SSL_set1_curves_list(ssl, groups) == 1;
	return image->SSL_ctrl != NULL &&
	       image->SSL_ctrl(ssl, CTRL_SET_GROUPS_LIST, 0, (void *)(uintptr_t)groups) == 1;
}

bool ssl_verifies(const struct image *image, const SSL *ssl, int mode)
{
	return image->SSL_get_verify_mode != NULL &&
	       (image->SSL_get_verify_mode(ssl) & mode) == mode;
}

const struct method_kind *ctx_kind(const struct image *image, const SSL_CTX *ctx)
{
	struct context context;

	if (image->SSL_CTX_get_ssl_method != NULL) {
		const struct method_kind *kind =
			method_kind_of(image->methods, image->SSL_CTX_get_ssl_method(ctx));

		return kind != NULL && kind->transport == TRANSPORT_QUIC ? NULL : kind;
	}
	if (image->dialect.method_is_first)
		return method_kind_of(image->methods, *(const void *const *)(const void *)ctx);
	context = context_of(ctx); /* BoringSSL: nothing changes a context's method */
	return context.known ? context_kind(context) : NULL;
}

bool ctx_is_of_ssl2(const struct image *image, const SSL_CTX *ctx)
{
	const struct method_kind *kind = ctx_kind(image, ctx);

	return kind != NULL && version_set(kind->pin) == VERSION_SSL2;
}

void ctx_set_method(SSL_CTX *ctx, const SSL_METHOD *method)
{
	*(const void **)(void *)ctx = method; /* the first member, as ctx_kind reads it */
}

/*
 * Of a method that is in no table.  4.0 exports no function for that of one version, which a
 * connection has once its version is chosen.
 */
__attribute__((cold)) static const struct method_kind *nameless_kind(const struct image *image,
								     const SSL *ssl)
{
	if (!image->dialect.options_by_name || is_before_handshake(image, ssl) ||
	    version_set(image->SSL_version(ssl)) == VERSION_TLS1_3)
		return NULL;
	return ctx_kind(image, image->SSL_get_SSL_CTX(ssl));
}

const struct method_kind *ssl_kind(const struct image *image, const SSL *ssl)
{
	const struct method_kind *kind;

	if (image->dialect.pinning == PIN_IS_RANGE || image->SSL_get_ssl_method == NULL)
		return ctx_kind(image, image->SSL_get_SSL_CTX(ssl));
	kind = method_kind_of(image->methods, image->SSL_get_ssl_method(ssl));
	if (kind == NULL)
		return nameless_kind(image, ssl);
	return kind->transport == TRANSPORT_QUIC ? NULL : kind;
}

/*
 * Cuts the date off.  A libssl that calls itself OpenSSL says "(compatible; NAME)": that is taken.
 */
void libssl_text(const struct image *image, char text[LIBSSL_TEXT_MAX])
{
	static const char compatible[] = "(compatible; ";
	const char *said = image->OpenSSL_version != NULL  ? image->OpenSSL_version(0)
			   : image->SSLeay_version != NULL ? image->SSLeay_version(0)
							   : image->dialect.name;
	const char *inside = strstr(said, compatible);
	size_t len = strcspn(said, " ");

	if (inside != NULL) {
		said = inside + strlen(compatible);
		len = strcspn(said, ")");
	} else if (said[len] == ' ') {
		len += 1 + strcspn(said + len + 1, " ");
	}
	snprintf(text, LIBSSL_TEXT_MAX, "%.*s", (int)len, said);
}

static security_callback security_callback_of(const struct image *image, const SSL *ssl)
{
	return image->SSL_get_security_callback == NULL ? NULL
							: image->SSL_get_security_callback(ssl);
}

static void *security_data(const struct image *image, const SSL *ssl)
{
	return image->SSL_get0_security_ex_data == NULL ? NULL
							: image->SSL_get0_security_ex_data(ssl);
}

versions ssl_permits(const struct image *image, const SSL *ssl, enum transport transport,
		     versions set)
{
	enum { OPERATION_VERSION = 9 }; /* SSL_SECOP_VERSION of openssl/ssl.h */
	security_callback callback = security_callback_of(image, ssl);
	void *data = security_data(image, ssl);

	if (callback == NULL || image_covers(image, *(void **)&callback))
		return set;
	for (versions each = 1; each < VERSIONS_ALL; each <<= 1) {
		int number = version_highest(transport, set & each);

		if (number != 0 &&
		    callback(ssl, NULL, OPERATION_VERSION, 0, number, NULL, data) == 0)
			set &= ~each;
	}
	return set;
}

bool ssl_permits_suite(const struct image *image, const SSL *ssl, const void *cipher)
{
	enum { OPERATION_CIPHER_SHARED = 2 | 1 << 16 }; /* SSL_SECOP_CIPHER_SHARED */
	security_callback callback = security_callback_of(image, ssl);

	return callback == NULL ||
	       callback(ssl, NULL, OPERATION_CIPHER_SHARED,
			image->SSL_CIPHER_get_bits(cipher, NULL), 0, (void *)(uintptr_t)cipher,
			security_data(image, ssl)) != 0;
}

bool ssl_permits_tickets(const struct image *image, const SSL *ssl)
{
	enum { OPERATION_TICKET = 10 }; /* SSL_SECOP_TICKET */
	security_callback callback = security_callback_of(image, ssl);

	return callback == NULL ||
	       callback(ssl, NULL, OPERATION_TICKET, 0, 0, NULL, security_data(image, ssl)) != 0;
}

/* may_serve before 1.1.0. */
bool may_serve_by_state(const struct image *image, const SSL *ssl)
{
	const struct method_kind *kind;
	int side = image->SSL_state == NULL
			   ? 0
			   : image->SSL_state(ssl) & (STATE_ACCEPT | STATE_CONNECT);

	if (side == STATE_ACCEPT || side == STATE_CONNECT)
		return side == STATE_ACCEPT;
	/* In a renegotiation the state has both bits, and after a handshake none. */
	kind = ssl_kind(image, ssl);
	return kind == NULL || kind->role != ROLE_CLIENT;
}
