/* SPDX-License-Identifier: MIT
 *
 * The names are those of nid_list (t1_lib.c) and of EC_curve_nist2nid of OpenSSL 1.0.2u and 1.1.1w, of
 * providers/common/capabilities.c of 3.0 to 4.0, and BoringSSL's and GOST's.
 * tests/unit/test_group_names.c looks up what each libssl takes.
 */
#define _GNU_SOURCE
#include "group_names.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cli.h"
#include "settings/nearest.h"

/* clang-format off */ /* a table, the usual ones first: of two as near the first is named */
static const char names[][24] = {
	"X25519", "X448", "P-256", "P-384", "P-521", "secp256r1", "prime256v1", "secp384r1", "secp521r1",
	"X25519MLKEM768", "SecP256r1MLKEM768", "SecP384r1MLKEM1024", "MLKEM512", "MLKEM768", "MLKEM1024",
	"ffdhe2048", "ffdhe3072", "ffdhe4096", "ffdhe6144", "ffdhe8192",
	"brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1",
	"brainpoolP256r1tls13", "brainpoolP384r1tls13", "brainpoolP512r1tls13",
	"secp160k1", "secp160r1", "secp160r2", "secp192k1", "secp192r1", "prime192v1", "P-192",
	"secp224k1", "secp224r1", "P-224", "secp256k1",
	"sect163k1", "K-163", "sect163r1", "sect163r2", "B-163", "sect193r1", "sect193r2",
	"sect233k1", "K-233", "sect233r1", "B-233", "sect239k1", "sect283k1", "K-283", "sect283r1", "B-283",
	"sect409k1", "K-409", "sect409r1", "B-409", "sect571k1", "K-571", "sect571r1", "B-571",
	"curveSM2", "SM2", "curveSM2MLKEM768", "X25519Kyber768Draft00",
	"GC256A", "GC256B", "GC256C", "GC256D", "GC512A", "GC512B", "GC512C",
	"DEFAULT", /* no group: from 3.5 on, those that libssl has by itself */
};
/* clang-format on */

static const char separators[] = ":/", marks[] = "?*-", blanks[] = " \t";

/* Before 3.3 case matters, and later it does not. */
static bool is_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strlen(names[i]) == len && strncasecmp(names[i], name, len) == 0)
			return true;
	}
	return false;
}

const char *group_names_unknown(const char **rest, size_t *len)
{
	while (*rest != NULL) {
		const char *entry = *rest + strspn(*rest, blanks);
		const char *end = entry + strcspn(entry, separators);
		size_t marked = strspn(entry, marks);

		*rest = *end != '\0' ? end + 1 : NULL;
		while (end > entry && strchr(blanks, end[-1]) != NULL)
			end--;
		*len = (size_t)(end - entry);
		if (!is_name(entry + marked, *len - marked))
			return entry;
	}
	return NULL;
}

const char *group_names_nearest(const char *entry, size_t len)
{
	size_t marked = strspn(entry, marks);
	char name[sizeof(names[0])];

	marked = marked < len ? marked : len;
	if (is_name(entry + marked, len - marked))
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)(len - marked), entry + marked);
	return names[nearest_word(name, names[0], sizeof(names[0]),
				  sizeof(names) / sizeof(names[0]))];
}

char *group_names_said(const char *entry, size_t len)
{
	const char *nearest = group_names_nearest(entry, len);

	return text_make("%.*s%s%s%s", (int)len, entry, nearest != NULL ? " (nearest: " : "",
			 nearest != NULL ? nearest : "", nearest != NULL ? ")" : "");
}
