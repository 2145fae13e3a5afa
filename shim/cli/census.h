/* SPDX-License-Identifier: MIT
 *
 * census: all processes of the host that have a libssl or the library, a line each.
 */
#ifndef SSLHARDEN_CENSUS_H
#define SSLHARDEN_CENSUS_H

#include "standing.h"

/*
 * Prints them, and below, unless @json is true, how many there are of each kind and what can be done.
 *
 * Returns what holds for all of them; UNKNOWN, as was said, where /proc is not mounted.
 */
enum activity census(bool json);

#endif
