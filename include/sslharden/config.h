/* SPDX-License-Identifier: MIT
 *
 * config: the operator's settings, read once from the environment and a file.  docs/sslharden.7
 * describes each variable.
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
	/* Bytes, the NUL included. */
	CONFIG_TEXT_MAX = 1024, /* of a cipher string or a path */
	CONFIG_COMPLAINTS_MAX = 4096,
	CONFIG_ENVIRONMENT_MAX = 6144, /* room for four texts, a path, and the rest */
	PROFILE_COUNT = 3,
};

/* Between what of a setting cannot be read and the part of it that is in force. */
#define COMPLAINT_IN_FORCE "; forbidden all the same: "

/*
 * A profile has values for the variables that are not set.  It never changes: a later guideline
 * becomes a profile of another name.
 */
struct profile {
	char name[16];
	char source[48]; /* whose guideline it is, and its version */
	int min_protocol;
	bool allow_client_preference;
	bool no_client_renegotiation;
	unsigned int min_dh_bits;
	char ciphers[192]; /* "": the program's own list stays */
	char ciphersuites[80];
	char groups[48];
};

struct config {
	enum mode mode;
	bool strict; /* a context that cannot be hardened is refused */
	unsigned int profile; /* number of the profile (config_profile); 0: the default policy */
	bool allow_sslv3;
	bool allow_pinned;
	bool allow_client_preference;
	bool allow_dh_reuse;
	bool allow_ecdh_reuse;
	bool allow_compression;
	bool prioritize_chacha;
	bool no_tickets;
	bool no_client_renegotiation;
	unsigned int forbid; /* SUITE_* (suites.h): suites to be taken out of a list; 0: none */
	unsigned int min_dh_bits; /* size of DH parameters; 0: the program's own stay */
	bool groups_from_profile; /* names at the front may be left out if unknown */
	int min_protocol; /* TLS wire version, 0: not set */
	int max_protocol; /* TLS wire version, 0: not set */
	enum log_target log_target;
	enum log_level log_level;
	uint32_t complaints_len;
	/*
	 * Of each variable (by its place in settings/variables.h) whether a value of it could not be
	 * read, or an unknown name is most like its.
	 */
	uint32_t unread;

	/*
	 * The texts are last: pages of them that are never written cost a process no memory.  Each
	 * process looks at the first one when it starts, and writes the beginning of the second.
	 */
	char counts_in[CONFIG_TEXT_MAX]; /* a master's path, shim/settings/counts_in.h; "": none */
	char environment[CONFIG_ENVIRONMENT_MAX]; /* shim/settings/environment.h */
	char log_path[CONFIG_TEXT_MAX];
	char ciphers[CONFIG_TEXT_MAX]; /* an OpenSSL cipher string; "": not set */
	char ciphersuites[CONFIG_TEXT_MAX]; /* of TLS 1.3; "": not set */
	char groups[CONFIG_TEXT_MAX]; /* key-exchange groups; "": not set */

	/*
	 * A line for each setting that could not be read.  They are logged with the first context,
	 * so that a process without libssl writes nothing.
	 */
	char complaints[CONFIG_COMPLAINTS_MAX];
};

/*
 * The settings of this process, as another process finds them by their mark in the library's
 * writable memory (cli/settings.c).  /proc/PID/environ would not do: nginx and others write their
 * title over it.  The record holds no pointer, and its layout is the same for 32 and 64 bits.
 */
#define CONFIG_RECORD_MARK "sslharden's settings 2"
struct config_record {
	char mark[sizeof(CONFIG_RECORD_MARK)];
	uint32_t size; /* bytes of the record, by which a reader recognizes another version */
	struct config config;
};

struct config_file;

/* The profile that the settings name; constant. */
const struct profile *config_profile(const struct config *config);

/*
 * Reads into @config first the settings of @file for all programs, then those for its program, then
 * those of @environ_; a later source replaces what an earlier one set.  A setting that cannot be
 * read adds a complaint; of its default and what an earlier source said, the stricter stays.  Of
 * SSLHARDEN_FORBID the words that can be read are added to what an earlier source forbids.
 *
 * @file      shim/settings/config_file.h; NULL: none
 * @environ_  as environ(7): "NAME=value" strings, ended by NULL; no pointer to it is kept
 *
 * Pure.
 */
void config_parse(struct config *config, const struct config_file *file, char *const *environ_);

/*
 * The same, with the file that SSLHARDEN_CONFIG names in @environ_, or else /etc/sslharden.conf.
 *
 * @config   must be all zero; most of it is not written
 * @secure   the process is in secure execution (AT_SECURE): only /etc/sslharden.conf is read
 * @program  path of the program whose settings are wanted; NULL: this process's
 *
 * Must not be called by two threads at once.  Leaves errno as found.
 */
void config_load(struct config *config, char *const *environ_, bool secure, const char *program);

/*
 * The settings of this process.  They are read at the first call, which is that of our constructor,
 * or of a wrapper that another library's constructor calls before; then they never change, so that
 * readers need no lock.  Safe from any thread.
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
