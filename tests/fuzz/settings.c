/* SPDX-License-Identifier: MIT
 *
 * The input is another process's memory, with its record where the input begins.
 */
#include "settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config_record record;
	struct strings list = {0};
	struct config *config;
	bool is_other;

	memset(&record, 0, sizeof(record));
	memcpy(&record.config, data, size < sizeof(record.config) ? size : sizeof(record.config));
	record.size = sizeof(record);
	memcpy(record.mark, CONFIG_RECORD_MARK, sizeof(record.mark));
	config = settings_of_memory((const char *)&record, sizeof(record), &is_other);
	if (config != NULL) {
		settings_list(config, &list);
		complaints_list(config, &list);
	}
	for (size_t i = 0; i < list.count; i++)
		free(list.items[i]);
	free(list.items);
	free(config);
	return 0;
}
