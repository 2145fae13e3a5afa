/* SPDX-License-Identifier: MIT
 *
 * dh: DH parameters of the program's that are smaller than SSLHARDEN_MIN_DH_BITS are replaced where
 * they are set, since no libssl tells what it has.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be called from any thread
 * that may use the object itself.
 */
#ifndef SSLHARDEN_DH_H
#define SSLHARDEN_DH_H

#include "harden/dh_parameters.h"

/* The program sets its own.  True: ours have been set in their place; what it set is its own yet. */
bool dh_replaces(const struct image *image, const struct dh_object *object, const DH *own);

/* The same of a key that it gives away.  True: the object has that, too, and frees it when it goes. */
bool dh_replaces_key(const struct image *image, const struct dh_object *object, EVP_PKEY *own);

#endif
