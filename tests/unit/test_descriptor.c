/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/descriptor.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"

static int file_make(const char *path)
{
	return open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
}

/* Two descriptors of one thing are it, and others are not. */
static void differ(int first, int second)
{
	struct identity identity;
	int again = descriptor_keep(first, 50);

	CHECK(again >= 50 && fcntl(again, F_GETFD) == FD_CLOEXEC);
	identity_take(&identity, first);
	CHECK(identity_is(&identity, first));
	CHECK(identity_is(&identity, again));
	CHECK(!identity_is(&identity, second));
	close(first);
	CHECK(!identity_is(&identity, first));
	close(again);
	close(second);
}

/* A file that is removed, and one that gets its inode's number, where the file system does that. */
static void used_again(const char *path)
{
	struct identity identity;
	int fd = file_make(path);

	identity_take(&identity, fd);
	CHECK(identity.has_birth || identity.handle_len != 0);
	close(fd);
	for (int i = 0; i < 20; i++) {
		usleep(10000);
		unlink(path);
		fd = file_make(path);
		CHECK(!identity_is(&identity, fd));
		close(fd);
	}
	unlink(path);
}

/* With nothing but device and inode to go by, nobody knows. */
static void unknown(const char *path)
{
	struct identity identity;
	int fd = file_make(path);

	identity_take(&identity, fd);
	identity.has_birth = false;
	identity.handle_len = 0;
	CHECK(!identity_is(&identity, fd));
	close(fd);
	unlink(path);
}

int main(void)
{
	char folder[] = "/var/tmp/sslharden-unit-XXXXXX", path[64], other[64];
	struct identity identity;
	struct stat st;
	int pair[2];

	CHECK(mkdtemp(folder) != NULL);
	snprintf(path, sizeof(path), "%s/one", folder);
	snprintf(other, sizeof(other), "%s/two", folder);
	differ(file_make(path), file_make(other));
	CHECK(descriptor_stat_at(-1, path, AT_SYMLINK_NOFOLLOW, &st) && S_ISREG(st.st_mode) &&
	      st.st_nlink == 1);
	unlink(path);
	CHECK(!descriptor_stat_at(-1, path, AT_SYMLINK_NOFOLLOW, &st));
	unlink(other);
	CHECK(symlink("nowhere", path) == 0);
	CHECK(descriptor_stat_at(-1, path, AT_SYMLINK_NOFOLLOW, &st) && S_ISLNK(st.st_mode));
	unlink(path);
	used_again(path);
	unknown(path);
	CHECK(mkfifo(path, 0600) == 0 && mkfifo(other, 0600) == 0);
	differ(open(path, O_RDWR), open(other, O_RDWR));
	unlink(path);
	unlink(other);
	rmdir(folder);

	CHECK(pipe(pair) == 0);
	differ(pair[0], dup(STDIN_FILENO));
	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	differ(pair[0], pair[1]);
	differ(open("/dev/null", O_RDWR), open("/dev/zero", O_RDWR));

	CHECK(open("/dev/null", O_RDONLY) >= 0 && stat("/dev/null", &st) == 0);
	CHECK(device_major(st.st_rdev) == 1);
	identity_take(&identity, 999);
	CHECK(!identity_is(&identity, 999) && !identity_is(&identity, 0));
	return check_failures != 0;
}
