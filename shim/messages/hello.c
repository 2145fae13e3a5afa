/* SPDX-License-Identifier: MIT */
#include "messages/hello.h"

enum {
	NEEDED = 11, /* bytes: what libssl reads at first, and decides on */
	HANDSHAKE = 0x16, /* the type of a record */
	CLIENT_HELLO = 1, /* of a message */
	MAJOR = 3, /* of every version since SSL 3.0 */
	HEADERLESS = 0x80, /* SSL 2.0: a record of two bytes' length, without padding */
};

int hello_version(const void *bytes, size_t len)
{
	const unsigned char *b = bytes;

	if (len < NEEDED)
		return 0;
	if (b[0] == HANDSHAKE && b[1] == MAJOR && b[5] == CLIENT_HELLO)
		return b[9] << 8 | b[10];
	if ((b[0] & HEADERLESS) != 0 && b[2] == CLIENT_HELLO && b[3] == MAJOR)
		return MAJOR << 8 | b[4];
	return 0;
}
