/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "refusal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "hello.h"
#include "log.h"
#include "object.h"
#include "serving.h"
#include "sslharden/config.h"

/* Numbers of openssl/sslerr.h and err.h; they never changed. */
enum {
	LIB_SSL = 20,
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
	SECONDS_BETWEEN = 60, /* lines for one cause */
};

enum cause {
	CAUSE_NONE,
	CAUSE_SSLV3, /* the client speaks nothing newer, and we forbid it */
	CAUSE_MIN_PROTOCOL, /* the operator's floor is above what the client speaks */
	CAUSE_FORBIDDEN, /* the operator's floor is a version that the program forbids */
	CAUSE_CIPHERS, /* the operator's list and the client's have none in common */
	CAUSE_COUNT,
};

/* An error code packs library and reason differently from 3.0 on (openssl/err.h). */
static int ssl_reason(const struct image *image, unsigned long code)
{
	bool packed_3_0 = image->SSL_CTX_new_ex != NULL;
	int library = (int)(packed_3_0 ? code >> 23 & 0xff : code >> 24 & 0xff);

	return library != LIB_SSL ? 0 : (int)(code & (packed_3_0 ? 0x7fffff : 0xfff));
}

/* A program's NO_TLSv1_2 and the like stand, and may leave nothing at or above the floor. */
static bool floor_is_forbidden(const struct image *image, SSL *ssl, int floor)
{
	uint64_t below = version_options(&image->dialect, TRANSPORT_TLS, floor, 0);
	uint64_t up_to = version_options(&image->dialect, TRANSPORT_TLS, floor + 1, 0);

	return floor != 0 && (ssl_options(image, ssl) & up_to & ~below) != 0;
}

static enum cause cause_of(const struct image *image, SSL *ssl, int reason, int offered)
{
	const struct config *config = config_get();

	switch (reason) {
	case REASON_INTERNAL_ERROR:
	case REASON_NO_PROTOCOLS_AVAILABLE:
		return floor_is_forbidden(image, ssl, config->min_protocol) ? CAUSE_FORBIDDEN
									    : CAUSE_NONE;
	case REASON_UNKNOWN_PROTOCOL:
	case REASON_UNSUPPORTED_PROTOCOL:
	case REASON_WRONG_VERSION_NUMBER:
	case REASON_VERSION_TOO_LOW:
		if (offered == SSL3 && serving_took_sslv3(image, ssl))
			return CAUSE_SSLV3;
		if (config->min_protocol != 0 && offered >= SSL3 && offered < config->min_protocol)
			return CAUSE_MIN_PROTOCOL;
		return offered >= config->min_protocol &&
				       floor_is_forbidden(image, ssl, config->min_protocol)
			       ? CAUSE_FORBIDDEN
			       : CAUSE_NONE;
	case REASON_NO_SHARED_CIPHER:
		return config->ciphers[0] != '\0' ? CAUSE_CIPHERS : CAUSE_NONE;
	default:
		return CAUSE_NONE;
	}
}

/* "192.0.2.7:50112", "[2001:db8::7]:50112", or what else can be said. */
static void peer_name(const struct image *image, const SSL *ssl, char *text, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage room;
	} peer;
	socklen_t len = sizeof(peer);
	int fd = image->SSL_get_rfd == NULL ? -1 : image->SSL_get_rfd(ssl);
	char host[INET6_ADDRSTRLEN] = "";

	if (fd < 0 || getpeername(fd, &peer.any, &len) != 0)
		snprintf(text, size, "an unknown address");
	else if (peer.any.sa_family == AF_INET &&
		 inet_ntop(AF_INET, &peer.in.sin_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "%s:%d", host, ntohs(peer.in.sin_port));
	else if (peer.any.sa_family == AF_INET6 &&
		 inet_ntop(AF_INET6, &peer.in6.sin6_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "[%s]:%d", host, ntohs(peer.in6.sin6_port));
	else
		snprintf(text, size, "a local socket");
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

/* Whether it is time for a line; @untold counts those since the last one. */
static bool is_due(enum cause cause, unsigned int *untold)
{
	static _Atomic long last[CAUSE_COUNT];
	static _Atomic unsigned int waiting[CAUSE_COUNT];
	struct timespec now;
	long before = atomic_load(&last[cause]);

	clock_gettime(CLOCK_MONOTONIC, &now);
	/* 0 is never; a monotonic clock may start there. */
	if ((before != 0 && now.tv_sec + 1 - before < SECONDS_BETWEEN) ||
	    !atomic_compare_exchange_strong(&last[cause], &before, (long)now.tv_sec + 1)) {
		atomic_fetch_add(&waiting[cause], 1);
		return false;
	}
	*untold = atomic_exchange(&waiting[cause], 0);
	return true;
}

static void tell(const struct image *image, const SSL *ssl, enum cause cause, int offered,
		 unsigned int untold)
{
	const struct config *config = config_get();
	char peer[64], more[48] = "";

	peer_name(image, ssl, peer, sizeof(peer));
	if (untold != 0)
		snprintf(more, sizeof(more), " (and %u more since the last line)", untold);
	switch (cause) {
	case CAUSE_SSLV3:
		log_message(LOG_LEVEL_WARNING,
			    "refused a client offering at most %s from %s%s; "
			    "SSLHARDEN_ALLOW_SSLV3=1 admits it%s",
			    version_name(offered), peer, more,
			    image->SSL_CTX_new_ex == NULL
				    ? ""
				    : ", if the program's cipher string has @SECLEVEL=0");
		break;
	case CAUSE_MIN_PROTOCOL:
		log_message(LOG_LEVEL_WARNING,
			    "refused a client offering at most %s from %s%s; "
			    "SSLHARDEN_MIN_PROTOCOL is %s, SSLHARDEN_MIN_PROTOCOL=%s admits it",
			    version_name(offered), peer, more, version_name(config->min_protocol),
			    version_name(offered));
		break;
	case CAUSE_FORBIDDEN:
		log_message(LOG_LEVEL_WARNING,
			    "refused a client from %s%s; SSLHARDEN_MIN_PROTOCOL is %s, which the "
			    "program itself forbids; a lower one, or the program's own settings, "
			    "admits it",
			    peer, more, version_name(config->min_protocol));
		break;
	default:
		log_message(LOG_LEVEL_WARNING,
			    "refused a client from %s that offered no cipher of "
			    "SSLHARDEN_CIPHERS%s; a longer list, or none, admits it",
			    peer, more);
	}
}

void refusal_explain(const struct image *image, SSL *ssl, int ret)
{
	int saved_errno = errno;
	unsigned int untold = 0;
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
	/* From 1.1.0 on; what is no hello leaves it at no version at all. */
	offered = image->SSL_client_version != NULL ? image->SSL_client_version(ssl) : seen_version;
	cause = cause_of(image, ssl, ssl_reason(image, error), offered);
	if (cause != CAUSE_NONE && is_due(cause, &untold))
		tell(image, ssl, cause, offered, untold);
	errno = saved_errno;
}
