/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "enclosure.h"

#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* As linux/ipv6.h has it, which does not go together with netinet/in.h. */
struct in6_request {
	struct in6_addr address;
	uint32_t prefix;
	int interface;
};

static bool put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return is_written;
}

/* Who is not root needs a user namespace, and stays who he is there. */
static bool namespaces_make(void)
{
	unsigned long uid = geteuid(), gid = getegid();
	int wanted = CLONE_NEWNET | CLONE_NEWNS;

	/* Root itself would be the only user in there, and servers become others. */
	if (uid == 0 || unshare(wanted) == 0)
		return uid != 0 || unshare(wanted) == 0;
	return unshare(wanted | CLONE_NEWUSER) == 0 && put_text("/proc/self/setgroups", "deny") &&
	       put_text("/proc/self/uid_map", text_make("%lu %lu 1", uid, uid)) &&
	       put_text("/proc/self/gid_map", text_make("%lu %lu 1", gid, gid));
}

/* --- the network ---------------------------------------------------------------- */

/* On the loopback interface, for the server that listens on one of the host's addresses. */
static void address_add(const struct sockaddr *address, int number)
{
	struct ifreq request = {0};
	struct in6_request request6 = {.prefix = 128, .interface = 1};
	int fd = socket(address->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (address->sa_family == AF_INET) {
		snprintf(request.ifr_name, sizeof(request.ifr_name), "lo:%d", number);
		memcpy(&request.ifr_addr, address, sizeof(struct sockaddr_in));
		ioctl(fd, SIOCSIFADDR, &request);
		memset(&((struct sockaddr_in *)&request.ifr_netmask)->sin_addr, 0xff, 4);
		ioctl(fd, SIOCSIFNETMASK, &request);
	} else {
		request6.address = ((const struct sockaddr_in6 *)address)->sin6_addr;
		ioctl(fd, SIOCSIFADDR, &request6);
	}
	close(fd);
}

static bool is_of_host(const struct ifaddrs *each)
{
	const struct sockaddr *address = each->ifa_addr;

	if (address == NULL || (each->ifa_flags & IFF_LOOPBACK) != 0)
		return false;
	return address->sa_family == AF_INET ||
	       (address->sa_family == AF_INET6 &&
		!IN6_IS_ADDR_LINKLOCAL(&((const struct sockaddr_in6 *)address)->sin6_addr));
}

static bool network_make(const struct ifaddrs *host)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), number = 1;
	bool is_up = fd >= 0 && ioctl(fd, SIOCGIFFLAGS, &request) == 0;

	request.ifr_flags |= IFF_UP;
	is_up = is_up && ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	if (fd >= 0)
		close(fd);
	for (; is_up && host != NULL; host = host->ifa_next) {
		if (is_of_host(host))
			address_add(host->ifa_addr, number++);
	}
	/* Nobody else is here whose port it could take. */
	put_text("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	return is_up;
}

/* --- /run ------------------------------------------------------------------------ */

/* What is there can be seen; what is written is gone afterwards. */
static bool cover(const char *folder)
{
	int below = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *upper = text_make("%s/upper", folder), *work = text_make("%s/work", folder);
	char *data =
		text_make("lowerdir=/proc/self/fd/%d,upperdir=%s,workdir=%s", below, upper, work);
	struct stat as;
	bool is_covered =
		below >= 0 && fstat(below, &as) == 0 &&
		mount("sslharden", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") == 0 &&
		mkdir(upper, 0755) == 0 && mkdir(work, 0755) == 0 &&
		chmod(upper, as.st_mode & 07777) == 0;
	int error;

	if (is_covered && chown(upper, as.st_uid, as.st_gid) != 0)
		errno = 0; /* not root's, in a user namespace: who writes there is himself */
	is_covered = is_covered &&
		     mount("sslharden", folder, "overlay", MS_NOSUID | MS_NODEV, data) == 0;
	error = errno;
	if (below >= 0)
		close(below);
	errno = error;
	return is_covered;
}

static bool files_make(void)
{
	struct stat is;

	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 && cover("/run") &&
	       /* A link to /run nearly everywhere. */
	       (lstat("/var/run", &is) != 0 || !S_ISDIR(is.st_mode) || cover("/var/run"));
}

/* Returns the first of them that cannot be covered, or NULL. */
static const char *folders_make(const struct strings *folders)
{
	for (size_t i = 0; i < folders->count; i++) {
		if (!cover(folders->items[i]))
			return folders->items[i];
	}
	return NULL;
}

bool enclosure_enter(const struct strings *folders, char **why)
{
	struct ifaddrs *host = NULL;
	const char *what = NULL;

	if (getifaddrs(&host) != 0)
		host = NULL;
	if (!namespaces_make())
		what = "namespaces";
	else if (!network_make(host))
		what = "the loopback interface";
	else if (!files_make())
		what = "a /run of its own";
	else
		what = folders_make(folders);
	if (what != NULL)
		*why = text_make("%s: %s", what, strerror(errno));
	if (host != NULL)
		freeifaddrs(host);
	return what == NULL;
}
