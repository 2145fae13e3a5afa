/* SPDX-License-Identifier: MIT */
#include "harden/inquiry.h"

#include <string.h>

#include "harden/hello_watch.h"
#include "harden/object.h"
#include "sslharden/config.h"

/* What the client offers; its version is read from the hello if libssl does not tell. */
static struct offer offered_by(const struct image *image, SSL *ssl)
{
	struct offer offer = offer_of(image, ssl);

	if (image->SSL_client_version == NULL)
		offer.newest = hello_watch_version(image, ssl);
	return offer;
}

bool inquiry_is_audit(void)
{
	return config_get()->mode == MODE_AUDIT;
}

/* If the operator's list has set a security level, the program's own is that of its context. */
static void read_levels(struct inquiry *inquiry)
{
	const struct image *image = inquiry->image;

	if (image->SSL_get_security_level == NULL || image->SSL_CTX_get_security_level == NULL)
		return;
	inquiry->level = inquiry->level_in_force = image->SSL_get_security_level(inquiry->ssl);
	if (inquiry->decision.operator_ciphers && !inquiry_is_audit() &&
	    strstr(config_get()->ciphers, "@SECLEVEL") != NULL)
		inquiry->level =
			image->SSL_CTX_get_security_level(image->SSL_get_SSL_CTX(inquiry->ssl));
}

/* As ssl_permits; of a method that nobody knows all. */
static versions program_permits(const struct inquiry *inquiry, versions set)
{
	const struct method_kind *method = ssl_kind(inquiry->image, inquiry->ssl);

	return method == NULL ? set
			      : ssl_permits(inquiry->image, inquiry->ssl, method->transport, set);
}

struct inquiry inquiry_of(const struct image *image, SSL *ssl, const struct decision *decision)
{
	struct inquiry inquiry = {
		.image = image, .ssl = ssl, .decision = *decision, .offer = offered_by(image, ssl)};
	const struct offer *offer = &inquiry.offer;
	versions able = decision->bare, set = version_and_older(offer->newest);

	read_levels(&inquiry);
	able &= level_permits(image, inquiry.level) & ~(versions)VERSION_SSL2;
	/* A libssl without SSL 3.0 has no method for it either. */
	if (image->methods[METHOD_SSLv3_method] == NULL)
		able &= ~(versions)VERSION_SSL3;
	if (offer->newest == 0)
		set = VERSIONS_ALL;
	else if (offer->newest > VERSION_SSL3) /* who speaks newer ones need not take it */
		set &= ~(versions)VERSION_SSL3;
	if (offer->newer)
		set |= VERSION_TLS1_3;
	inquiry.bare_versions = program_permits(&inquiry, able & set);
	inquiry.bare_version = version_newest(inquiry.bare_versions);
	return inquiry;
}
