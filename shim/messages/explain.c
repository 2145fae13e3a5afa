/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/explain.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "loader/controls.h"
#include "memory/kernel.h"
#include "memory/shared.h"
#include "messages/log.h"
#include "sslharden/config.h"
#include "sslharden/suites.h"

enum {
	TLS1 = 0x0301,
	TLS1_2 = 0x0303,
	TLS1_3 = 0x0304,
	SECONDS_BETWEEN = 60, /* lines for one cause */
	DTLS_MAJOR = 0xfe,
	TEXT_MAX = 384,
};

/*
 * SSL_get_rfd searches the whole chain of BIOs.  Servers that read from memory have no descriptor.
 */
static bool peer_of_socket(const struct image *image, const SSL *ssl, struct sockaddr *peer,
			   socklen_t size)
{
	int fd = image->SSL_get_rfd == NULL ? -1 : image->SSL_get_rfd(ssl);

	return fd >= 0 && kernel_getpeername(fd, peer, &size) == 0;
}

/* One socket may serve many clients of DTLS: the BIO knows who sent the last datagram. */
static bool peer_of_datagram(const struct image *image, const SSL *ssl, struct sockaddr *peer,
			     long size)
{
	BIO *bio = image->SSL_get_rbio == NULL ? NULL : image->SSL_get_rbio(ssl);
	bool datagram = image->SSL_version != NULL && image->SSL_version(ssl) >> 8 == DTLS_MAJOR;

	peer->sa_family = AF_UNSPEC;
	return datagram && bio != NULL && image->BIO_ctrl != NULL &&
	       image->BIO_ctrl(bio, CTRL_DGRAM_GET_PEER, size, peer) > 0 &&
	       peer->sa_family != AF_UNSPEC;
}

/* "192.0.2.7:50112", "[2001:db8::7]:50112", or what else can be said. */
static void peer_name(const struct image *image, const SSL *ssl, char *text, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage room;
	} peer = {.any.sa_family = AF_UNSPEC};
	char host[INET6_ADDRSTRLEN] = "";

	if (!peer_of_socket(image, ssl, &peer.any, sizeof(peer)) &&
	    !peer_of_datagram(image, ssl, &peer.any, sizeof(peer)))
		snprintf(text, size, "an unknown address");
	else if (peer.any.sa_family == AF_INET &&
		 inet_ntop(AF_INET, &peer.in.sin_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "%s:%d", host, ntohs(peer.in.sin_port));
	else if (peer.any.sa_family == AF_INET6 &&
		 inet_ntop(AF_INET6, &peer.in6.sin6_addr, host, sizeof(host)) != NULL)
		snprintf(text, size, "[%s]:%d", host, ntohs(peer.in6.sin6_port));
	else
		snprintf(text, size, "a local socket");
}

/*
 * The row of shared_page that limits a refusal's lines.  Each version below the floor has its own:
 * the setting that admits one client need not admit an older one.
 */
static int row_of(const struct refusal *refusal)
{
	return refusal->cause == CAUSE_MIN_PROTOCOL ? CAUSE_COUNT + refusal->admitted - TLS1
						    : (int)refusal->cause;
}

_Static_assert(CAUSE_COUNT + TLS1_3 - TLS1 <= SHARED_LIMITS_OF_CLIENTS, "each row has its place");

/* Whether a line may be written now; *untold is the number of those left out, in all children. */
static bool is_due(int row, unsigned int *untold)
{
	struct shared_limit *limit = &shared_page()->limits[row];
	uint32_t before = atomic_load(&limit->last), second = (uint32_t)time(NULL);

	/* If the clock was set back, the unsigned difference is very large. */
	if ((before != 0 && second - before < SECONDS_BETWEEN) ||
	    !atomic_compare_exchange_strong(&limit->last, &before, second)) {
		atomic_fetch_add(&limit->untold, 1);
		return false;
	}
	*untold = atomic_exchange(&limit->untold, 0);
	return true;
}

/* --- what has to change ------------------------------------------------------ */

