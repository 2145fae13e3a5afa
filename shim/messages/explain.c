/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/explain.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "memory/shared.h"
#include "messages/log.h"
#include "sslharden/config.h"

enum {
	SSL3 = 0x0300,
	TLS1_3 = 0x0304,
	SECONDS_BETWEEN = 60, /* lines for one cause */
	TEXT_MAX = 256,
};

/* "192.0.2.7:50112", "[2001:db8::7]:50112", or what else can be said. */
static void peer_name(const struct image *image, const SSL *ssl, char *text, size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_storage room;
	} peer;
	socklen_t len = sizeof(peer);
	int fd = image->SSL_get_rfd == NULL ? -1 : image->SSL_get_rfd(ssl);
	char host[INET6_ADDRSTRLEN] = "";

	if (fd < 0 || getpeername(fd, &peer.any, &len) != 0)
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

/* What admits one client need not admit an older one: each version below the floor has its own. */
static int row_of(enum cause cause, int offered)
{
	return cause == CAUSE_MIN_PROTOCOL ? CAUSE_COUNT + offered - SSL3 : (int)cause;
}

_Static_assert(CAUSE_COUNT + TLS1_3 - SSL3 <= SHARED_LIMITS, "each row has its place");

/* Whether it is time for a line; @untold counts those since the last one, of all children. */
static bool is_due(int row, unsigned int *untold)
{
	struct shared_limit *limit = &shared_page()->limits[row];
	uint32_t before = atomic_load(&limit->last), second;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	second = (uint32_t)now.tv_sec + 1; /* 0 is never; a monotonic clock may start there */
	if ((before != 0 && second - before < SECONDS_BETWEEN) ||
	    !atomic_compare_exchange_strong(&limit->last, &before, second)) {
		atomic_fetch_add(&limit->waiting, 1);
		return false;
	}
	*untold = atomic_exchange(&limit->waiting, 0);
	return true;
}

/* --- what has to change ------------------------------------------------------ */

/* Its profile, where that is what set it; "default" stands for none. */
static const struct profile *profile_of(const char *list, size_t offset)
{
	const struct profile *profile = config_profile(config_get());

	return list[0] != '\0' && strcmp(list, (const char *)profile + offset) == 0 ? profile
										    : NULL;
}

static void add(char text[TEXT_MAX], const char *format, const char *what)
{
	size_t used = strlen(text);

	if (used != 0)
		used += (size_t)snprintf(text + used, TEXT_MAX - used, " and ");
	snprintf(text + used, TEXT_MAX - used, format, what);
}

/* SSL 3.0 is below every floor. */
static void admit_sslv3(const struct image *image, char text[TEXT_MAX])
{
	const struct config *config = config_get();
	size_t used;

	if (!config->allow_sslv3)
		add(text, "%s", "SSLHARDEN_ALLOW_SSLV3=1");
	if (config->profile != 0)
		add(text, "%s", "SSLHARDEN_PROFILE=default");
	if (config->min_protocol != config_profile(config)->min_protocol)
		add(text, "%s", "no SSLHARDEN_MIN_PROTOCOL");
	used = strlen(text);
	snprintf(text + used, TEXT_MAX - used, " %s it%s",
		 strstr(text, " and ") ? "admit" : "admits",
		 image->SSL_CTX_new_ex == NULL
			 ? ""
			 : ", if the program's cipher string has @SECLEVEL=0");
}

static void admit_version(int offered, char text[TEXT_MAX])
{
	const char *ciphers = config_get()->ciphers;
	size_t used;

	add(text, "SSLHARDEN_MIN_PROTOCOL=%s", version_name(offered));
	/* Mozilla's have nothing that is older than TLS 1.2. */
	if (profile_of(ciphers, offsetof(struct profile, ciphers)) != NULL)
		add(text, "%s", "SSLHARDEN_CIPHERS=DEFAULT");
	used = strlen(text);
	snprintf(text + used, TEXT_MAX - used, " %s it%s",
		 strstr(text, " and ") ? "admit" : "admits",
		 ciphers[0] != '\0' && strstr(text, " and ") == NULL
			 ? ", if SSLHARDEN_CIPHERS has a suite for it"
			 : "");
}

/* Of a list: whose it is, and what admits a client that has nothing of it. */
static void admit_by_list(const char *variable, const char *list, size_t offset, const char *other,
			  char text[TEXT_MAX])
{
	const struct profile *profile = profile_of(list, offset);

	if (profile != NULL)
		snprintf(text, TEXT_MAX, "%s is that of SSLHARDEN_PROFILE=%s; %s admits it",
			 variable, profile->name, other);
	else
		snprintf(text, TEXT_MAX, "a longer %s, or none, admits it", variable);
}

