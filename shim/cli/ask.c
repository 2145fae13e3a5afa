/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "ask.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli.h"
#include "patience.h"

int ask_connect(const union address *address, long until)
{
	bool is_v6 = address->any.sa_family == AF_INET6;
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int error = 0;
	socklen_t size = sizeof(error);

	if (fd < 0)
		return -1;
	if (connect(fd, &address->any, is_v6 ? sizeof(address->v6) : sizeof(address->v4)) == 0)
		return fd;
	while (errno == EINPROGRESS && patience_now() < until && patience_signal() == 0) {
		if (!patience_wait(fd, POLLOUT, until)) {
			errno = EINPROGRESS;
			continue;
		}
		if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
			return fd;
		break;
	}
	close(fd);
	return -1;
}

/* False: the connection has ended, or the time has. */
static bool send_all(int fd, const void *bytes, size_t len, long until)
{
	const char *at = bytes;

	while (len > 0 && patience_now() < until && patience_signal() == 0) {
		ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);

		if (sent > 0) {
			at += sent;
			len -= (size_t)sent;
		} else if (errno != EAGAIN && errno != EINTR) {
			return false;
		} else {
			patience_wait(fd, POLLOUT, until);
		}
	}
	return len == 0;
}

/* How many more bytes came; 0: the connection has ended; -1: the time has. */
static ssize_t receive(int fd, void *to, size_t room, long until)
{
	while (patience_now() < until && patience_signal() == 0) {
		ssize_t got = recv(fd, to, room, 0);

		if (got >= 0)
			return got;
		if (errno != EAGAIN && errno != EINTR)
			return 0;
		patience_wait(fd, POLLIN, until);
	}
	return -1;
}

/* --- the plain words ----------------------------------------------------------- */

static bool hear(int fd, const struct step *step, long until)
{
	char text[16384];
	size_t len = 0;
	enum hearing heard = HEARD_PART;

	while (heard == HEARD_PART && len < sizeof(text)) {
		ssize_t got = receive(fd, text + len, sizeof(text) - len, until);

		if (got <= 0)
			return false;
		len += (size_t)got;
		heard = step->hear(text, len, step->wanted);
	}
	return heard == HEARD_YES;
}

static bool say(int fd, const struct step *step, const char *name, long until)
{
	const char *place = step->len == 0 ? strstr(step->say, "%s") : NULL;
	char *text;
	bool sent;

	if (step->len > 0)
		return send_all(fd, step->say, step->len, until);
	if (place == NULL)
		return send_all(fd, step->say, strlen(step->say), until);
	/* At once: Prosody waits for ever behind the first part of an element. */
	text = text_make("%.*s%s%s", (int)(place - step->say), step->say, name, place + 2);
	sent = send_all(fd, text, strlen(text), until);
	free(text);
	return sent;
}

static bool agree(int fd, const struct target *target, long until)
{
	const char *name = target->name != NULL ? target->name : "localhost";

	for (int i = 0; target->starttls != NULL && i < STARTTLS_STEPS; i++) {
		const struct step *step = &target->starttls->steps[i];

		if (step->wanted != NULL && !hear(fd, step, until))
			return false;
		if (step->say != NULL && !say(fd, step, name, until))
			return false;
	}
	return true;
}

/* --- the question -------------------------------------------------------------- */

static void listen_to(int fd, struct reply *reply, long until)
{
	static uint8_t bytes[REPLY_MAX];
	size_t len = 0;

	memset(reply, 0, sizeof(*reply));
	while (reply->outcome == OUTCOME_NONE && len < sizeof(bytes)) {
		ssize_t got = receive(fd, bytes + len, sizeof(bytes) - len, until);

		if (got < 0)
			return;
		if (got == 0) { /* some close where others send an alert */
			reply->outcome = OUTCOME_REFUSED;
			return;
		}
		len += (size_t)got;
		reply_read(bytes, len, reply);
	}
}

int ask(const struct target *target, const struct hello *hello, struct reply *reply)
{
	long until = patience_now() + target->time;
	uint8_t random[HELLO_RANDOM], said[HELLO_MAX];
	struct hello named = *hello;
	int fd;

	memset(reply, 0, sizeof(*reply));
	named.name = target->name;
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return -1;
	fd = ask_connect(&target->address, until);
	if (fd < 0)
		return -1;
	if (!agree(fd, target, until))
		reply->outcome = OUTCOME_NOT_TLS;
	else if (send_all(fd, said, hello_make(&named, random, said), until))
		listen_to(fd, reply, until);
	else
		reply->outcome = OUTCOME_REFUSED;
	return fd;
}
