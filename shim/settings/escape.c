/* SPDX-License-Identifier: MIT */
#include "settings/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void text_escape(char *to, size_t size, const char *from)
{
	size_t used = 0;

	for (; *from != '\0'; from++) {
		unsigned char c = (unsigned char)*from;
		bool plain = c >= 0x20 && c < 0x7f && c != '\\';
		size_t need = plain ? 1 : 4;

		if (used + need + sizeof("...") > size) {
			memcpy(to + used, "...", 3);
			used += 3;
			break;
		}
		if (plain)
			to[used] = (char)c;
		else
			snprintf(to + used, 5, "\\x%02x", c);
		used += need;
	}
	to[used] = '\0';
}
