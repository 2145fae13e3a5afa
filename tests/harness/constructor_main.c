/* SPDX-License-Identifier: MIT */
#include "peer.h"

/* Refers to the library, so that --as-needed keeps it. */
int main(int argc, char **argv)
{
	return argc > 100 ? peer_main(argc, argv) : 0;
}
