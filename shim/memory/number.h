/* SPDX-License-Identifier: MIT
 *
 * number: a number in a text, as the kernel and systemd write them.
 */
#ifndef SSLHARDEN_NUMBER_H
#define SSLHARDEN_NUMBER_H

#include <stdint.h>

/* The decimal digits that @text begins with, which is moved behind them; 0 if there are none. */
static inline uint64_t number_read(const char **text)
{
	uint64_t number = 0;

	for (; **text >= '0' && **text <= '9'; ++*text)
		number = number * 10 + (uint64_t)(**text - '0');
	return number;
}

#endif
