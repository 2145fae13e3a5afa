/* SPDX-License-Identifier: MIT */
#include "messages/refusal.h"

#include <errno.h>

#include "messages/explain.h"
#include "messages/hello.h"
#include "harden/object.h"
#include "harden/range.h"
#include "harden/serving.h"
#include "sslharden/config.h"

/* Numbers of openssl/sslerr.h and err.h; they never changed. */
enum {
	LIB_SSL = 20,
	REASON_NO_SUITABLE_KEY_SHARE = 101,
	REASON_NO_SUITABLE_GROUPS = 295,
	REASON_INTERNAL_ERROR = 68, /* in 1.1.1 for the next one */
	REASON_NO_PROTOCOLS_AVAILABLE = 191, /* before the client's hello is read */
	REASON_NO_SHARED_CIPHER = 193,
	REASON_UNKNOWN_PROTOCOL = 252, /* before 1.1.0 */
	REASON_UNSUPPORTED_PROTOCOL = 258,
	REASON_WRONG_VERSION_NUMBER = 267, /* before 1.1.0, SSL 3.0 where it is forbidden */
	REASON_VERSION_TOO_LOW = 396,

	BIO_READ_DONE = 0x02 | 0x80, /* BIO_CB_READ | BIO_CB_RETURN */

	WANT_NOTHING = 1, /* SSL_NOTHING */
	SSL3 = 0x0300,
	TLS1_3 = 0x0304,
};

/* An error code packs library and reason differently from 3.0 on (openssl/err.h). */
static int ssl_reason(const struct image *image, unsigned long code)
{
	bool packed_3_0 = image->SSL_CTX_new_ex != NULL;
	int library = (int)(packed_3_0 ? code >> 23 & 0xff : code >> 24 & 0xff);

	return library != LIB_SSL ? 0 : (int)(code & (packed_3_0 ? 0x7fffff : 0xfff));
}

/* A program's NO_TLSv1_2 and the like stand, and may leave nothing at or above the floor. */
static bool is_forbidden(const struct image *image, SSL *ssl, int version)
{
	uint64_t below = version_options(&image->dialect, TRANSPORT_TLS, version, 0);
	uint64_t up_to = version_options(&image->dialect, TRANSPORT_TLS, version + 1, 0);

	return version != 0 && (ssl_options(image, ssl) & up_to & ~below) != 0;
}

/*
 * A hello that speaks of TLS 1.3 alone names 1.2 where older ones are named.  So a server that
 * would speak that, and does not, was offered newer ones only.
 */
static bool is_above_cap(const struct image *image, SSL *ssl, int offered)
{
	struct bounded range = {image, NULL, ssl};
	int cap = config_get()->max_protocol;

	return cap != 0 && image->dialect.proto_version && offered >= SSL3 && offered <= cap &&
	       bound(&range, CTRL_GET_MIN_PROTO_VERSION, 0) <= offered &&
	       bound(&range, CTRL_GET_MAX_PROTO_VERSION, 0) == cap &&
	       !is_forbidden(image, ssl, offered);
}

static enum cause cause_of_version(const struct image *image, SSL *ssl, int offered)
{
	const struct config *config = config_get();
	int floor = config->min_protocol;

	if (offered == SSL3)
		return serving_took_sslv3(image, ssl) ? CAUSE_SSLV3 : CAUSE_NONE;
	if (floor != 0 && offered > SSL3 && offered < floor)
		return CAUSE_MIN_PROTOCOL;
	if (offered >= floor && is_forbidden(image, ssl, floor))
		return CAUSE_FORBIDDEN;
	return is_above_cap(image, ssl, offered) ? CAUSE_MAX_PROTOCOL : CAUSE_NONE;
}

static enum cause cause_of_list(const struct image *image, const SSL *ssl)
{
	const struct config *config = config_get();

	if (image->SSL_version != NULL && image->SSL_version(ssl) == TLS1_3)
		return config->ciphersuites[0] != '\0' ? CAUSE_CIPHERSUITES : CAUSE_NONE;
	if (config->ciphers[0] != '\0')
		return CAUSE_CIPHERS;
	return config->groups[0] != '\0' ? CAUSE_GROUPS : CAUSE_NONE;
}

