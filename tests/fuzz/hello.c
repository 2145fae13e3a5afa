/* SPDX-License-Identifier: MIT
 *
 * The input is what a client sends first.
 */
#include "messages/hello.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* At its own size, so that no byte behind it can be read unnoticed. */
	uint8_t *bytes = malloc(size);

	memcpy(bytes, data, size);
	if (hello_version(bytes, size) > UINT16_MAX)
		abort();
	free(bytes);
	return 0;
}
