/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_TESTS_CHECK_H
#define SSLHARDEN_TESTS_CHECK_H

#include <stdio.h>

static int check_failures;

/* Says where, and goes on. */
#define CHECK(condition)                                                                          \
	do {                                                                                      \
		if (!(condition)) {                                                               \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
			check_failures++;                                                         \
		}                                                                                 \
	} while (0)

#endif
