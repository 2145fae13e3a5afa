/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "memory/kernel.h"
#include "memory/shared.h"
#include "settings/counts_in.h"
#include "settings/escape.h"
#include "messages/sink.h"

enum {
	MESSAGE_MAX = 768,
	HEAD_MAX = 64, /* "sslharden[PID]: warning: " */
	PROGRAM_MAX = 32,
	STAMP_MAX = 24 + PROGRAM_MAX,
	ROOM_MAX = STAMP_MAX + HEAD_MAX + MESSAGE_MAX,
};

static const struct {
	char name[8];
	int priority;
} levels[] = {
	[LOG_LEVEL_ERROR] = {"error", LOG_DAEMON | LOG_ERR},
	[LOG_LEVEL_WARNING] = {"warning", LOG_DAEMON | LOG_WARNING},
	[LOG_LEVEL_INFO] = {"info", LOG_DAEMON | LOG_INFO},
	[LOG_LEVEL_DEBUG] = {"debug", LOG_DAEMON | LOG_DEBUG},
};

/* The places that are tried in turn, by the setting; SINK_COUNT ends the list. */
static const unsigned char order[][SINK_COUNT] = {
	[LOG_TARGET_STDERR] = {SINK_STDERR, SINK_SYSLOG, SINK_COUNT},
	[LOG_TARGET_SYSLOG] = {SINK_SYSLOG, SINK_STDERR, SINK_COUNT},
	[LOG_TARGET_NONE] = {SINK_COUNT},
	[LOG_TARGET_FILE] = {SINK_FILE, SINK_SYSLOG, SINK_STDERR},
};

/* Both are written by the constructor alone. */
static char program[PROGRAM_MAX] = "?";
static const char *counts_apart; /* why SSLHARDEN_COUNTS_IN is not so; NULL: it is */

/*
 * Some servers (vsftpd) make their context in the child that they fork for each client, so the page
 * has to be made before.  A process without libssl gets none.
 */
static void page_make_early(bool has_libssl)
{
	if (config_get()->mode == MODE_OFF)
		return;
	counts_apart = counts_in_begin(config_get());
	if (has_libssl)
		shared_page_make();
}

void log_init(bool has_libssl)
{
	int saved_errno = errno;

	sink_stderr_init();
	/* Copied now, because daemons write their titles over it. */
	if (program_invocation_short_name != NULL)
		text_escape(program, sizeof(program), program_invocation_short_name);
	if (config_get()->log_target == LOG_TARGET_FILE)
		sink_file_init();
	page_make_early(has_libssl);
	errno = saved_errno;
}

/* --- a line ------------------------------------------------------------------------------- */

/*
 * Writes "2026-11-25T13:22:22Z nginx ".  The C library's gmtime takes a lock for the time zone,
 * which a forked child may inherit locked.
 */
static int stamp(char text[STAMP_MAX])
{
	long long now = time(NULL), days, second, era, day, year;
	int month;

	days = now / 86400;
	second = now % 86400;
	/*
	 * Counts in eras of 400 years from 0000-03-01, so that a leap day is the last of its year.
	 */
	days += 719468;
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (int)((5 * day + 2) / 153); /* 0: March */
	day -= (153 * month + 2) / 5 - 1;
	month = month < 10 ? month + 3 : month - 9;
	return snprintf(text, STAMP_MAX, "%04lld-%02d-%02lldT%02lld:%02lld:%02lldZ %s ",
			year + era * 400 + (month <= 2), month, day, second / 3600,
			second / 60 % 60, second % 60, program);
}

struct line {
	enum log_level level;
	char *text; /* "sslharden[PID]: level: text", and a newline; before it, room for a stamp */
	size_t len;
};

/*
 * "<PRIORITY>sslharden[PID]: nginx: level: text": the tag that syslog knows, and whose line it is.
 *
 * It has a frame of its own: the caller may be a thread on the smallest stack, deep in libssl.
 */
__attribute__((noinline)) static bool deliver_syslog(const struct line *line)
{
	char named[HEAD_MAX + MESSAGE_MAX + PROGRAM_MAX + 16];
	const char *rest = strchr(line->text, ' ') + 1; /* from the level on */
	int len = snprintf(named, sizeof(named), "<%d>%.*s%s: %.*s", levels[line->level].priority,
			   (int)(rest - line->text), line->text, program,
			   (int)(line->text + line->len - rest - 1), rest);

	return sink_syslog(named, (size_t)len);
}

