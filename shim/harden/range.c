/* SPDX-License-Identifier: MIT */
#include "harden/range.h"

#include <stdatomic.h>

#include "messages/log.h"
#include "harden/object.h"

enum {
	SSL3_VERSION = 0x0300,
	TLS1_VERSION = 0x0301,
	TLS1_1_VERSION = 0x0302,
	TLS1_2_VERSION = 0x0303,
	TLS1_3_VERSION = 0x0304,
	DTLS1_VERSION = 0xfeff,
	DTLS1_2_VERSION = 0xfefd,
	DTLS1_BAD_VERSION = 0x0100,
};

int bound(const struct bounded *b, int cmd, long larg)
{
	const struct image *image = b->image;
	uint16_t version = (uint16_t)larg;

	if (image->SSL_CTX_set_min_proto_version == NULL)
		return (int)(b->ctx != NULL ? image->SSL_CTX_ctrl(b->ctx, cmd, larg, NULL)
					    : image->SSL_ctrl(b->ssl, cmd, larg, NULL));
	switch (cmd) {
	case CTRL_SET_MIN_PROTO_VERSION:
		return b->ctx != NULL ? image->SSL_CTX_set_min_proto_version(b->ctx, version)
				      : image->SSL_set_min_proto_version(b->ssl, version);
	case CTRL_SET_MAX_PROTO_VERSION:
		return b->ctx != NULL ? image->SSL_CTX_set_max_proto_version(b->ctx, version)
				      : image->SSL_set_max_proto_version(b->ssl, version);
	case CTRL_GET_MIN_PROTO_VERSION: /* BoringSSL's answers have 16 bits */
		return 0xffff & (b->ctx != NULL ? image->SSL_CTX_get_min_proto_version(b->ctx)
						: image->SSL_get_min_proto_version(b->ssl));
	default:
		return 0xffff & (b->ctx != NULL ? image->SSL_CTX_get_max_proto_version(b->ctx)
						: image->SSL_get_max_proto_version(b->ssl));
	}
}

/* Before 1.1.0 a version has a method; later ones may have been built without the methods. */
static bool speaks(const struct image *image, int version)
{
	switch (version) {
	case TLS1_3_VERSION:
		return image->SSL_CTX_set_ciphersuites != NULL ||
		       image->dialect.pinning == PIN_IS_RANGE;
	case TLS1_2_VERSION:
		return image->dialect.proto_version ||
		       image->methods[METHOD_TLSv1_2_server_method] != NULL;
	case TLS1_1_VERSION:
		return image->dialect.proto_version ||
		       image->methods[METHOD_TLSv1_1_server_method] != NULL;
	default:
		return true;
	}
}

void range_warn(const struct image *image)
{
	static atomic_flag told = ATOMIC_FLAG_INIT;
	int floor = config_get()->min_protocol;

	if (floor != 0 && !speaks(image, floor) && !atomic_flag_test_and_set(&told))
		log_message(
			LOG_LEVEL_WARNING,
			"SSLHARDEN_MIN_PROTOCOL is %s, which this libssl (%s) does not have: its "
			"servers refuse every client",
			version_name(floor), image->dialect.name);
}

struct missing_bounds range_missing(const struct bounded *b, enum transport transport, int pin,
				    bool lower)
{
	const struct config *config = config_get();
	int floor = policy_floor(config, transport, pin);
	int cap = cap_for(config, transport, floor);
	struct missing_bounds missing = {0, 0};
	int min, max;

	if (!b->image->dialect.proto_version || (floor == 0 && cap == 0))
		return missing;
	min = bound(b, CTRL_GET_MIN_PROTO_VERSION, 0);
	max = bound(b, CTRL_GET_MAX_PROTO_VERSION, 0);
	if (floor != 0 && (min == 0 || version_older(transport, min, floor) ||
			   (lower && config->min_protocol != 0 && min != floor)))
		missing.min = floor;
	if (cap != 0 && (max == 0 || version_older(transport, cap, max)))
		missing.max = cap;
	else if (floor != 0 && max != 0 && version_older(transport, max, floor))
		missing.max = floor;
	return missing;
}

