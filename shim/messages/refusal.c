/* SPDX-License-Identifier: MIT */
#include "messages/refusal.h"

#include <errno.h>

#include "memory/decision.h"
#include "messages/explain.h"
#include "messages/hello.h"
#include "sslharden/config.h"

/* Numbers of openssl/sslerr.h and err.h; they never changed. */
enum {
	LIB_SSL = 20,
	REASON_INTERNAL_ERROR = 68, /* in 1.1.1 for no protocols available */
	REASON_NO_SUITABLE_KEY_SHARE = 101,
	REASON_NO_PROTOCOLS_AVAILABLE = 191, /* before the client's hello is read */
	REASON_NO_SHARED_CIPHER = 193,
	REASON_UNKNOWN_PROTOCOL = 252, /* before 1.1.0 */
	REASON_UNSUPPORTED_PROTOCOL = 258,
	REASON_WRONG_VERSION_NUMBER = 267, /* before 1.1.0, SSL 3.0 where it is forbidden */
	REASON_NO_SUITABLE_GROUPS = 295,
	REASON_VERSION_TOO_LOW = 396,

	BIO_READ_DONE = 0x02 | 0x80, /* BIO_CB_READ | BIO_CB_RETURN */

	WANT_NOTHING = 1, /* SSL_NOTHING */
};

/* An error code packs library and reason differently from 3.0 on (openssl/err.h). */
static int ssl_reason(const struct image *image, unsigned long code)
{
	bool packed_3_0 = image->SSL_CTX_new_ex != NULL;
	int library = (int)(packed_3_0 ? code >> 23 & 0xff : code >> 24 & 0xff);

	return library != LIB_SSL ? 0 : (int)(code & (packed_3_0 ? 0x7fffff : 0xfff));
}

/* --- the client's hello ------------------------------------------------------ */

/*
 * Before 1.1.0 libssl does not tell what a client offered, and refuses garbage and a hello that
 * it may not serve with the same error.  So the first bytes are looked at as they are read, by a
 * callback that the BIO has during the handshake; what it saw is kept under the BIO's address.
 */
static long see_hello(BIO *bio, int oper, const char *argp, int argi, long argl, long ret)
{
	struct decision seen = {.bare = 0};

	(void)argi, (void)argl;
	if (oper == BIO_READ_DONE && ret > 0)
		seen.bare = version_set(hello_version(argp, (size_t)ret));
	if (seen.bare != 0)
		decision_note(bio, &seen);
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
	static const struct decision nothing = {.bare = 0};
	BIO *bio = watchable(image, ssl);

	if (bio == NULL || image->BIO_get_callback(bio) != NULL)
		return;
	decision_note(bio, &nothing);
	image->BIO_set_callback(bio, see_hello);
}

static void unwatch(const struct image *image, SSL *ssl)
{
	BIO *bio = watchable(image, ssl);

	if (bio != NULL && image->BIO_get_callback(bio) == see_hello)
		image->BIO_set_callback(bio, NULL);
}

/* The newest version that the hello names; what is none leaves it at no version at all. */
static versions offered_by(const struct image *image, const SSL *ssl)
{
	struct decision seen;

	if (image->SSL_client_version != NULL)
		return version_set(image->SSL_client_version(ssl));
	return decision_of(image->SSL_get_rbio == NULL ? NULL : image->SSL_get_rbio(ssl), &seen)
		       ? seen.bare
		       : 0;
}

/* --- the cause ----------------------------------------------------------------- */

/*
 * A hello that speaks of TLS 1.3 alone names 1.2 where older ones are named.  So a server that
 * would speak that, and does not, was offered newer ones only.
 *
 * @upto  the offered version and every older one
 */
static enum cause cause_of_version(const struct image *image, const struct decision *decision,
				   versions offered)
{
	versions upto = offered | (offered - 1);
	/* Nothing brings SSL 2.0 back, and a hello of its form names a newer version, if any. */
	versions newest_bare = decision->bare & upto & ~(versions)VERSION_SSL2;

	/* A libssl without SSL 3.0 has no method for it either. */
	if (image->methods[METHOD_SSLv3_method] == NULL)
		newest_bare &= ~(versions)VERSION_SSL3;

	if (decision->held == 0 && newest_bare > VERSION_SSL3)
		return CAUSE_FORBIDDEN;
	if ((decision->held & offered) != 0)
		return (decision->bare & ~(decision->held | (decision->held - 1))) != 0
			       ? CAUSE_MAX_PROTOCOL
			       : CAUSE_NONE;
	if (newest_bare == 0 || (decision->held & upto) != 0)
		return CAUSE_NONE;
	if (newest_bare == VERSION_SSL3)
		return CAUSE_SSLV3;
	return config_get()->min_protocol != 0 ? CAUSE_MIN_PROTOCOL : CAUSE_NONE;
}

