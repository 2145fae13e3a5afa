/* SPDX-License-Identifier: MIT
 *
 * config: the operator's settings, read once from the environment and a file.
 */
#ifndef SSLHARDEN_CONFIG_H
#define SSLHARDEN_CONFIG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_UNSET, /* never in a parsed configuration */
};

enum mode {
	MODE_ON,
	MODE_AUDIT, /* decides and says what it would change, changes nothing */
	MODE_OFF,
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
	CONFIG_GIVEN_MAX = 6144, /* four texts, a path, and the rest */
	PROFILE_COUNT = 3,
};

/*
 * A profile is a dated promise: it never changes, a later one gets a new name.
 * It stands in for the variables that are not set.
 */
struct profile {
	char name[16];
	char source[24]; /* whose it is, and of when */
	int min_protocol;
	bool allow_client_preference;
	bool no_client_renegotiation;
	unsigned int min_dh_bits;
	char ciphers[192]; /* "": the program's own, or TLS 1.2 and older are not served */
	char ciphersuites[80];
	char groups[48];
};

struct config {
	enum mode mode;
	bool strict; /* what cannot be hardened is refused */
	unsigned int profile; /* see config_profile; 0: the default policy */
	bool allow_sslv3;
	bool allow_pinned;
	bool allow_client_preference;
	bool allow_dh_reuse;
	bool allow_ecdh_reuse;
	bool allow_compression;
	bool prioritize_chacha;
	bool no_tickets;
	bool no_client_renegotiation;
	unsigned int forbid; /* suites that go from a list (suites.h), 0: none */
	unsigned int min_dh_bits; /* of DH parameters, 0: whatever the program has */
	bool groups_from_profile; /* a profile's: its first names are left out where they are not known */
	int min_protocol; /* TLS wire version, 0: not set */
	int max_protocol; /* TLS wire version, 0: not set */
	enum log_target log_target;
	enum log_level log_level;
	uint32_t complaints_len;

	/* From here on most stays untouched, in pages that cost nothing. */
	char log_path[CONFIG_TEXT_MAX];
	char given[CONFIG_GIVEN_MAX]; /* the environment's own words (shim/settings/given.h) */
	char ciphers[CONFIG_TEXT_MAX]; /* an OpenSSL cipher string, "": not set */
	char ciphersuites[CONFIG_TEXT_MAX]; /* of TLS 1.3, "": not set */
	char groups[CONFIG_TEXT_MAX]; /* key-exchange groups, "": not set */

	/*
	 * What could not be read, one line each, ready to be logged.  They wait
	 * for the first context: a process without libssl is told nothing.
	 */
	char complaints[CONFIG_COMPLAINTS_MAX];
};

/*
 * The settings as config_get keeps them.  Another process finds them by their mark in the
 * library's writable memory (cli/settings.c): the environment that a process was started with
 * is no longer to be seen where it writes its title over it, as nginx does.  It holds no pointer, and is the same for
 * words of 32 and of 64 bits.
 */
#define CONFIG_RECORD_MARK "sslharden's settings 1"
struct config_record {
	char mark[sizeof(CONFIG_RECORD_MARK)];
	uint32_t size; /* of the record, by which another version is told */
	struct config config;
};

struct config_file;

const struct profile *config_profile(const struct config *config);

/*
 * Reads into @config the settings of @file (NULL: none; shim/settings/config_file.h) for all programs,
 * over them those for its program, and over them those of @environ (NULL-terminated
 * "NAME=value" strings, as environ(7)).  A setting that cannot be read adds a
 * complaint, and the harder of its default and what a source below it says stays.
 * Pure; @config keeps no pointer into @environ.
 */
void config_parse(struct config *config, const struct config_file *file, char *const *environ_);

/*
 * The same, with the file that SSLHARDEN_CONFIG names in @environ, or else
 * /etc/sslharden.conf.  In a @secure process (AT_SECURE) that last one counts alone.
 * @program is whose settings the file is read for (config_file.h), NULL: this process's.
 * Not to be called by two threads at once.  @config is all zero before: most of it stays
 * untouched, and so costs a process no memory.
 */
void config_load(struct config *config, char *const *environ_, bool secure, const char *program);

/*
 * The process's settings: loaded at the first call, which is the library's
 * constructor or, in a library constructor that runs before ours, the first
 * wrapper.  Immutable from then on, so readers need no lock.
 */
static inline const struct config *config_get(void);

extern const struct config *_Atomic config_current; /* NULL: not read yet */
const struct config *config_read(void);

static inline const struct config *config_get(void)
{
	const struct config *config = atomic_load_explicit(&config_current, memory_order_acquire);

	return config == NULL ? config_read() : config;
}

#endif
