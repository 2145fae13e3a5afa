/* SPDX-License-Identifier: MIT */
#include "messages/hello.h"

enum {
	NEEDED = 11, /* bytes; libssl reads as many first (ssl23_get_client_hello of s23_srvr.c) */
	HANDSHAKE = 0x16, /* type of a record */
	CLIENT_HELLO = 1, /* type of a message */
	MAJOR = 3, /* first byte of every version since SSL 3.0 */
	HEADERLESS = 0x80, /* first bit of a record of SSL 2.0 with a header of two bytes */
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