static enum cause cause_of_list(const struct image *image, const SSL *ssl,
				const struct decision *decision)
{
	const struct config *config = config_get();

	if (image->SSL_version != NULL && version_set(image->SSL_version(ssl)) == VERSION_TLS1_3)
		return config->ciphersuites[0] != '\0' ? CAUSE_CIPHERSUITES : CAUSE_NONE;
	if (config->forbid != 0 && decision->ciphers)
		return CAUSE_FORBID;
	if (config->ciphers[0] != '\0')
		return decision->ciphers ? CAUSE_CIPHERS : CAUSE_NONE;
	return config->groups[0] != '\0' ? CAUSE_GROUPS : CAUSE_NONE;
}

static enum cause cause_of(const struct image *image, const SSL *ssl,
			   const struct decision *decision, int reason, versions offered)
{
	bool newer = decision->opened && image->SSL_version != NULL &&
		     version_set(image->SSL_version(ssl)) == VERSION_TLS1_3;

	switch (reason) {
	case REASON_INTERNAL_ERROR:
	case REASON_NO_PROTOCOLS_AVAILABLE:
		return decision->held == 0 && decision->bare != 0 ? CAUSE_FORBIDDEN : CAUSE_NONE;
	case REASON_UNKNOWN_PROTOCOL:
	case REASON_UNSUPPORTED_PROTOCOL:
	case REASON_WRONG_VERSION_NUMBER:
	case REASON_VERSION_TOO_LOW:
		return offered == 0 ? CAUSE_NONE : cause_of_version(image, decision, offered);
	case REASON_NO_SHARED_CIPHER:
		return newer && config_get()->ciphersuites[0] == '\0'
			       ? CAUSE_OPENED
			       : cause_of_list(image, ssl, decision);
	case REASON_NO_SUITABLE_KEY_SHARE:
	case REASON_NO_SUITABLE_GROUPS:
		if (config_get()->groups[0] != '\0')
			return CAUSE_GROUPS;
		return newer ? CAUSE_OPENED : CAUSE_NONE;
	default:
		return CAUSE_NONE;
	}
}

/* --- what is called --------------------------------------------------------------- */

/* What is known of its address may be of a server's connection that was there before. */
static bool is_client(const struct image *image, const SSL *ssl)
{
	return image->SSL_is_server != NULL && image->SSL_is_server(ssl) == 0;
}

/* A call that has to be made again waits for something, or has left no error. */
bool refusal_is_one(const struct image *image, const SSL *ssl)
{
	if (image->SSL_want != NULL && image->SSL_want(ssl) != WANT_NOTHING)
		return false;
	return image->ERR_peek_last_error != NULL && image->ERR_peek_last_error() != 0;
}

void refusal_explain(const struct image *image, SSL *ssl)
{
	int saved_errno = errno;
	struct decision decision;
	enum cause cause;
	versions offered;

	if (is_client(image, ssl) || !decision_of(ssl, &decision))
		return;
	unwatch(image, ssl);
	offered = offered_by(image, ssl);
	cause = cause_of(image, ssl, &decision,
			 ssl_reason(image, image->ERR_peek_last_error()), offered);
	if (cause != CAUSE_NONE)
		explain(image, ssl, cause, version_highest(TRANSPORT_TLS, offered));
	errno = saved_errno;
}

/* Of what would be refused only versions are known: no list was set. */
void refusal_done(const struct image *image, SSL *ssl)
{
	int saved_errno = errno;
	struct decision decision;
	versions offered;
	enum cause cause = CAUSE_NONE;

	unwatch(image, ssl);
	if (config_get()->mode != MODE_AUDIT || is_client(image, ssl) ||
	    !decision_of(ssl, &decision) || image->SSL_version == NULL ||
	    (version_set(image->SSL_version(ssl)) & decision.held) != 0)
		return;
	offered = offered_by(image, ssl);
	if (offered != 0 && (decision.held & (offered | (offered - 1))) == 0)
		cause = cause_of_version(image, &decision, offered);
	if (cause != CAUSE_NONE)
		explain(image, ssl, cause, version_highest(TRANSPORT_TLS, offered));
	errno = saved_errno;
}
