/* SPDX-License-Identifier: MIT */
#include "harden/write.h"

#include "harden/dh.h"
#include "harden/lists.h"
#include "harden/object.h"
#include "messages/log.h"

/*
 * The old method frees its state, and the new one takes as much.  That may fail, and a
 * connection without any would not bear its handshake: the method that it had is tried again.
 */
static void exchange(const struct image *image, SSL *ssl, const SSL_METHOD *flexible)
{
	const SSL_METHOD *pinned = image->SSL_get_ssl_method(ssl);

	if (image->SSL_set_ssl_method(ssl, flexible) == 1) {
		/* What a pinned method took no notice of says nothing of the program's wish. */
		ssl_set_min_version(image, ssl, 0);
		ssl_set_max_version(image, ssl, 0);
		return;
	}
	image->SSL_set_ssl_method(ssl, pinned);
	log_message(LOG_LEVEL_ERROR, "connection %p: no memory to open its pin upwards",
		    (void *)ssl);
}

/*
 * SSLHARDEN_STRICT, or a floor that leaves nothing: no version is left to choose, and where
 * a pinned method asks for none, or one is chosen, no cipher.  What comes out all the same gives
 * no data.
 */
static void refuse(const struct image *image, SSL *ssl, const struct subject *subject,
		   bool exchanged)
{
	ssl_options_set(
		image, ssl,
		version_options(subject->dialect, subject->method->transport, subject->spoken));
	if ((subject->method->pin != 0 && !exchanged) || !subject->first)
		image->SSL_set_cipher_list(ssl, "eNULL");
}

bool write_change(const struct image *image, SSL *ssl, const struct subject *subject,
		  const struct change *change)
{
	bool more = change->exchange || change->max != 0 || change->refuse || change->ciphers ||
		    change->forbid || change->suites || change->groups ||
		    change->suites_bits != 0 || change->dh != 0 || change->keyless;
	struct bracket bracket;
	bool listed = false;

	if (more) /* these may leave an error behind, or take longer than to look for one */
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
	if (change->keyless && image->SSL_set_psk_find_session_callback != NULL)
		image->SSL_set_psk_find_session_callback(ssl, NULL);
	if (change->pskless && image->SSL_set_psk_server_callback != NULL)
		image->SSL_set_psk_server_callback(ssl, NULL);
	if (change->ticketless)
		image->SSL_set_num_tickets(ssl, 0);
	if (change->dh != 0)
		dh_choose(image, ssl, subject->dh_weakest, change->dh);
	listed = lists_write(image, ssl, change);
	if (change->refuse)
		refuse(image, ssl, subject, change->exchange);
	bracket_close(image, bracket);
	return listed;
}