static enum cause cause_of(const struct image *image, SSL *ssl, int reason, int offered)
{
	switch (reason) {
	case REASON_INTERNAL_ERROR:
	case REASON_NO_PROTOCOLS_AVAILABLE:
		return is_forbidden(image, ssl, config_get()->min_protocol) ? CAUSE_FORBIDDEN
									    : CAUSE_NONE;
	case REASON_UNKNOWN_PROTOCOL:
	case REASON_UNSUPPORTED_PROTOCOL:
	case REASON_WRONG_VERSION_NUMBER:
	case REASON_VERSION_TOO_LOW:
		return cause_of_version(image, ssl, offered);
	case REASON_NO_SHARED_CIPHER:
		return cause_of_list(image, ssl);
	case REASON_NO_SUITABLE_KEY_SHARE:
	case REASON_NO_SUITABLE_GROUPS:
		return config_get()->groups[0] != '\0' ? CAUSE_GROUPS : CAUSE_NONE;
	default:
		return CAUSE_NONE;
	}
}

/*
 * Before 1.1.0 libssl does not tell what a client offered, and refuses garbage
 * and a hello that it may not serve with the same error.  So the first bytes
 * are looked at as they are read, by a BIO callback that is there during the
 * call only.  What it sees is kept by thread: a thread that is cancelled while
 * it reads leaves a callback behind, but no pointer.
 */
static _Thread_local int seen_version __attribute__((tls_model("initial-exec")));

/* A program need not clear the queue: what was on it before is not this connection's. */
static _Thread_local unsigned long error_before __attribute__((tls_model("initial-exec")));

static unsigned long last_error(const struct image *image)
{
	return image->ERR_peek_last_error == NULL ? 0 : image->ERR_peek_last_error();
}

static _Thread_local bool foreseen __attribute__((tls_model("initial-exec")));

static long see_hello(BIO *bio, int oper, const char *argp, int argi, long argl, long ret)
{
	(void)bio, (void)argi, (void)argl;
	if (oper == BIO_READ_DONE && ret > 0 && seen_version == 0)
		seen_version = hello_version(argp, (size_t)ret);
	return ret;
}

static BIO *watchable(const struct image *image, const SSL *ssl)
{
	if (image->SSL_client_version != NULL || image->SSL_get_rbio == NULL ||
	    image->BIO_get_callback == NULL || image->BIO_set_callback == NULL)
		return NULL;
	return image->SSL_get_rbio(ssl);
}

void refusal_watch(const struct image *image, SSL *ssl)
{
	BIO *bio = watchable(image, ssl);

	seen_version = 0;
	foreseen = false;
	/* From 1.1.0 on a handshake starts by emptying the queue. */
	error_before = image->SSL_client_version != NULL ? 0 : last_error(image);
	if (bio != NULL && image->BIO_get_callback(bio) == NULL)
		image->BIO_set_callback(bio, see_hello);
}

static void unwatch(const struct image *image, SSL *ssl)
{
	BIO *bio = watchable(image, ssl);

	if (bio != NULL && image->BIO_get_callback(bio) == see_hello)
		image->BIO_set_callback(bio, NULL);
}

/* From 1.1.0 on libssl tells; what is no hello leaves it at no version at all. */
static int offered_by(const struct image *image, const SSL *ssl)
{
	return image->SSL_client_version != NULL ? image->SSL_client_version(ssl) : seen_version;
}

void refusal_explain(const struct image *image, SSL *ssl, int ret)
{
	int saved_errno = errno;
	enum cause cause;
	unsigned long error;
	int offered;

	unwatch(image, ssl);
	if (ret > 0 || (image->SSL_want != NULL && image->SSL_want(ssl) != WANT_NOTHING))
		return;
	error = last_error(image);
	if (error == 0 || error == error_before || !serving_is_certain(image, ssl))
		return;
	error_before = error; /* SSL_accept may have called SSL_do_handshake through its PLT */
	offered = offered_by(image, ssl);
	cause = cause_of(image, ssl, ssl_reason(image, error), offered);
	if (cause != CAUSE_NONE)
		explain(image, ssl, cause, offered);
	errno = saved_errno;
}

void refusal_foresee(const struct image *image, SSL *ssl, int ret)
{
	const struct config *config = config_get();
	int saved_errno = errno;
	int offered;

	unwatch(image, ssl);
	if (ret <= 0 || foreseen || !still_serves(image, ssl))
		return;
	foreseen = true; /* see refusal_explain */
	offered = offered_by(image, ssl);
	if (offered == SSL3 && (!config->allow_sslv3 || config->min_protocol != 0))
		explain(image, ssl, CAUSE_SSLV3, offered);
	else if (offered > SSL3 && offered < config->min_protocol)
		explain(image, ssl, CAUSE_MIN_PROTOCOL, offered);
	errno = saved_errno;
}
