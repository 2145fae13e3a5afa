/* SPDX-License-Identifier: MIT
 *
 * The input is a settings file, read for one program.
 */
#include "settings/config_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sslharden/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	char *text = malloc(size + 1);
	struct config_file file = {
		.path = "/etc/sslharden.conf", .text = text, .program = "/usr/sbin/nginx"};

	memcpy(text, data, size);
	text[size] = '\0';
	config_parse(&config, &file, NULL);
	if (strlen(config.complaints) != config.complaints_len)
		abort();
	free(text);
	return 0;
}
