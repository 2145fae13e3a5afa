/* SPDX-License-Identifier: MIT
 *
 * group_names: the names that a list of key-exchange groups may have in any OpenSSL.  For one that it
 * does not know a libssl drops the whole list.
 */
#ifndef SSLHARDEN_GROUP_NAMES_H
#define SSLHARDEN_GROUP_NAMES_H

#include <stddef.h>

/*
 * The next entry of a list (SSL_CTX_set1_groups_list(3), of 3.5 too) that has a name which no OpenSSL
 * knows, or none; NULL: there is no more.
 *
 * @rest  where to go on; NULL behind the last entry
 * @len   its length in bytes, with the marks before it and without blanks and separators
 */
const char *group_names_unknown(const char **rest, size_t *len);

/* The known name that is most like that of an entry; NULL: it is one itself, if not of every libssl. */
const char *group_names_nearest(const char *entry, size_t len);

/* An entry in words, with the name that it is most like; to be freed. */
char *group_names_said(const char *entry, size_t len);

#endif