void range_fill(const struct bounded *b, struct missing_bounds missing)
{
	/* In this order: a range upside down is refused. */
	if (missing.max != 0)
		bound(b, CTRL_SET_MAX_PROTO_VERSION, missing.max);
	if (missing.min != 0)
		bound(b, CTRL_SET_MIN_PROTO_VERSION, missing.min);
}

void range_hold(const struct bounded *b, enum transport transport, int pin, bool lower)
{
	range_fill(b, range_missing(b, transport, pin, lower));
}

bool range_takes(long version)
{
	return version == 0 || (version >= SSL3_VERSION && version <= TLS1_3_VERSION) ||
	       (version >= DTLS1_2_VERSION && version <= DTLS1_VERSION) ||
	       version == DTLS1_BAD_VERSION;
}

void range_confine(enum transport transport, int pin, bool highest, long *version)
{
	const struct config *config = config_get();
	int floor = policy_floor(config, transport, pin);
	int cap = cap_for(config, transport, floor);

	if (!range_takes(*version))
		return;
	if (!highest && floor != 0 &&
	    (*version == 0 || *version == DTLS1_BAD_VERSION ||
	     version_older(transport, (int)*version, floor)))
		*version = floor;
	if (highest && cap != 0 && (*version == 0 || version_older(transport, cap, (int)*version)))
		*version = cap;
	/*
	 * Below the floor it would serve nobody.  A pinned method took no notice of a bound,
	 * and who raises the floor of a server that was capped below it wants it to serve.
	 */
	if (highest && floor != 0 && *version != 0 &&
	    version_older(transport, (int)*version, floor))
		*version = floor;
}

void range_set(const struct bounded *b, int min, int max)
{
	/* First the old bounds away: a range upside down is refused. */
	bound(b, CTRL_SET_MAX_PROTO_VERSION, 0);
	bound(b, CTRL_SET_MIN_PROTO_VERSION, min);
	bound(b, CTRL_SET_MAX_PROTO_VERSION, max);
}

void range_make_room(const struct bounded *b, enum transport transport, bool highest, long *version)
{
	int min = highest ? bound(b, CTRL_GET_MIN_PROTO_VERSION, 0) : (int)*version;
	int max = highest ? (int)*version : bound(b, CTRL_GET_MAX_PROTO_VERSION, 0);

	if (!range_takes(*version) || min == 0 || max == 0 || !version_older(transport, max, min))
		return;
	if (highest)
		*version = min;
	else
		bound(b, CTRL_SET_MAX_PROTO_VERSION, min);
}

uint64_t pin_options(const struct image *image, enum transport transport, int pin)
{
	return image->dialect.hello_shows_minimum && transport == TRANSPORT_TLS &&
			       pin > TLS1_VERSION
		       ? version_options(&image->dialect, transport, pin, 0)
		       : 0;
}

bool pin_is_held(const struct bounded *b, enum transport transport, int pin)
{
	uint64_t options = pin_options(b->image, transport, pin);
	uint64_t has =
		b->ctx != NULL ? ctx_options(b->image, b->ctx) : ssl_options(b->image, b->ssl);

	return bound(b, CTRL_GET_MIN_PROTO_VERSION, 0) == (options != 0 ? 0 : pin) &&
	       bound(b, CTRL_GET_MAX_PROTO_VERSION, 0) == pin && (has & options) == options;
}

void pin_hold(const struct bounded *b, enum transport transport, int pin)
{
	uint64_t options = pin_options(b->image, transport, pin);

	range_set(b, options != 0 ? 0 : pin, pin);
	if (options != 0 && b->ctx != NULL)
		ctx_options_set(b->image, b->ctx, options);
	else if (options != 0)
		ssl_options_set(b->image, b->ssl, options);
}
