/* SPDX-License-Identifier: MIT
 *
 * range: the versions that a context or a connection may negotiate, held
 * within what the policy wants.  Changes objects for apply and serving only,
 * which bracket OpenSSL's error queue and errno.
 */
#ifndef SSLHARDEN_RANGE_H
#define SSLHARDEN_RANGE_H

#include "loader/resolve.h"

/* A context or a connection: the calls differ in the type of one pointer only. */
struct bounded {
	const struct image *image;
	SSL_CTX *ctx; /* or */
	SSL *ssl;
};

/* @cmd is one of the controls for a version range; elsewhere there are functions in their place. */
int bound(const struct bounded *b, int cmd, long larg);

/* The bounds that have to be set for the range to lie within floor and cap; 0: as it is. */
struct missing_bounds {
	int min, max;
};

/* Says once if the operator's floor is above what this libssl has: nobody would get in. */
void range_warn(const struct image *image);

/*
 * @lower  also bring a lower bound that is above the operator's own
 *         SSLHARDEN_MIN_PROTOCOL down to the floor: OpenSSL's configuration
 *         file set it, inside SSL_CTX_new, and the operator rules
 */
struct missing_bounds range_missing(const struct bounded *b, enum transport transport, int pin,
				    bool lower);
void range_fill(const struct bounded *b, struct missing_bounds missing);
void range_hold(const struct bounded *b, enum transport transport, int pin, bool lower);

/*
 * The bound to set where the program asks for *@version as its lowest
 * (@highest false) or highest version.
 */
void range_confine(enum transport transport, int pin, bool highest, long *version);

/* Both bounds anew; 0: none. */
void range_set(const struct bounded *b, int min, int max);

/*
 * A pinned method takes no notice of bounds, so a program may have set two that
 * leave nothing between them, and be served all the same.  The lowest version
 * stands: makes room for *@version above it.
 */
void range_make_room(const struct bounded *b, enum transport transport, bool highest,
		     long *version);

/* Whether a range call would take @version at all. */
bool range_takes(long version);

/*
 * A generic context that had to be made with a flexible method holds its pin as
 * the range [pin, pin], or where the lower bound itself would show in a
 * client's hello as options; pin_options are those.
 */
uint64_t pin_options(const struct image *image, enum transport transport, int pin);
bool pin_is_held(const struct bounded *b, enum transport transport, int pin);
void pin_hold(const struct bounded *b, enum transport transport, int pin);

#endif
