/* SPDX-License-Identifier: MIT */
#include "harden/outcome.h"

#include "harden/connection.h"
#include "harden/count.h"
#include "harden/demands.h"
#include "harden/note.h"
#include "harden/object.h"
#include "harden/serves.h"
#include "harden/subject.h"
#include "harden/suite_list.h"
#include "memory/context.h"
#include "messages/log.h"
#include "sslharden/suites.h"

/*
 * Whether what the program asks of a client forbids TLS 1.3 with a suite of @bits.
 *
 * @ctx   the context whose list is meant; NULL: the connection's own
 * @ours  that list is the operator's, who has chosen how strong it is, unless a callback set another
 * @is_moot  that list is not in force, but one that the program has given the connection
 * @pin   that was opened
 */
static bool is_objected_by(const struct image *image, SSL *ssl, const SSL_CTX *ctx, bool ours,
			   bool is_moot, int bits, int pin)
{
	/* The method of TLS 1.3 has no name, so no subject is read of the connection by now. */
	struct subject subject = {.dialect = &image->dialect,
				  .flexible_versions = VERSIONS_ALL,
				  .exchanged_pin = pin};

	if (ctx != NULL)
		subject_read_move(image, ssl, ctx, &subject);
	subject_read_demands(image, ssl, ctx, &subject);
	if (ours || is_moot)
		subject.demands.tls1_2_asks_less = false;
	if (ours) {
		subject.demands.can_tls1_3 = true;
		subject.demands.weakest_bits = 0;
	}
	subject.demands.known &= !is_moot;
	return serves_below_tls1_3(&subject, config_get(), bits);
}

/*
 * An opened pin that came out as TLS 1.3: a callback of the program's may have moved it to a
 * context, or given it a list, that would have kept it below.
 */
static bool is_objected_to(const struct image *image, SSL *ssl, const struct decision *decision)
{
	struct bracket bracket;
	bool has_own_list = suite_list_is_own(image, ssl),
	     is_moot = has_own_list && !decision->list_is_ours;
	int bits = 0, pin = version_highest(TRANSPORT_TLS, decision->bare);
	bool objected;

	if (image->SSL_get_current_cipher == NULL || image->SSL_CIPHER_get_bits == NULL)
		return false;
	bracket = bracket_open(image);
	image->SSL_CIPHER_get_bits(image->SSL_get_current_cipher(ssl), &bits);
	objected =
		is_objected_by(image, ssl, image->SSL_get_SSL_CTX(ssl), false, is_moot, bits, pin);
	/* Without a list of its own it is the context's that was asked. */
	if (!objected && has_own_list)
		objected =
			is_objected_by(image, ssl, NULL, decision->list_is_ours, false, bits, pin);
	bracket_close(image, bracket);
	return objected;
}

/*
 * Whether a session of TLS 1.3 began with a key: libssl makes it anew then, with the timeout that only
 * such a session has, and its tickets keep that.  Others have their context's.
 */
static bool is_of_key(const struct image *image, const void *session)
{
	enum { TIMEOUT_OF_NEW = 60 * 5 + 4 }; /* seconds: SSL_SESSION_new(), 1.1.1 to 4.0 */

	return image->SSL_SESSION_get_timeout != NULL &&
	       image->SSL_SESSION_get_timeout(session) == TIMEOUT_OF_NEW;
}

/* Whether the program's list has a suite with which a key alone would do in an older version. */
__attribute__((cold)) static bool takes_keys(const struct image *image, SSL *ssl,
					     const struct decision *decision)
{
	const SSL_CTX *ctx = decision->list_is_ours ? image->SSL_get_SSL_CTX(ssl) : NULL;
	struct bracket bracket = bracket_open(image);
	bool takes = demands_read(image, ssl, ctx, false).psk;

	bracket_close(image, bracket);
	return takes;
}

/*
 * Who came in by a ticket or a key, and showed no certificate then.  The ticket may be one of another
 * context with the same keys, and the key one that the program has given the connection since it
 * began: the version that it alone serves knows neither.
 */
static bool came_without_certificate(const struct image *image, SSL *ssl,
				     const struct decision *decision)
{
	const void *session =
		image->SSL_SESSION_get0_peer == NULL ? NULL : image->SSL_get_session(ssl);

	return session != NULL && image->SSL_session_reused != NULL &&
	       image->SSL_session_reused(ssl) != 0 &&
	       image->SSL_SESSION_get0_peer(session) == NULL &&
	       (image->SSL_get0_peer_rpk == NULL || image->SSL_get0_peer_rpk(ssl) == NULL) &&
	       !(is_of_key(image, session) && takes_keys(image, ssl, decision));
}

/* Whether it came to a suite without certificate or encryption, which needs a curve and has ours. */
static bool is_unsafe_by_our_curve(const struct image *image, SSL *ssl,
				   const struct decision *decision)
{
	const void *cipher;

	if (!image->dialect.ecdhe_on_request || decision->curve_given ||
	    !context_of(image->SSL_get_SSL_CTX(ssl)).own_curve ||
	    image->SSL_get_current_cipher == NULL || image->SSL_CIPHER_get_name == NULL)
		return false;
	cipher = image->SSL_get_current_cipher(ssl);
	return cipher != NULL && suite_is_unsafe_ecdhe(image->SSL_CIPHER_get_name(cipher));
}

