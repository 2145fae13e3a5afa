/* SPDX-License-Identifier: MIT
 *
 * process: what this process has used so far.  Who includes it has fail().
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdint.h>
#include <stdio.h>
#include <time.h>

static uint64_t nanoseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What it has for itself alone. */
static long private_bytes(void)
{
	FILE *file = fopen("/proc/self/smaps_rollup", "r");
	long total = 0, kilobytes;
	char line[256];

	if (file == NULL)
		fail("/proc/self/smaps_rollup cannot be read");
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, "Private_Clean: %ld kB", &kilobytes) == 1 ||
		    sscanf(line, "Private_Dirty: %ld kB", &kilobytes) == 1)
			total += kilobytes * 1024;
	}
	fclose(file);
	return total;
}

#endif
