/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_TESTS_PEER_H
#define SSLHARDEN_TESTS_PEER_H

/* Runs the words of peer.c's language. */
int peer_main(int argc, char **argv) __attribute__((visibility("default")));

/*
 * The address of a method's constructor, NULL where this libssl has none:
 * some are macros in some releases, others a build option.
 */
void *peer_symbol(const char *name);

#endif
