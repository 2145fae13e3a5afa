/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/sink.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "memory/kernel.h"
#include "settings/descriptor.h"

/*
 * Sends one message to /dev/log without waiting for the receiver.
 *
 * @type  SOCK_DGRAM, or SOCK_STREAM for the few receivers that want it (syslog-ng's unix-stream);
 *        there a NUL ends a message
 */
static bool send_as(int type, const char *line, size_t len)
{
	static const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	int fd = descriptor_socket(AF_UNIX, type), error;
	bool sent = fd >= 0 &&
		    kernel_connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
		    kernel_send(fd, line, len, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)len;

	error = errno;
	if (fd >= 0)
		kernel_close(fd);
	errno = error;
	return sent;
}

/*
 * syslog(3) is not used: glibc's keeps its descriptor, whose number may become a client's
 * connection in a daemon that closes all descriptors, and takes a lock, which a forked child may
 * inherit locked. So each message has a socket of its own.
 */
bool sink_syslog(const char *line, size_t len)
{
	return send_as(SOCK_DGRAM, line, len) ||
	       (errno == EPROTOTYPE && send_as(SOCK_STREAM, line, len + 1));
}
