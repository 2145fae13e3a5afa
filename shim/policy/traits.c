/* SPDX-License-Identifier: MIT
 *
 * The indexes are IANA's numbers ("TLS Cipher Suites" registry).  tests/unit/test_traits.c compares
 * each entry with what libssl says of the suite.
 */
#include "policy/traits.h"

#define AEAD TRAIT_AEAD
#define CBC TRAIT_CBC
#define RC4 TRAIT_RC4
#define TDES TRAIT_3DES
#define WEAK TRAIT_WEAK
#define FS TRAIT_FORWARD
#define RSA TRAIT_BY_RSA
#define EC TRAIT_BY_ECDSA
#define ANON (TRAIT_BY_NOBODY | FS)
#define OK TRAIT_RESTRICTED
#define BEST (OK | TRAIT_INTERMEDIATE)

/* clang-format off */ /* tables */
static const uint8_t first[] = {
	[0x01 ... 0x03] = WEAK | RSA,
	[0x04 ... 0x05] = RC4 | RSA,
	[0x06] = WEAK | RSA,
	[0x07] = CBC | RSA, /* IDEA */
	[0x08 ... 0x09] = WEAK | RSA,
	[0x0a] = TDES | RSA | OK,
	/* DH's own */
	[0x0b ... 0x0c] = WEAK, [0x0d] = TDES | OK, [0x0e ... 0x0f] = WEAK, [0x10] = TDES | OK,
	[0x11 ... 0x12] = WEAK | FS, [0x13] = TDES | FS, /* DSS */
	[0x14 ... 0x15] = WEAK | FS | RSA,
	[0x16] = TDES | FS | RSA | OK,
	[0x17] = WEAK | ANON, [0x18] = RC4 | ANON, [0x19 ... 0x1a] = WEAK | ANON, [0x1b] = TDES | ANON,
	[0x2c] = WEAK, [0x2d] = WEAK | FS, [0x2e] = WEAK, /* PSK, DHE-PSK, RSA-PSK */
	/* AES: RSA, DH's own, DHE-DSS, DHE-RSA, ADH */
	[0x2f] = CBC | RSA | OK, [0x30 ... 0x31] = CBC | OK, [0x32] = CBC | FS,
	[0x33] = CBC | FS | RSA | OK, [0x34] = CBC | ANON,
	[0x35] = CBC | RSA | OK, [0x36 ... 0x37] = CBC | OK, [0x38] = CBC | FS,
	[0x39] = CBC | FS | RSA | OK, [0x3a] = CBC | ANON,
	[0x3b] = WEAK | RSA,
	[0x3c ... 0x3d] = CBC | RSA | OK, [0x3e ... 0x3f] = CBC | OK, [0x40] = CBC | FS,
	/* Camellia, likewise */
	[0x41] = CBC | RSA | OK, [0x42 ... 0x43] = CBC | OK, [0x44] = CBC | FS,
	[0x45] = CBC | FS | RSA | OK, [0x46] = CBC | ANON,
	[0x67] = CBC | FS | RSA | OK, [0x68 ... 0x69] = CBC | OK, [0x6a] = CBC | FS,
	[0x6b] = CBC | FS | RSA | OK, [0x6c ... 0x6d] = CBC | ANON,
	[0x84] = CBC | RSA | OK, [0x85 ... 0x86] = CBC | OK, [0x87] = CBC | FS,
	[0x88] = CBC | FS | RSA | OK, [0x89] = CBC | ANON,
	[0x8a] = RC4, [0x8b] = TDES, [0x8c ... 0x8d] = CBC, /* PSK */
	[0x8e] = RC4 | FS, [0x8f] = TDES | FS, [0x90 ... 0x91] = CBC | FS, /* DHE-PSK */
	[0x92] = RC4, [0x93] = TDES, [0x94 ... 0x95] = CBC, /* RSA-PSK */
	/* SEED */
	[0x96] = CBC | RSA, [0x97 ... 0x98] = CBC, [0x99] = CBC | FS, [0x9a] = CBC | FS | RSA,
	[0x9b] = CBC | ANON,
	/* GCM: RSA, DHE-RSA, DH's own, DHE-DSS, DH's own, ADH, PSK, DHE-PSK, RSA-PSK */
	[0x9c ... 0x9d] = AEAD | RSA | OK, [0x9e ... 0x9f] = AEAD | FS | RSA | OK,
	[0xa0 ... 0xa1] = AEAD | OK, [0xa2 ... 0xa3] = AEAD | FS,
	[0xa4 ... 0xa5] = AEAD | OK, [0xa6 ... 0xa7] = AEAD | ANON, [0xa8 ... 0xa9] = AEAD,
	[0xaa ... 0xab] = AEAD | FS,
	[0xac ... 0xad] = AEAD,
	/* PSK, DHE-PSK, RSA-PSK */
	[0xae ... 0xaf] = CBC, [0xb0 ... 0xb1] = WEAK, [0xb2 ... 0xb3] = CBC | FS,
	[0xb4 ... 0xb5] = WEAK | FS, [0xb6 ... 0xb7] = CBC, [0xb8 ... 0xb9] = WEAK,
	/* Camellia with SHA-256 */
	[0xba] = CBC | RSA | OK, [0xbb ... 0xbc] = CBC, [0xbd] = CBC | FS,
	[0xbe] = CBC | FS | RSA | OK, [0xbf] = CBC | ANON,
	[0xc0] = CBC | RSA | OK, [0xc1 ... 0xc2] = CBC, [0xc3] = CBC | FS,
	[0xc4] = CBC | FS | RSA | OK, [0xc5] = CBC | ANON,
};

