/* SPDX-License-Identifier: MIT */
#include "harden/decide.h"

#include "harden/decide_lists.h"
#include "harden/decide_versions.h"
#include "harden/serves.h"

/*
 * What goes with TLS 1.3 where the program itself would not serve it.  A client that shows a key is
 * asked for no certificate: the key counts as little as it would have in an older version.  And
 * when its handshake is done TLS 1.3 writes tickets, to a client that may have said all it had to
 * and left; older versions write nothing then.  The second of two writes to who has left raises
 * SIGPIPE, and the program's own may be that one.  Nor are there tickets where libssl would write one
 * that a client cannot read.  Where the program keeps the sessions itself (NO_TICKET), or its security
 * level forbids tickets, which TLS 1.3 does not heed, an older version makes one session.  TLS 1.3 would
 * make two, and the program, which takes a client's session back by SSL_CTX_remove_session, knows one.
 */
static void decide_newer(const struct subject *subject, struct change *change)
{
	if ((change->allowed & ~change->bare & VERSION_TLS1_3) == 0)
		return;
	change->adds_tls1_3 = true;
	change->no_psk_callback = subject->demands.known && !subject->demands.psk;
	change->no_tickets = subject->heeds_sigpipe || subject->breaks_tickets;
	if (subject->forbids_tickets)
		change->set |= subject->dialect->no_ticket;
	change->one_ticket = !change->no_tickets &&
			     ((subject->options | change->set) & subject->dialect->no_ticket) != 0;
}

static void leave_nothing_to_do(struct change *change)
{
	*change = (struct change){.bare = change->bare,
				  .allowed = change->allowed,
				  .pin_opened = change->pin_opened,
				  .ciphers = change->ciphers,
				  .forbid = change->forbid,
				  .dh_bits = change->dh_bits};
}

void decide(const struct subject *subject, const struct config *config, struct change *change)
{
	versions now = serves_now(subject);

	*change = (struct change){.bare = serves_bare(subject, now), .set = subject->safe_options};
	change->pin_opened = pin_opens(subject, config);
	if (subject->first_handshake)
		decide_versions(subject, config, change, now);
	else
		change->allowed = now;
	decide_lists(subject, config, change);
	decide_newer(subject, change);
	if (subject->client_renegotiates) {
		change->refuse = true;
		change->allowed = 0;
		change->set |= subject->dialect->no_resumption;
	}
	decide_forbidden(subject, config, change);
	if (subject->first_handshake)
		decide_gap(subject, change);
	decide_unsafe_ecdhe(subject, change);
	if (subject->dh_weakest != 0)
		change->dh_bits =
			policy_dh_choice(config, subject->dh_weakest, subject->dh_strongest);
	change->set &= ~subject->options;
	if (config->mode != MODE_ON)
		leave_nothing_to_do(change);
}