/* Appends to @text, after " and " if there is something. */
static void add(char text[TEXT_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char text[TEXT_MAX], const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	if (used + sizeof(" and ") >= TEXT_MAX)
		return;
	if (used != 0)
		used += (size_t)snprintf(text + used, TEXT_MAX - used, " and ");
	va_start(args, format);
	vsnprintf(text + used, TEXT_MAX - used, format, args);
	va_end(args);
}

/* A remark if the list in force is the profile's, and no variable is set that could be changed. */
static const char *whose(const char *list, size_t offset)
{
	const struct profile *profile = config_profile(config_get());

	return list[0] != '\0' && strcmp(list, (const char *)profile + offset) == 0
		       ? " (now the profile's)"
		       : "";
}

/* Every lower bound excludes SSL 3.0, so each has to go. */
static void add_sslv3(char text[TEXT_MAX])
{
	const struct config *config = config_get();

	if (!config->allow_sslv3)
		add(text, "SSLHARDEN_ALLOW_SSLV3=1");
	if (config->profile != 0)
		add(text, "SSLHARDEN_PROFILE=default");
	if (config->min_protocol != config_profile(config)->min_protocol)
		add(text, "no SSLHARDEN_MIN_PROTOCOL");
}

static void add_versions(const struct refusal *refusal, char text[TEXT_MAX])
{
	switch (refusal->cause) {
	case CAUSE_SSLV3:
		add_sslv3(text);
		break;
	case CAUSE_MIN_PROTOCOL:
	case CAUSE_FORBIDDEN:
		add(text, "SSLHARDEN_MIN_PROTOCOL=%s", version_name(refusal->admitted));
		break;
	case CAUSE_MAX_PROTOCOL:
		add(text, "SSLHARDEN_MAX_PROTOCOL=%s", version_name(refusal->admitted));
		break;
	case CAUSE_OPENED:
		/* SSLHARDEN_MIN_PROTOCOL may be above TLS 1.2. */
		if (config_get()->min_protocol > TLS1_2)
			add(text, "SSLHARDEN_MIN_PROTOCOL=TLSv1.2");
		add(text, "SSLHARDEN_MAX_PROTOCOL=TLSv1.2");
		break;
	case CAUSE_RENEGOTIATION:
		add(text, "SSLHARDEN_NO_CLIENT_RENEGOTIATION=0");
		break;
	default:
		break;
	}
}

static void add_lists(const struct refusal *refusal, char text[TEXT_MAX])
{
	const struct config *config = config_get();
	bool newer = refusal->admitted == TLS1_3;
	const char *variable = newer ? "SSLHARDEN_CIPHERSUITES" : "SSLHARDEN_CIPHERS";
	const char *now =
		newer ? whose(config->ciphersuites, offsetof(struct profile, ciphersuites))
		      : whose(config->ciphers, offsetof(struct profile, ciphers));
	char words[SUITE_WORDS_MAX];
	bool gone;

	if (refusal->forbidden != 0)
		add(text, "SSLHARDEN_FORBID without %s",
		    suite_words_text(refusal->forbidden, words, sizeof(words)));
	if (refusal->needs_shorter_forbid)
		add(text, "a shorter SSLHARDEN_FORBID");
	if (refusal->suite != NULL)
		add(text, "%s in %s%s", refusal->suite, variable, now);
	if (refusal->needs_longer_list)
		add(text, "a longer %s%s", variable, now);
	now = whose(config->groups, offsetof(struct profile, groups));
	/* add_sslv3 says that the profile has to go, and its groups go with it. */
	gone = refusal->cause == CAUSE_SSLV3 && now[0] != '\0';
	if (refusal->group != NULL && !gone)
		add(text, "%s in SSLHARDEN_GROUPS%s", refusal->group, now);
	if (refusal->needs_longer_groups && !gone)
		add(text, "a longer SSLHARDEN_GROUPS%s", now);
	if (refusal->security_level >= 0)
		add(text, "@SECLEVEL=%d in SSLHARDEN_CIPHERS", refusal->security_level);
}

/* --- the line ---------------------------------------------------------------- */

/* Whose hello was not read: "those of TLSv1.1, =TLSv1 also those of TLSv1". */
static void add_those(const struct refusal *refusal, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "those of %s", version_name(refusal->admitted));
	versions others = refusal->cause == CAUSE_FORBIDDEN ? refusal->older : 0;

	for (; others != 0 && used < size; others &= ~version_newest(others)) {
		const char *name = version_name(version_highest(TRANSPORT_TLS, others));

		used += (size_t)snprintf(text + used, size - used, ", =%s also those of %s", name,
					 name);
	}
}