/* --- the line ---------------------------------------------------------------- */

static void what_admits(const struct image *image, enum cause cause, int offered,
			char text[TEXT_MAX])
{
	const struct config *config = config_get();
	const char *floor = version_name(config->min_protocol);

	switch (cause) {
	case CAUSE_SSLV3:
		admit_sslv3(image, text);
		break;
	case CAUSE_MIN_PROTOCOL:
		admit_version(offered, text);
		break;
	case CAUSE_MAX_PROTOCOL:
		snprintf(text, TEXT_MAX,
			 "SSLHARDEN_MAX_PROTOCOL is %s; a newer one, or none, admits it",
			 version_name(config->max_protocol));
		break;
	case CAUSE_FORBIDDEN:
		snprintf(text, TEXT_MAX,
			 "SSLHARDEN_MIN_PROTOCOL is %s, which the program itself forbids; a lower "
			 "one, or the program's own settings, admits it",
			 floor);
		break;
	case CAUSE_CIPHERS:
		admit_by_list("SSLHARDEN_CIPHERS", config->ciphers,
			      offsetof(struct profile, ciphers),
			      "SSLHARDEN_CIPHERS=DEFAULT, or a longer list,", text);
		break;
	case CAUSE_FORBID:
		snprintf(text, TEXT_MAX, "a shorter SSLHARDEN_FORBID, or none%s, admits it",
			 config->ciphers[0] != '\0' ? ", or a longer SSLHARDEN_CIPHERS" : "");
		break;
	case CAUSE_RENEGOTIATION:
		snprintf(text, TEXT_MAX, "SSLHARDEN_NO_CLIENT_RENEGOTIATION=0 admits it");
		break;
	case CAUSE_OPENED:
		snprintf(text, TEXT_MAX, "SSLHARDEN_MAX_PROTOCOL=TLSv1.2 admits it");
		break;
	case CAUSE_CIPHERSUITES:
		admit_by_list("SSLHARDEN_CIPHERSUITES", config->ciphersuites,
			      offsetof(struct profile, ciphersuites), "a longer list", text);
		break;
	default:
		admit_by_list("SSLHARDEN_GROUPS", config->groups, offsetof(struct profile, groups),
			      "a longer list", text);
	}
}

/* What is known of the client, and of the settings that stand in its way. */
static void what_it_offers(enum cause cause, int offered, char text[TEXT_MAX])
{
	switch (cause) {
	case CAUSE_SSLV3:
	case CAUSE_MIN_PROTOCOL:
		snprintf(text, TEXT_MAX, " offering at most %s", version_name(offered));
		break;
	case CAUSE_MAX_PROTOCOL:
		snprintf(text, TEXT_MAX, " offering only newer versions");
		break;
	case CAUSE_CIPHERS:
	case CAUSE_FORBID:
	case CAUSE_CIPHERSUITES:
		snprintf(text, TEXT_MAX, " offering no cipher of the list%s",
			 config_get()->groups[0] != '\0' ? ", or none that its groups go with"
							 : "");
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

void explain(const struct image *image, const SSL *ssl, enum cause cause, int offered)
{
	const struct config *config = config_get();
	bool audit = config->mode == MODE_AUDIT;
	char peer[64], more[48] = "", floor[64] = "", offers[TEXT_MAX] = "", admits[TEXT_MAX] = "";
	unsigned int untold = 0;

	if (config->log_target == LOG_TARGET_NONE || config->log_level < LOG_LEVEL_WARNING ||
	    !is_due(row_of(cause, offered), &untold))
		return;
	peer_name(image, ssl, peer, sizeof(peer));
	if (untold != 0)
		snprintf(more, sizeof(more), " (and %u more since the last line)", untold);
	what_it_offers(cause, offered, offers);
	what_admits(image, cause, offered, admits);
	if (cause == CAUSE_MIN_PROTOCOL)
		snprintf(floor, sizeof(floor), "SSLHARDEN_MIN_PROTOCOL is %s%s, ",
			 version_name(config->min_protocol),
			 config_profile(config)->min_protocol == config->min_protocol
				 ? " by the profile"
				 : "");
	log_message(LOG_LEVEL_WARNING, "%s a client%s from %s%s; %s%s",
		    audit ? "audit: would refuse" : "refused", offers, peer, more, floor, admits);
}
