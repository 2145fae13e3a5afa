/* SPDX-License-Identifier: MIT
 *
 * image_slots: the libssls that were found, in slots that are read without a lock.
 *
 * Every function may be called from any thread and in a forked child.  None allocates.
 */
#ifndef SSLHARDEN_IMAGE_SLOTS_H
#define SSLHARDEN_IMAGE_SLOTS_H

#include "loader/image.h"

/*
 * The first libssl that was found and is never unloaded; NULL: there is none.  Nearly every object
 * belongs to it.
 */
extern const struct image *_Atomic image_permanent;

/* The libssl that covers @address, if it is remembered; else NULL. */
const struct image *image_cached(uintptr_t address);

/* Of what was found out from now on; it changes when a library may be unloaded. */
unsigned int image_generation(void);

/* Remembers @image, which was found out in the generation @current. */
void image_publish(const struct image *image, unsigned int current);

/*
 * Must be called before and after a library may be unloaded: what was resolved until then is looked
 * up again.
 */
void resolve_forget(void);

#endif