static void what_admits(const struct refusal *refusal, char text[TEXT_MAX])
{
	size_t used;

	add_versions(refusal, text);
	add_lists(refusal, text);
	used = strlen(text);
	used += (size_t)snprintf(text + used, TEXT_MAX - used, " %s ",
				 strstr(text, " and ") ? "admit" : "admits");
	if (refusal->serves_nobody)
		add_those(refusal, text + used, TEXT_MAX - used);
	else
		snprintf(text + used, TEXT_MAX - used, "it%s",
			 refusal->program_list_unknown
				 ? ", if the program's own list has a suite for it"
				 : "");
}

/* What the client offers, or does, as far as it is the reason. */
static void what_it_offers(const struct refusal *refusal, char text[TEXT_MAX])
{
	switch (refusal->serves_nobody ? CAUSE_NONE : refusal->cause) {
	case CAUSE_SSLV3:
	case CAUSE_MIN_PROTOCOL:
	case CAUSE_FORBIDDEN:
	case CAUSE_LEVEL:
		snprintf(text, TEXT_MAX, " offering at most %s", version_name(refusal->offered));
		break;
	case CAUSE_MAX_PROTOCOL:
		snprintf(text, TEXT_MAX, " offering only newer versions");
		break;
	case CAUSE_CIPHERS:
	case CAUSE_FORBID:
	case CAUSE_CIPHERSUITES:
		snprintf(text, TEXT_MAX, " offering no cipher of the list%s",
			 refusal->needs_longer_groups ? ", or none that its groups go with" : "");
		break;
	case CAUSE_OPENED:
		snprintf(text, TEXT_MAX,
			 " of TLS 1.3, to which a pin was opened, without a group or "
			 "suite of the server's there");
		break;
	case CAUSE_RENEGOTIATION:
		snprintf(text, TEXT_MAX, " that renegotiates");
		break;
	case CAUSE_GROUPS:
		snprintf(text, TEXT_MAX, " offering no group of the list");
		break;
	default:
		text[0] = '\0';
	}
}

/* The version bound that the operator has set, where it comes from, and what the program says. */
static void what_is_set(const struct refusal *refusal, char text[TEXT_MAX])
{
	const struct config *config = config_get();
	bool by_profile = config_profile(config)->min_protocol == config->min_protocol;
	/* Who offers the minimum was not refused for that alone. */
	bool forbids =
		refusal->cause == CAUSE_FORBIDDEN ||
		(refusal->cause == CAUSE_MIN_PROTOCOL && refusal->offered >= config->min_protocol);
	const char *forbidden = !forbids ? ""
				: refusal->serves_nobody
					? ", which the program itself forbids, so no hello is read"
					: ", which the program itself forbids";

	if (refusal->cause == CAUSE_MIN_PROTOCOL || refusal->cause == CAUSE_FORBIDDEN)
		snprintf(text, TEXT_MAX, "SSLHARDEN_MIN_PROTOCOL is %s%s%s, ",
			 version_name(config->min_protocol), by_profile ? " by the profile" : "",
			 forbidden);
	else if (refusal->cause == CAUSE_MAX_PROTOCOL)
		snprintf(text, TEXT_MAX, "SSLHARDEN_MAX_PROTOCOL is %s, ",
			 version_name(config->max_protocol));
}

void explain(const struct image *image, const SSL *ssl, const struct refusal *refusal)
{
	const struct config *config = config_get();
	bool audit = config->mode == MODE_AUDIT;
	char peer[64], more[48] = "", set[TEXT_MAX] = "", offers[TEXT_MAX] = "";
	char admits[TEXT_MAX] = "";
	unsigned int untold = 0;

	if (config->log_target == LOG_TARGET_NONE || config->log_level < LOG_LEVEL_WARNING ||
	    !is_due(row_of(refusal), &untold))
		return;
	peer_name(image, ssl, peer, sizeof(peer));
	if (untold != 0)
		snprintf(more, sizeof(more), " (and %u more since the last line)", untold);
	what_it_offers(refusal, offers);
	what_is_set(refusal, set);
	what_admits(refusal, admits);
	log_message(LOG_LEVEL_WARNING, "%s a client%s from %s%s; %s%s",
		    audit ? "audit: would refuse" : "refused", offers, peer, more, set, admits);
}
