/* SPDX-License-Identifier: MIT
 *
 * servers: what runs here under the library, the children of one master as one.
 */
#ifndef SSLHARDEN_SERVERS_H
#define SSLHARDEN_SERVERS_H

#include "counts.h"

/* @words  PIDs and names of those that are meant; none: all.  */
void servers_find(char *const *words, struct servers *servers);

#endif
