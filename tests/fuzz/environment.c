/* SPDX-License-Identifier: MIT
 *
 * The input is an environment: strings that end with NUL.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sslharden/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { STRINGS_MAX = 32 };
	static struct config config;
	char *strings[STRINGS_MAX + 1] = {NULL};
	char *text = malloc(size + 1);
	size_t count = 0;

	memcpy(text, data, size);
	text[size] = '\0';
	for (char *at = text; at < text + size && count < STRINGS_MAX; at += strlen(at) + 1)
		strings[count++] = at;
	config_parse(&config, NULL, strings);
	if (strlen(config.complaints) != config.complaints_len)
		abort();
	free(text);
	return 0;
}
