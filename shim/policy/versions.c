/* SPDX-License-Identifier: MIT */
#include "sslharden/versions.h"

bool version_older(enum transport transport, int a, int b)
{
	return transport == TRANSPORT_DTLS ? a > b : a < b;
}

enum { SET_SIZE = 6 };

/* The wire number of each bit of a set, by transport; 0: that transport has no such version. */
static const int wire_numbers[][SET_SIZE] = {
	[TRANSPORT_TLS] = {WIRE_SSL2, WIRE_SSL3, WIRE_TLS1, WIRE_TLS1_1, WIRE_TLS1_2, WIRE_TLS1_3},
	[TRANSPORT_DTLS] = {0, 0, 0, WIRE_DTLS1, WIRE_DTLS1_2, 0},
};

int version_lowest(enum transport transport, versions set)
{
	for (int i = 0; i < SET_SIZE; i++) {
		if ((set >> i & 1) != 0 && wire_numbers[transport][i] != 0)
			return wire_numbers[transport][i];
	}
	return 0;
}

int version_highest(enum transport transport, versions set)
{
	for (int i = SET_SIZE - 1; i >= 0; i--) {
		if ((set >> i & 1) != 0 && wire_numbers[transport][i] != 0)
			return wire_numbers[transport][i];
	}
	return 0;
}

const char *version_name(int version)
{
	switch (version) {
	case 0:
		return "none";
	case WIRE_SSL2:
		return "SSLv2";
	case WIRE_SSL3:
		return "SSLv3";
	case WIRE_TLS1:
		return "TLSv1";
	case WIRE_TLS1_1:
		return "TLSv1.1";
	case WIRE_TLS1_2:
		return "TLSv1.2";
	case WIRE_TLS1_3:
		return "TLSv1.3";
	case WIRE_DTLS1:
		return "DTLSv1";
	case WIRE_DTLS1_2:
		return "DTLSv1.2";
	}
	return "unknown";
}