/* From 0x1300, and from 0xcca8 */
static const uint8_t tls1_3[] = {[1 ... 3] = AEAD | FS | BEST, [4 ... 5] = AEAD | FS | OK};
static const uint8_t chacha[] = {
	AEAD | FS | RSA | BEST, AEAD | FS | EC | BEST, AEAD | FS | RSA | OK, AEAD, AEAD | FS, AEAD | FS, AEAD,
};

/* From 0xc000 */
static const uint8_t curves[] = {
	/* ECDH's own, ECDHE-ECDSA, ECDH's own, ECDHE-RSA, AECDH */
	[0x01] = WEAK | EC, [0x02] = RC4 | EC, [0x03] = TDES | EC | OK, [0x04 ... 0x05] = CBC | EC | OK,
	[0x06] = WEAK | FS | EC, [0x07] = RC4 | FS | EC, [0x08] = TDES | FS | EC | OK,
	[0x09 ... 0x0a] = CBC | FS | EC | OK,
	[0x0b] = WEAK | EC, [0x0c] = RC4 | EC, [0x0d] = TDES | EC | OK, [0x0e ... 0x0f] = CBC | EC | OK,
	[0x10] = WEAK | FS | RSA, [0x11] = RC4 | FS | RSA, [0x12] = TDES | FS | RSA | OK,
	[0x13 ... 0x14] = CBC | FS | RSA | OK,
	[0x15] = WEAK | ANON, [0x16] = RC4 | ANON, [0x17] = TDES | ANON, [0x18 ... 0x19] = CBC | ANON,
	[0x1a ... 0x1c] = TDES, [0x1d ... 0x22] = CBC, /* SRP */
	[0x23 ... 0x24] = CBC | FS | EC | OK, [0x25 ... 0x26] = CBC | EC | OK,
	[0x27 ... 0x28] = CBC | FS | RSA | OK, [0x29 ... 0x2a] = CBC | EC | OK,
	[0x2b ... 0x2c] = AEAD | FS | EC | BEST, [0x2d ... 0x2e] = AEAD | EC | OK,
	[0x2f ... 0x30] = AEAD | FS | RSA | BEST, [0x31 ... 0x32] = AEAD | EC | OK,
	/* ECDHE-PSK */
	[0x33] = RC4 | FS, [0x34] = TDES | FS, [0x35 ... 0x38] = CBC | FS, [0x39 ... 0x3b] = WEAK | FS,
	/* ARIA */
	[0x50 ... 0x51] = AEAD | RSA | OK, [0x52 ... 0x53] = AEAD | FS | RSA | OK, [0x54 ... 0x55] = AEAD,
	[0x56 ... 0x57] = AEAD | FS, [0x58 ... 0x59] = AEAD, [0x5a ... 0x5b] = AEAD | ANON,
	[0x5c ... 0x5d] = AEAD | FS | EC | OK, [0x5e ... 0x5f] = AEAD | EC | OK,
	[0x60 ... 0x61] = AEAD | FS | RSA | OK, [0x62 ... 0x63] = AEAD | EC | OK,
	[0x6a ... 0x6b] = AEAD, [0x6c ... 0x6d] = AEAD | FS, [0x6e ... 0x6f] = AEAD,
	/* Camellia */
	[0x72 ... 0x73] = CBC | FS | EC | OK, [0x74 ... 0x75] = CBC | EC | OK,
	[0x76 ... 0x77] = CBC | FS | RSA | OK, [0x78 ... 0x79] = CBC | EC | OK,
	[0x94 ... 0x95] = CBC, [0x96 ... 0x97] = CBC | FS, [0x98 ... 0x99] = CBC, [0x9a ... 0x9b] = CBC | FS,
	/* CCM: RSA, DHE-RSA; with shorter tags; PSK, DHE-PSK; ECDHE-ECDSA */
	[0x9c ... 0x9d] = AEAD | RSA | OK, [0x9e ... 0x9f] = AEAD | FS | RSA | OK,
	[0xa0 ... 0xa1] = AEAD | RSA | OK, [0xa2 ... 0xa3] = AEAD | FS | RSA | OK,
	[0xa4 ... 0xa5] = AEAD, [0xa6 ... 0xa7] = AEAD | FS, [0xa8 ... 0xa9] = AEAD,
	[0xaa ... 0xab] = AEAD | FS, [0xac ... 0xaf] = AEAD | FS | EC | OK,
};

/* clang-format on */

unsigned int suite_traits(uint32_t id)
{
	/* No table of tables: its pointers would be relocations in each process. */
	if (id - 0x03001300 < sizeof(tls1_3))
		return tls1_3[id - 0x03001300];
	if (id - 0x0300c000 < sizeof(curves))
		return curves[id - 0x0300c000];
	if (id - 0x0300cca8 < sizeof(chacha))
		return chacha[id - 0x0300cca8];
	return id - 0x03000000 < sizeof(first) ? first[id - 0x03000000] : TRAIT_OTHER;
}