/* What was decided of a connection; where that is not known only SSL 3.0 is ruled out. */
static struct decision noted_of(const struct image *image, const SSL *ssl)
{
	struct decision decision = {.allowed = VERSIONS_ALL};

	if (!note_get(image, ssl, &decision) && !config_get()->allow_sslv3)
		decision.allowed &= ~(VERSION_SSL2 | VERSION_SSL3);
	return decision;
}

/* How a connection came out against what was decided, for a message; NULL: it did not. */
static const char *fault_of(const struct image *image, SSL *ssl, versions served,
			    const struct decision *decision)
{
	if ((served & decision->allowed) == 0)
		return "which was decided against; it gives and takes no data.  Unless its program "
		       "allowed that version while the handshake ran (a callback, say), this must "
		       "not happen: please report it";
	if (is_unsafe_by_our_curve(image, ssl, decision))
		return "by a suite without certificate or encryption, which its program allowed "
		       "while the handshake ran, and which only the curve that it has from this "
		       "library makes usable; it gives and takes no data";
	/* When the handshake began its list did not object, so the program has changed it. */
	if (decision->pin_opened && served == VERSION_TLS1_3 &&
	    is_objected_to(image, ssl, decision))
		return "but while the handshake ran its program gave it a list or context that "
		       "asks of clients what TLS 1.3 does not heed; it gives and takes no data.  "
		       "SSLHARDEN_MAX_PROTOCOL=TLSv1.2 lets it serve";
	if (decision->needs_certificate && served == VERSION_TLS1_3 &&
	    came_without_certificate(image, ssl, decision))
		return "by a key or another context's ticket in place of the certificate that its "
		       "program asks for; it gives and takes no data.  "
		       "SSLHARDEN_MAX_PROTOCOL=TLSv1.2 asks for it";
	return NULL;
}

/* Before 1.1.0, where a program's BIO cannot be held: what it is to write is refused. */
static long refuse_to_write(BIO *bio, int oper, const char *argp, int argi, long argl, long ret)
{
	enum { BIO_WRITE = 0x03 }; /* BIO_CB_WRITE of openssl/bio.h */

	(void)bio, (void)argp, (void)argi, (void)argl;
	return oper == BIO_WRITE ? -1 : ret;
}

/*
 * Puts a memory BIO that is made of a constant, and so cannot be written to, before the program's,
 * which goes on looking at its own.  Both are freed with the connection.
 */
static void write_nowhere(const struct image *image, SSL *ssl, BIO *programs_bio)
{
	BIO *nowhere = image->BIO_new_mem_buf("", 0);

	if (nowhere == NULL)
		return;
	image->BIO_up_ref(programs_bio); /* the connection lets go of it */
	image->SSL_set0_wbio(ssl, image->BIO_push(nowhere, programs_bio));
}

/* Ends the connection: no data goes in or out, also if an SSL_write has driven the handshake. */
static void cut_off(const struct image *image, SSL *ssl)
{
	enum { SENT_AND_RECEIVED = 3 }; /* SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN */
	BIO *programs_bio = image->SSL_get_wbio == NULL ? NULL : image->SSL_get_wbio(ssl);

	/* LibreSSL may still have its buffer there, and no call that minds it. */
	if (programs_bio != NULL && image->SSL_set0_wbio != NULL &&
	    image->BIO_new_mem_buf != NULL && image->BIO_up_ref != NULL && image->BIO_push != NULL)
		write_nowhere(image, ssl, programs_bio);
	else if (programs_bio != NULL && image->dialect.pinning == PIN_BEFORE_HANDSHAKE &&
		 image->BIO_set_callback != NULL)
		image->BIO_set_callback(programs_bio, refuse_to_write);
	image->SSL_set_shutdown(ssl, SENT_AND_RECEIVED);
}

void outcome_compare(const struct image *image, SSL *ssl)
{
	int version = image->SSL_version == NULL ? 0 : image->SSL_version(ssl);
	versions served = version_set(version);
	struct decision decision;
	const char *fault;

	/*
	 * SSL_read_early_data stops where a client is asked for another hello, and libssl calls that an
	 * end, too, though no suite is chosen.
	 */
	if (image->SSL_get_current_cipher != NULL && image->SSL_get_current_cipher(ssl) == NULL)
		return;
	decision = noted_of(image, ssl);
	connection_handshake_done(image, ssl, decision);
	if (served == 0)
		return;
	count_served(image, ssl, version, served);
	if (config_get()->mode != MODE_ON || image->SSL_set_shutdown == NULL)
		return;
	fault = fault_of(image, ssl, served, &decision);
	if (fault == NULL)
		return;
	cut_off(image, ssl);
	log_message(LOG_LEVEL_ERROR, "connection %p: it came out as %s, %s", (void *)ssl,
		    version_name(version), fault);
}