static bool deliver_file(const struct line *line)
{
	char stamped[STAMP_MAX];
	size_t used = (size_t)stamp(stamped);

	if (used >= STAMP_MAX)
		used = 0;
	memcpy(line->text - used, stamped, used);
	return sink_file(config_get()->log_path, line->text - used, used + line->len);
}

static bool deliver(enum sink sink, const struct line *line)
{
	switch (sink) {
	case SINK_STDERR:
		return sink_stderr(line->text, line->len);
	case SINK_SYSLOG:
		return deliver_syslog(line);
	default:
		return deliver_file(line);
	}
}

/* Writes what comes before the text.  Returns where that is to go: MESSAGE_MAX bytes. */
static char *line_begin(struct line *line, char made[ROOM_MAX], enum log_level level)
{
	line->level = level;
	line->text = made + STAMP_MAX;
	line->len = (size_t)snprintf(line->text, HEAD_MAX, "sslharden[%d]: %s: ", kernel_getpid(),
				     levels[level].name);
	return line->text + line->len;
}

/*
 * Tries one place after the other until one takes the message.
 *
 * @len  of its text, as snprintf answers it
 */
static void emit(enum log_target target, struct line *line, int len)
{
	struct shared_page *page = shared_page();

	if (len < 0)
		return;
	line->len += (size_t)(len < MESSAGE_MAX ? len : MESSAGE_MAX - 1);
	line->text[line->len++] = '\n';
	for (size_t i = 0; i < SINK_COUNT && order[target][i] != SINK_COUNT; i++) {
		enum sink sink = (enum sink)order[target][i];

		if (deliver(sink, line)) {
			atomic_fetch_add(&page->written[sink], 1);
			atomic_store(&page->sink_last, (uint32_t)sink + 1);
			return;
		}
		atomic_store(&page->error[sink], (uint32_t)errno);
		atomic_fetch_add(&page->failed[sink], 1);
	}
	atomic_fetch_add(&page->lost, 1);
}

/* --- messages ------------------------------------------------------------------------------ */

void log_message(enum log_level level, const char *format, ...)
{
	const struct config *config = config_get();
	int saved_errno = errno, len;
	char made[ROOM_MAX];
	struct line line;
	va_list args;

	if (config->log_target == LOG_TARGET_NONE || level > config->log_level)
		return;
	va_start(args, format);
	len = vsnprintf(line_begin(&line, made, level), MESSAGE_MAX, format, args);
	va_end(args);
	emit(config->log_target, &line, len);
	errno = saved_errno;
}

/* Goes to stderr first, for whoever starts the program by hand. */
static void complain_of_file(const char *path, const char *why)
{
	char made[ROOM_MAX], name[MESSAGE_MAX / 2];
	struct line line;

	if (config_get()->log_level < LOG_LEVEL_WARNING)
		return;
	text_escape(name, sizeof(name), path);
	emit(LOG_TARGET_STDERR, &line,
	     snprintf(line_begin(&line, made, LOG_LEVEL_WARNING), MESSAGE_MAX,
		      "SSLHARDEN_LOG: cannot write \"%s\": %s; messages go to syslog, or else to "
		      "stderr",
		      name, why));
}

static void file_begin(const struct config *config)
{
	const char *why = sink_file_keep(config->log_path);

	if (why != NULL)
		complain_of_file(config->log_path, why);
}

void log_begin(void)
{
	static atomic_flag begun = ATOMIC_FLAG_INIT;
	const struct config *config = config_get();
	const char *line = config->complaints;
	int saved_errno = errno;

	if (atomic_flag_test_and_set(&begun))
		return;
	shared_page_make();
	if (config->log_target == LOG_TARGET_FILE) {
		file_begin(config);
		errno = saved_errno;
	}
	if (counts_apart != NULL)
		log_message(LOG_LEVEL_WARNING,
			    "SSLHARDEN_COUNTS_IN: this process counts for itself: %s",
			    counts_apart);
	if (config->complaints_len == 0 || atomic_exchange(&shared_page()->complained, 1) != 0)
		return;
	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		log_message(LOG_LEVEL_WARNING, "%.*s", (int)(end - line), line);
}
