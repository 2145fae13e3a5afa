/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/descriptor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"

/* Unix98 terminals (Documentation/admin-guide/devices.txt); other devices keep their number. */
enum { PTS_MAJOR_FIRST = 136, PTS_MAJOR_LAST = 143 };

/*
 * fstat got a new symbol version in glibc 2.33 and was inlined before, fcntl a new name in
 * 2.28; the system calls fill the struct stat of every libc that we support.
 */
bool descriptor_stat(int fd, struct stat *st)
{
#ifdef SYS_fstat64 /* 32-bit, with _FILE_OFFSET_BITS=64 (CMakeLists.txt) */
	return syscall(SYS_fstat64, fd, st) == 0;
#else
	return syscall(SYS_fstat, fd, st) == 0;
#endif
}

bool descriptor_stat_at(int dir, const char *name, int flags, struct stat *st)
{
#ifdef SYS_fstatat64
	return syscall(SYS_fstatat64, dir, name, st, flags) == 0;
#else
	return syscall(SYS_newfstatat, dir, name, st, flags) == 0;
#endif
}

static int control(int fd, int command, long argument)
{
#ifdef SYS_fcntl64 /* 32-bit */
	return (int)syscall(SYS_fcntl64, fd, command, argument);
#else
	return (int)syscall(SYS_fcntl, fd, command, argument);
#endif
}

/* For a kernel that did not know the flags. */
static void finish(int fd)
{
	control(fd, F_SETFD, FD_CLOEXEC);
	control(fd, F_SETFL, control(fd, F_GETFL, 0) | O_NONBLOCK);
}

int descriptor_keep(int fd, int least)
{
	int kept = control(fd, F_DUPFD_CLOEXEC, least);

	if (kept < 0 && errno == EINVAL) { /* Linux before 2.6.24 */
		kept = control(fd, F_DUPFD, least);
		control(kept, F_SETFD, FD_CLOEXEC);
	}
	return kept;
}

bool descriptor_pipe(int ends[2])
{
	if (syscall(SYS_pipe2, ends, O_CLOEXEC | O_NONBLOCK) == 0)
		return true;
#ifdef SYS_pipe /* Linux before 2.6.27; what has no such call came later */
	if (errno == ENOSYS && syscall(SYS_pipe, ends) == 0) {
		finish(ends[0]);
		finish(ends[1]);
		return true;
	}
#endif
	return false;
}

int descriptor_socket(int family, int type)
{
	int fd = kernel_socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0 && errno == EINVAL) {
		fd = kernel_socket(family, type);
		if (fd >= 0)
			finish(fd);
	}
	return fd;
}

/* AT_STATX_DONT_SYNC: a file server that does not answer is not waited for. */
static void birth_take(struct identity *identity, int fd)
{
#if defined(SYS_statx) && defined(STATX_BTIME)
	struct statx stx;

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BTIME, &stx) !=
		    0 ||
	    (stx.stx_mask & STATX_BTIME) == 0)
		return;
	identity->has_birth = true;
	identity->birth = stx.stx_btime.tv_sec;
	identity->birth_nsec = stx.stx_btime.tv_nsec;
#else
	(void)identity, (void)fd;
#endif
}

static bool handle_take(struct identity *identity, int fd)
{
	union {
		struct file_handle handle;
		unsigned char room[sizeof(struct file_handle) + IDENTITY_HANDLE_MAX];
	} found;
	int mount;

	found.handle.handle_bytes = IDENTITY_HANDLE_MAX;
	if (syscall(SYS_name_to_handle_at, fd, "", &found.handle, &mount, AT_EMPTY_PATH) != 0)
		return false;
	identity->handle_len = found.handle.handle_bytes;
	identity->handle_type = found.handle.handle_type;
	memcpy(identity->handle, found.handle.f_handle, found.handle.handle_bytes);
	return true;
}

/*
 * For Linux before 2.6.39, where ext2 to ext4, XFS and others have this ioctl.  Later kernels pass
 * it on to a file server in user space (FUSE), which would be waited for.
 */
static void generation_take(struct identity *identity, int fd)
{
	unsigned long generation = 0;

	if (syscall(SYS_ioctl, fd, FS_IOC_GETVERSION, &generation) != 0)
		return;
	identity->handle_len = sizeof(generation);
	identity->handle_type = -1;
	memcpy(identity->handle, &generation, sizeof(generation));
}

static void number_take(struct identity *identity, int fd)
{
	birth_take(identity, fd);
	if (!identity->has_birth && !handle_take(identity, fd) && errno == ENOSYS)
		generation_take(identity, fd);
}

void identity_take(struct identity *identity, int fd)
{
	memset(identity, 0, sizeof(*identity));
	if (!descriptor_stat(fd, &identity->st))
		memset(&identity->st, 0, sizeof(identity->st));
	else if (S_ISREG(identity->st.st_mode) || S_ISFIFO(identity->st.st_mode))
		number_take(identity, fd);
}

static bool is_same_file(const struct identity *before, const struct identity *now)
{
	if (before->has_birth)
		return now->has_birth && now->birth == before->birth &&
		       now->birth_nsec == before->birth_nsec;
	return before->handle_len != 0 && now->handle_len == before->handle_len &&
	       now->handle_type == before->handle_type &&
	       memcmp(now->handle, before->handle, before->handle_len) == 0;
}

/*
 * A terminal's number is used again for the next session.  Its inode is new then, with another time
 * of change, which writing and reading do not move.
 */
static bool is_same_device(const struct stat *before, const struct stat *now)
{
	unsigned int number = device_major(now->st_rdev);

	if (now->st_rdev != before->st_rdev)
		return false;
	return number < PTS_MAJOR_FIRST || number > PTS_MAJOR_LAST ||
	       (now->st_ctim.tv_sec == before->st_ctim.tv_sec &&
		now->st_ctim.tv_nsec == before->st_ctim.tv_nsec);
}

/*
 * Sockets and pipes without a name have neither, but inode numbers that the kernel counts up (32
 * bits).
 */
static bool is_counted(const struct identity *identity)
{
	return S_ISSOCK(identity->st.st_mode) ||
	       (S_ISFIFO(identity->st.st_mode) && !identity->has_birth &&
		identity->handle_len == 0);
}

bool identity_is(const struct identity *identity, int fd)
{
	const struct stat *before = &identity->st;
	struct identity now = {.has_birth = false};

	if (before->st_mode == 0 || !descriptor_stat(fd, &now.st) ||
	    ((now.st.st_mode ^ before->st_mode) & S_IFMT) != 0 || now.st.st_dev != before->st_dev ||
	    now.st.st_ino != before->st_ino)
		return false;
	if (S_ISCHR(before->st_mode))
		return is_same_device(before, &now.st);
	if (is_counted(identity))
		return true;
	if (!S_ISREG(before->st_mode) && !S_ISFIFO(before->st_mode))
		return false;
	number_take(&now, fd);
	return is_same_file(identity, &now);
}
