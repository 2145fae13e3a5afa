/* SPDX-License-Identifier: MIT
 *
 * config: the operator's settings, read from the environment once.
 */
#ifndef SSLHARDEN_CONFIG_H
#define SSLHARDEN_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_target {
	LOG_TARGET_STDERR,
	LOG_TARGET_SYSLOG,
	LOG_TARGET_NONE,
	LOG_TARGET_FILE,
};

enum {
	CONFIG_TEXT_MAX = 1024, /* bytes of a cipher string or a path, with its NUL */
	CONFIG_COMPLAINTS_MAX = 4096,
};

struct config {
	bool off; /* SSLHARDEN=off */
	bool allow_sslv3;
	bool allow_pinned;
	bool allow_client_preference;
	bool allow_dh_reuse;
	bool allow_ecdh_reuse;
	bool allow_compression;
	int min_protocol; /* TLS wire version, 0: not set */
	int max_protocol; /* TLS wire version, 0: not set */
	enum log_target log_target;
	enum log_level log_level;
	char log_path[CONFIG_TEXT_MAX];
	char ciphers[CONFIG_TEXT_MAX]; /* an OpenSSL cipher string, "": not set */

	/*
	 * What could not be read, one line each, ready to be logged.  They wait
	 * for the first context: a process without libssl is told nothing.
	 */
	char complaints[CONFIG_COMPLAINTS_MAX];
	size_t complaints_len;
};

/*
 * Reads @environ (NULL-terminated "NAME=value" strings, as environ(7)) into
 * @config.  A setting that cannot be read leaves its hardened default and adds
 * a complaint.  Pure; @config keeps no pointer into @environ.
 */
void config_parse(struct config *config, char *const *environ_);

/*
 * The process's settings: parsed at the first call, which is the library's
 * constructor or, in a library constructor that runs before ours, the first
 * wrapper.  Immutable from then on, so readers need no lock.  In a
 * secure-execution process (AT_SECURE) the environment is not read at all.
 */
const struct config *config_get(void);

#endif
