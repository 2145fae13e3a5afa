/* SPDX-License-Identifier: MIT */
#include "harden/write.h"

#include "harden/dh_auto.h"
#include "harden/lists.h"
#include "harden/object.h"
#include "messages/log.h"

/*
 * SSL_set_ssl_method frees the state of the old method and allocates that of the new one.  If that
 * fails the connection has no state, and its handshake would crash: the old method is set again.
 */
static void exchange(const struct image *image, SSL *ssl, const SSL_METHOD *flexible)
{
	const SSL_METHOD *pinned = image->SSL_get_ssl_method(ssl);

	if (image->SSL_set_ssl_method(ssl, flexible) == 1) {
		/*
		 * The pinned method ignored these bounds, so the flexible one must not heed them.
		 */
		ssl_set_min_version(image, ssl, 0);
		ssl_set_max_version(image, ssl, 0);
		return;
	}
	image->SSL_set_ssl_method(ssl, pinned);
	log_message(LOG_LEVEL_ERROR, "connection %p: no memory to open its pin upwards",
		    (void *)ssl);
}

/*
 * Leaves libssl nothing to choose: no version; and no cipher, where the method is pinned or the
 * version is chosen already.  If the handshake succeeds all the same, outcome.c cuts the
 * connection off.  Answers whether it has a list of ours by then.
 *
 * Before 1.1.0 a connection may have another method when it is used again, which heeds the options that
 * the pinned one ignores, and they would still be there.
 */
static bool refuse(const struct image *image, SSL *ssl, const struct subject *subject,
		   bool exchanged)
{
	bool pinned = subject->method->pin != 0 && !exchanged;

	if (!pinned || subject->dialect->pinning != PIN_BEFORE_HANDSHAKE)
		ssl_options_set(image, ssl,
				version_options(subject->dialect, subject->method->transport,
						subject->flexible_versions));
	return (pinned || !subject->first_handshake) && lists_leave_none(image, ssl);
}

/*
 * For TLS 1.3 that the program alone would not serve: a client's key does not stand for its
 * certificate, and early data, which anybody can send a second time, is not taken.
 */
static void take_no_external_psk(const struct image *image, SSL *ssl)
{
	if (image->SSL_set_psk_find_session_callback != NULL)
		image->SSL_set_psk_find_session_callback(ssl, NULL);
	if (image->SSL_set_max_early_data != NULL)
		image->SSL_set_max_early_data(ssl, 0);
}

bool write_change(const struct image *image, SSL *ssl, const struct subject *subject,
		  const struct change *change)
{
	bool more = change->exchange || change->max != 0 || change->refuse || change->ciphers ||
		    change->forbid || change->no_unsafe_ecdhe || change->suites || change->groups ||
		    change->min_suite_bits != 0 || change->dh_bits != 0 || change->adds_tls1_3;
	struct bracket bracket;
	bool listed = false;

	if (more) /* setting options alone leaves no error behind, and is the usual case */
		bracket = bracket_open(image);
	if (change->exchange)
		exchange(image, ssl, subject_flexible(image, subject));
	if (change->clear != 0)
		ssl_options_clear(image, ssl, change->clear);
	if (change->set != 0)
		ssl_options_set(image, ssl, change->set);
	if (!more)
		return false;
	if (change->max != 0)
		ssl_set_max_version(image, ssl, change->max);
	if (change->adds_tls1_3)
		take_no_external_psk(image, ssl);
	if (change->no_psk_callback && image->SSL_set_psk_server_callback != NULL)
		image->SSL_set_psk_server_callback(ssl, NULL);
	if (change->no_tickets || (change->one_ticket && image->SSL_set_num_tickets != NULL))
		image->SSL_set_num_tickets(ssl, change->one_ticket);
	if (change->dh_bits != 0)
		dh_choose(image, ssl, subject->dh_weakest, change->dh_bits);
	listed = lists_write(image, ssl, change);
	if (change->refuse)
		listed |= refuse(image, ssl, subject, change->exchange);
	bracket_close(image, bracket);
	return listed;
}
