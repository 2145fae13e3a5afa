/* SPDX-License-Identifier: MIT
 *
 * Hard lives: lives LIFE [ARGUMENT...]
 *   storm CERTIFICATE THREADS COUNT   contexts made and freed by half of the threads
 *                                     while the others shake hands, and one makes us
 *                                     forget what was resolved
 *   fork THREADS COUNT                children forked while others look everything up, and
 *                                     one opens and closes a library
 *   child THREADS COUNT               children forked while others ask for functions by name
 *                                     open a library
 *   signal COUNT                      contexts read in a signal handler, while the thread
 *                                     that it interrupts opens and closes a library
 *   namespace                         the same once, into a PID namespace: started as
 *                                     its first process, the child has its parent's pid
 *   vfork PROGRAM                     a program started by vfork; a context before and after
 *   stack                             all of it on the smallest stack there is
 *   depth CERTIFICATE                 how much stack it takes to answer a client of TLS 1.1
 *   alloc                             each allocation of a context's making fails once
 *   cancel COUNT                      threads cancelled wherever they are
 *   point                             a thread whose cancellation waits for a point where it
 *                                     may be, and that has a lock while it makes a context
 *   jump                              a context made in the middle of another's making, which
 *                                     is then left by a jump; and one after it
 *   filter CERTIFICATE                the first contexts, and handshakes, behind a filter that kills
 *                                     who makes a system call that a worker of TLS hardly needs
 *   reuse                             contexts at addresses where others were
 *   soak CERTIFICATE COUNT            handshakes, every other one a resumption, with contexts
 *                                     of all kinds that come and go; how much memory grew
 *                                     after the first fifth
 *   apart CERTIFICATE COUNT           connections, each at addresses where nothing ever was; how
 *                                     much memory grew, and how many of them kept some
 *   many CERTIFICATE PROCESSES THREADS COUNT   so many handshakes a thread of each child; then
 *                                     "counted", and it lives until its standard input ends
 *   leak                              nothing of it is freed, for a leak checker to find
 * Each prints what policy bits were ever missing, as "lost", and what else it saw.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#define DENIED_OF_THREAD
#include "denied.h"

#if OPENSSL_VERSION_NUMBER >= 0x40000000L /* it has no pins */
#define TLSv1_server_method TLS_server_method
#define TLSv1_2_server_method TLS_server_method
#define TLSv1_2_method TLS_method
#define TLSv1_2_client_method TLS_client_method
#endif

enum { THREADS_MAX = 64 };

static const unsigned long policy = SSL_OP_NO_SSLv3 | SSL_OP_CIPHER_SERVER_PREFERENCE;
static atomic_ulong lost;
static atomic_int done;
static const char *certificate;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "lives: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(3);
}

static void check(unsigned long options)
{
	atomic_fetch_or(&lost, policy & ~options);
}

static void report(const char *life)
{
	printf("%s lost 0x%lx\n", life, (unsigned long)atomic_load(&lost));
}

/* --- contexts and handshakes -------------------------------------------------- */

static SSL_CTX *pinned(void)
{
	return SSL_CTX_new(TLSv1_server_method());
}

/* A server's context that a program makes lax, and a connection that takes the server side. */
static void make_and_free(void)
{
	SSL_CTX *ctxs[2] = {pinned(), SSL_CTX_new(TLS_method())};

	for (int i = 0; i < 2; i++) {
		SSL *ssl;

		if (ctxs[i] == NULL)
			continue;
		SSL_CTX_clear_options(ctxs[i], policy);
		ssl = SSL_new(ctxs[i]);
		if (ssl != NULL) {
			SSL_set_accept_state(ssl);
			check((unsigned long)SSL_get_options(ssl));
			SSL_free(ssl);
		}
		SSL_CTX_free(ctxs[i]);
	}
}

static SSL_CTX *serving_context(const SSL_METHOD *method)
{
	SSL_CTX *ctx = SSL_CTX_new(method);

	if (ctx == NULL || SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1 ||
	    SSL_CTX_use_PrivateKey_file(ctx, certificate, SSL_FILETYPE_PEM) != 1)
		die(certificate);
	return ctx;
}

/* The client's end stays the caller's. */
static void shake_hands(SSL_CTX *server_ctx, SSL *client)
{
	SSL *ends[2] = {SSL_new(server_ctx), client};
	BIO *bios[2];
	int ret[2] = {0, 0};

	BIO_new_bio_pair(&bios[0], 0, &bios[1], 0);
	for (int i = 0; i < 2; i++)
		SSL_set_bio(ends[i], bios[i], bios[i]);
	SSL_set_accept_state(ends[0]);
	SSL_set_connect_state(ends[1]);
	for (int i = 0; i < 10 && (ret[0] != 1 || ret[1] != 1); i++)
		ret[i % 2] = SSL_do_handshake(ends[i % 2]);
	if (ret[0] != 1 || ret[1] != 1)
		die("handshake");
	check((unsigned long)SSL_get_options(ends[0]));
	SSL_free(ends[0]);
}

/* --- lives -------------------------------------------------------------------- */

static int count;

static void *maker(void *unused)
{
	for (int i = 0; i < count; i++)
		make_and_free();
	return unused;
}

static void *shaker(void *server_ctx)
{
	SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());

	for (int i = 0; i < count; i += 10) {
		SSL *client = SSL_new(client_ctx);

		shake_hands(server_ctx, client);
		SSL_free(client);
	}
	SSL_CTX_free(client_ctx);
	return NULL;
}

/* One of libc's own that nothing needs, so that it is really loaded and unloaded. */
static void open_and_close(void)
{
	void *handle = dlopen("libBrokenLocale.so.1", RTLD_LAZY);

	dlclose(handle != NULL ? handle : dlopen(NULL, RTLD_LAZY));
}

/* Each dlclose makes the library look everything up again. */
static void *forgetter(void *unused)
{
	while (!atomic_load(&done))
		open_and_close();
	return unused;
}

static void start(pthread_t *id, void *(*life)(void *), void *argument)
{
	if (pthread_create(id, NULL, life, argument) != 0)
		die("pthread_create");
}

static void storm(int threads)
{
	pthread_t ids[THREADS_MAX], forgets;
	SSL_CTX *server_ctx = serving_context(TLS_method());

	start(&forgets, forgetter, NULL);
	for (int i = 0; i < threads; i++)
		start(&ids[i], i % 2 == 0 ? maker : shaker, server_ctx);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	atomic_store(&done, 1);
	pthread_join(forgets, NULL);
	SSL_CTX_free(server_ctx);
	report("storm");
}

static void many(int processes, int threads)
{
	pthread_t ids[THREADS_MAX];
	SSL_CTX *server_ctx = serving_context(TLS_method());

	for (int p = 0; p < processes; p++) {
		if (fork() != 0)
			continue;
		for (int i = 0; i < threads; i++)
			start(&ids[i], shaker, server_ctx);
		for (int i = 0; i < threads; i++)
			pthread_join(ids[i], NULL);
		_exit(0);
	}
	while (wait(NULL) > 0)
		;
	puts("counted");
	fflush(stdout);
	while (getchar() != EOF)
		;
	report("many");
}

/* libssl's own locks do not survive a fork; these calls take none. */
static atomic_int peeking;

/* The same by handle, where each look-up goes through the loader's list. */
static void *asker(void *handle)
{
	while (!atomic_load(&done)) {
		dlsym(handle, "SSL_CTX_new");
		atomic_fetch_add(&peeking, 1);
	}
	return NULL;
}

static void *libssl_handle(void)
{
	Dl_info info;

	return dladdr((void *)SSL_CTX_free, &info) == 0
		       ? NULL
		       : dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
}

static void *peeker(void *ctx)
{
	while (!atomic_load(&done)) {
		SSL_CTX_get_options(ctx);
		atomic_fetch_add(&peeking, 1);
	}
	return NULL;
}

/* Whether a child, forked now, got its context's options put back. */
static int child_fails(SSL_CTX *ctx)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		alarm(60); /* a hang guard */
		check(SSL_CTX_clear_options(ctx, policy));
		_exit(atomic_load(&lost) != 0);
	}
	return waitpid(child, &status, 0) != child || status != 0;
}

static void fork_in_the_middle(int threads, int nested)
{
	pthread_t ids[THREADS_MAX], forgets;
	SSL_CTX *ctx = pinned();
	int failed = 0;

	start(&forgets, forgetter, NULL);
	for (int i = 0; i < threads; i++)
		start(&ids[i], nested ? asker : peeker, nested ? libssl_handle() : ctx);
	if (nested && unshare(CLONE_NEWPID) != 0)
		die("unshare");
	while (atomic_load(&peeking) < 10000)
		sched_yield();
	for (int i = 0; i < count; i++)
		failed += child_fails(ctx);
	atomic_store(&done, 1);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	pthread_join(forgets, NULL);
	SSL_CTX_free(ctx);
	printf("fork failed %d\n", failed);
}

/* Bare, dlsym takes a lock that a child gets free, and no other. */
static void open_in_children(int threads)
{
	pthread_t ids[THREADS_MAX];
	int failed = 0, status;

	for (int i = 0; i < threads; i++)
		start(&ids[i], asker, libssl_handle());
	while (atomic_load(&peeking) < 1000)
		sched_yield();
	while (count-- > 0) {
		pid_t child = fork();

		if (child == 0) {
			alarm(60); /* a hang guard */
			open_and_close();
			_exit(0);
		}
		failed += waitpid(child, &status, 0) != child || status != 0;
	}
	atomic_store(&done, 1);
	for (int i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	printf("child failed %d\n", failed);
}

static SSL_CTX *of_the_handler;

static void on_signal(int number)
{
	(void)number;
	check((unsigned long)SSL_CTX_get_options(of_the_handler));
	atomic_fetch_add(&peeking, 1);
}

static void interrupted(void)
{
	struct itimerval timer = {{0, 0}, {0, 0}};

	of_the_handler = pinned();
	SSL_CTX_clear_options(of_the_handler, policy);
	signal(SIGALRM, on_signal);
	/* Once each time, sooner or later: a handler that is slow must not be all that runs. */
	for (int i = 0; atomic_load(&peeking) < count; i++) {
		timer.it_value.tv_usec = 1 + i % 100;
		setitimer(ITIMER_REAL, &timer, NULL);
		open_and_close();
	}
	timer.it_value.tv_usec = 0;
	setitimer(ITIMER_REAL, &timer, NULL);
	SSL_CTX_free(of_the_handler);
	report("signal");
}

static void vfork_and_exec(char **argv)
{
	pid_t child;
	int status;

	make_and_free();
	fflush(stdout);
	child = vfork();
	if (child == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(child, &status, 0);
	printf("vfork status %d\n", status);
	make_and_free();
	report("vfork");
}

static void *on_small_stack(void *unused)
{
	make_and_free();
	return unused;
}

static void small_stack(void)
{
	long least = sysconf(_SC_THREAD_STACK_MIN); /* 16 KiB; arm64: 128 */
	pthread_attr_t attr;
	pthread_t id;

	make_and_free(); /* libssl's own first time needs far more */
	dlclose(dlopen(NULL, RTLD_LAZY)); /* ours is to happen there */
	pthread_attr_init(&attr);
	if (pthread_attr_setstacksize(&attr, (size_t)(least > 16384 ? least : 16384)) != 0 ||
	    pthread_create(&id, &attr, on_small_stack, NULL) != 0)
		die("the smallest stack");
	pthread_join(id, NULL);
	report("stack");
}

static SSL *answered;

static void *answer(void *unused)
{
	SSL_do_handshake(answered);
	ERR_clear_error();
	return unused;
}

static void depth(void)
{
	enum { ROOM = 1 << 18, PAINT = 0xa5 };
	SSL_CTX *server_ctx = serving_context(TLS_method()),
		*client_ctx = SSL_CTX_new(TLS_method());
	SSL *client;
	BIO *bios[2];
	unsigned char *stack =
		mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pthread_attr_t attr;
	int untouched = 0;

	memset(stack, PAINT, ROOM);
	pthread_attr_init(&attr);
	pthread_attr_setstack(&attr, stack, ROOM);
	SSL_CTX_set_cipher_list(server_ctx, "ALL:@SECLEVEL=0");
	SSL_CTX_set_cipher_list(client_ctx, "ALL:@SECLEVEL=0");
	SSL_CTX_set_max_proto_version(client_ctx, TLS1_1_VERSION);
	answered = SSL_new(server_ctx);
	client = SSL_new(client_ctx);
	BIO_new_bio_pair(&bios[0], 0, &bios[1], 0);
	SSL_set_bio(answered, bios[0], bios[0]);
	SSL_set_bio(client, bios[1], bios[1]);
	SSL_set_accept_state(answered);
	SSL_set_connect_state(client);
	for (int i = 0; i < 4; i++) {
		pthread_t id;

		SSL_do_handshake(client);
		if (pthread_create(&id, &attr, answer, NULL) != 0)
			die("pthread_create");
		pthread_join(id, NULL);
	}
	while (stack[untouched] == PAINT)
		untouched++;
	printf("depth %d\n", ROOM - untouched);
	SSL_free(client);
	SSL_free(answered);
	SSL_CTX_free(client_ctx);
	SSL_CTX_free(server_ctx);
}

static void *cancelled(void *ctx)
{
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	for (;;) /* nothing that holds a lock of libc's or libssl's */
		SSL_CTX_get_options(ctx);
	return ctx;
}

static void cancel(void)
{
	SSL_CTX *ctx = pinned();

	while (count-- > 0) {
		pthread_t id;

		start(&id, cancelled, ctx);
		sched_yield();
		pthread_cancel(id);
		pthread_join(id, NULL);
	}
	SSL_CTX_free(ctx);
	make_and_free();
	report("cancel");
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *locked(void *unused)
{
	pthread_cancel(pthread_self()); /* from here on, at the first point */
	pthread_mutex_lock(&lock);
	make_and_free();
	pthread_mutex_unlock(&lock);
	return unused;
}

static void point(void)
{
	pthread_t id;

	SSL_CTX_free(pinned()); /* libssl's own first time is a point, bare too */
	start(&id, locked, NULL);
	pthread_join(id, NULL);
	printf("point lock %d\n", pthread_mutex_trylock(&lock));
	report("point");
}

/*
 * What is remembered of an address must not outlive the context that was there.
 * Says how often an address came back, and whether a client then was a client
 * and a flexible server had no floor of another's pin.
 */
static void reuse(void)
{
	int again = 0, wrong = 0;

	for (int i = 0; i < 100; i++) {
		SSL_CTX *first = SSL_CTX_new(TLSv1_2_server_method()), *second;
		const void *address = first;

		SSL_CTX_free(first);
		second = SSL_CTX_new(i % 2 == 0 ? TLS_client_method() : TLS_server_method());
		again += second == address;
		SSL_CTX_set_options(second, SSL_OP_NO_SSLv3);
		SSL_CTX_clear_options(second, SSL_OP_NO_SSLv3);
		if (i % 2 == 0)
			wrong += (SSL_CTX_get_options(second) & SSL_OP_NO_SSLv3) != 0;
		else
			check((unsigned long)SSL_CTX_get_options(second));
#ifdef SSL_CTX_get_min_proto_version
		wrong += SSL_CTX_get_min_proto_version(second) != 0;
#endif
		SSL_CTX_free(second);
	}
	printf("reuse again %d wrong %d\n", again > 0, wrong);
	report("reuse");
}

/* --- behind a filter ------------------------------------------------------------ */

#ifdef __x86_64__
/*
 * What a worker of kore may call (its src/seccomp.c), as far as one without sockets has a use for it; and
 * what libc asks in its first qsort.
 */
static const int allowed_calls[] = {
	SYS_open,          SYS_stat,         SYS_newfstatat,     SYS_poll,
	SYS_openat,        SYS_fstat,        SYS_read,           SYS_write,
	SYS_lseek,         SYS_close,        SYS_getpid,         SYS_getuid,
	SYS_exit_group,    SYS_brk,          SYS_mmap,           SYS_munmap,
	SYS_mprotect,      SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn,
	SYS_clock_gettime, SYS_futex,        SYS_getrandom,      SYS_sysinfo,
};

static void filter_begin(void)
{
	enum { ALLOWED = sizeof(allowed_calls) / sizeof(allowed_calls[0]) };
	struct sock_filter filter[2 * ALLOWED + 2] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
	struct sock_fprog program = {sizeof(filter) / sizeof(filter[0]), filter};
	struct sock_filter *next = filter + 1;

	for (int i = 0; i < ALLOWED; i++) {
		*next++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
						       (unsigned int)allowed_calls[i], 0, 1);
		*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	*next = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		die("seccomp");
}

static void filtered(void)
{
	const SSL_METHOD *methods[] = {TLS_method(), TLS_server_method(), TLSv1_2_server_method()};
	unsigned char byte;

	RAND_bytes(&byte, 1);
	filter_begin();
	for (int i = 0; i < 3; i++) {
		SSL_CTX *server_ctx = serving_context(methods[i]);
		SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());
		SSL *client = SSL_new(client_ctx);

		shake_hands(server_ctx, client);
		SSL_free(client);
		SSL_CTX_free(client_ctx);
		SSL_CTX_free(server_ctx);
	}
	report("filter");
}
#endif

/* --- a long life ---------------------------------------------------------------- */

/* KiB of this process's memory that are its own. */
static long resident(void)
{
	long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
		die("/proc/self/statm");
	fclose(file);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Shakes hands @times times, with the last session of the first. */
static void sessions(SSL_CTX *server_ctx, SSL_CTX *client_ctx, int times)
{
	SSL_SESSION *session = NULL;

	for (int i = 0; i < times; i++) {
		SSL *client = SSL_new(client_ctx);

		if (session != NULL)
			SSL_set_session(client, session);
		shake_hands(server_ctx, client);
		if (session == NULL)
			session = SSL_get1_session(client);
		SSL_free(client);
	}
	SSL_SESSION_free(session);
}

static void soak(int handshakes)
{
	const SSL_METHOD *methods[] = {TLS_method(), TLS_server_method(), TLSv1_2_server_method(),
				       TLSv1_2_method()};
	enum { EACH = 10 };
	long before = 0;

	for (int i = 0; i < handshakes / EACH; i++) {
		SSL_CTX *server_ctx = serving_context(methods[i % 4]);
		SSL_CTX *client_ctx = SSL_CTX_new(TLSv1_2_client_method());

		sessions(server_ctx, client_ctx, EACH);
		SSL_CTX_free(server_ctx);
		SSL_CTX_free(client_ctx);
		if (i == handshakes / EACH / 5)
			before = resident();
	}
	printf("soak grew %ld KiB\n", resident() - before);
	report("soak");
}

/* --- addresses that do not come again ---------------------------------------------- */

#if OPENSSL_VERSION_NUMBER >= 0x10100000L
enum { ARENA = 1 << 20, PREFIX = 32 };

/* Each has an address range of its own; what libssl allocates comes from the newest. */
struct arena {
	size_t used, live;
};

static char *const arenas = (char *)0x200000000000; /* nothing is mapped there */
static char *next_arena = (char *)0x200000000000;
static struct arena *arena; /* NULL: malloc's */

static void arena_open(void)
{
	arena = mmap(next_arena, ARENA, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	if (arena == MAP_FAILED)
		die("mmap");
	next_arena += ARENA;
	arena->used = PREFIX;
}

/* Whether something of it is kept. */
static int arena_close(void)
{
	int kept = arena->live != 0;

	if (!kept)
		munmap(arena, ARENA);
	arena = NULL;
	return kept;
}

static int of_arena(const void *p)
{
	return (const char *)p >= arenas && (const char *)p < next_arena;
}

static void *apart_malloc(size_t size, const char *file, int line)
{
	size_t needed = (size + 2 * PREFIX - 1) / PREFIX * PREFIX;
	char *p;

	(void)file, (void)line;
	if (arena == NULL || needed > ARENA - arena->used)
		return malloc(size);
	p = (char *)arena + arena->used;
	*(size_t *)(void *)p = size;
	arena->used += needed;
	arena->live++;
	return p + PREFIX;
}

static void apart_free(void *p, const char *file, int line)
{
	(void)file, (void)line;
	if (!of_arena(p))
		free(p);
	else
		((struct arena *)((size_t)p & ~((size_t)ARENA - 1)))->live--;
}

static void *apart_realloc(void *p, size_t size, const char *file, int line)
{
	size_t before = of_arena(p) ? *(size_t *)(void *)((char *)p - PREFIX) : 0;
	void *moved;

	if (!of_arena(p))
		return p == NULL ? apart_malloc(size, file, line) : realloc(p, size);
	moved = apart_malloc(size, file, line);
	if (moved == NULL)
		return NULL;
	memcpy(moved, p, before < size ? before : size);
	apart_free(p, file, line);
	return moved;
}

/* Some shake hands, the others take the server side only; most had a second owner. */
static int one_apart(SSL_CTX *server_ctx, SSL_CTX *client_ctx, int i)
{
	SSL *ssl;

	arena_open();
	if (i % 50 == 0) {
		ssl = SSL_new(client_ctx);
		shake_hands(server_ctx, ssl);
	} else {
		ssl = SSL_new(server_ctx);
		SSL_set_accept_state(ssl);
		check((unsigned long)SSL_get_options(ssl));
	}
	if (i % 3 != 0) {
		SSL_up_ref(ssl);
		SSL_free(ssl);
	}
	SSL_free(ssl);
	ERR_clear_error();
	return arena_close();
}

static void apart(int connections)
{
	SSL_CTX *server_ctx = serving_context(TLSv1_2_method());
	SSL_CTX *client_ctx = SSL_CTX_new(TLS_client_method());
	long before = 0;
	int kept = 0;

	SSL_CTX_set_session_cache_mode(server_ctx, SSL_SESS_CACHE_OFF);
	for (int i = 0; i < connections; i++) {
		if (i == connections / 5) { /* what is made once and stays was made */
			before = resident();
			kept = 0;
		}
		kept += one_apart(server_ctx, client_ctx, i);
	}
	printf("apart kept %d grew %ld KiB\n", kept, resident() - before);
	report("apart");
	fflush(stdout);
	_exit(0); /* libssl's own are in it yet */
}
#endif

/* --- allocations that fail ------------------------------------------------------ */

static int no_pages; /* mmap fails */

#ifndef __SANITIZE_THREAD__ /* whose runtime would get it too */
/* Ours comes from mmap; the program's own definition is the one that is called. */
__attribute__((visibility("default"))) void *mmap(void *address, size_t size, int prot, int flags,
						  int fd, off_t offset)
{
	if (no_pages) {
		errno = ENOMEM;
		return MAP_FAILED;
	}
#ifdef SYS_mmap2 /* in units of 4096 bytes */
	return (void *)syscall(SYS_mmap2, address, size, prot, flags, fd, offset >> 12);
#else
	return (void *)syscall(SYS_mmap, address, size, prot, flags, fd, offset);
#endif
}
#endif

/*
 * Whether a pinned server context that came out of it is what it ought to be.
 *
 * @at  the allocation that fails, from 1; 0: none
 */
static int attempt(int at, int keep)
{
	SSL_CTX *ctx;
	SSL *ssl;
	int whole;

	denied_in = at;
	ctx = pinned();
	if (ctx != NULL)
		SSL_CTX_clear_options(ctx, policy);
	whole = denied_in != 0;
	denied_in = 0;
	ERR_clear_error();
	if (ctx == NULL)
		return whole;
	check((unsigned long)SSL_CTX_get_options(ctx));
	ssl = SSL_new(ctx);
	if (ssl != NULL)
		check((unsigned long)SSL_get_options(ssl));
	SSL_free(ssl);
	if (!keep)
		SSL_CTX_free(ctx);
	return whole;
}

static void allocations(void)
{
	int at = 1;

	SSL_CTX_free(pinned());
	while (!attempt(at, 0))
		at++;
	/* Contexts that stay: the memory of what is theirs has to grow, and first cannot. */
	for (no_pages = 1; no_pages >= 0; no_pages--) {
		for (int i = 0; i < 600; i++)
			attempt(0, 1);
	}
	printf("alloc points %d\n", at > 10);
	report("alloc");
	fflush(stdout);
	_exit(0); /* with what was kept */
}

/* --- a jump ----------------------------------------------------------------------- */

#if OPENSSL_VERSION_NUMBER >= 0x10100000L
static jmp_buf out;

static void leave(void *parent, void *pointer, CRYPTO_EX_DATA *data, int index, long argl,
		  void *argp)
{
	static int once;

	(void)parent, (void)pointer, (void)data, (void)index, (void)argl, (void)argp;
	if (once++ == 0) {
		make_and_free();
		longjmp(out, 1);
	}
}
#endif

static void jump(void)
{
#if OPENSSL_VERSION_NUMBER >= 0x10100000L
	SSL_CTX_get_ex_new_index(0, NULL, leave, NULL, NULL);
	if (setjmp(out) == 0)
		SSL_CTX_free(pinned());
#endif
	make_and_free();
	report("jump");
	fflush(stdout);
	_exit(0); /* with the context that was left half made */
}

int main(int argc, char **argv)
{
	const char *life = argc > 1 ? argv[1] : "";

#if OPENSSL_VERSION_NUMBER >= 0x10100000L
	if (strcmp(life, "alloc") == 0)
		denied_set();
	if (strcmp(life, "apart") == 0 && argc == 4) {
		CRYPTO_set_mem_functions(apart_malloc, apart_realloc, apart_free);
		certificate = argv[2];
		apart(atoi(argv[3]));
	}
#endif
#ifdef __x86_64__
	if (strcmp(life, "filter") == 0 && argc == 3) {
		certificate = argv[2];
		filtered();
		return 0;
	}
#endif
	if (strcmp(life, "storm") == 0 && argc == 5) {
		certificate = argv[2];
		count = atoi(argv[4]);
		storm(atoi(argv[3]));
	} else if (strcmp(life, "fork") == 0 && argc == 4) {
		count = atoi(argv[3]);
		fork_in_the_middle(atoi(argv[2]), 0);
	} else if (strcmp(life, "child") == 0 && argc == 4) {
		count = atoi(argv[3]);
		open_in_children(atoi(argv[2]));
	} else if (strcmp(life, "signal") == 0 && argc == 3) {
		count = atoi(argv[2]);
		interrupted();
	} else if (strcmp(life, "namespace") == 0) {
		count = 1;
		fork_in_the_middle(8, 1);
	} else if (strcmp(life, "many") == 0 && argc == 6) {
		certificate = argv[2];
		count = 10 * atoi(argv[5]); /* a tenth of which a thread shakes hands */
		many(atoi(argv[3]), atoi(argv[4]));
	} else if (strcmp(life, "vfork") == 0 && argc > 2) {
		vfork_and_exec(argv + 2);
	} else if (strcmp(life, "soak") == 0 && argc == 4) {
		certificate = argv[2];
		soak(atoi(argv[3]));
	} else if (strcmp(life, "stack") == 0) {
		small_stack();
	} else if (strcmp(life, "depth") == 0 && argc == 3) {
		certificate = argv[2];
		depth();
	} else if (strcmp(life, "alloc") == 0) {
		allocations();
	} else if (strcmp(life, "reuse") == 0) {
		reuse();
	} else if (strcmp(life, "point") == 0) {
		point();
	} else if (strcmp(life, "jump") == 0) {
		jump();
	} else if (strcmp(life, "leak") == 0) {
		return pinned() == NULL;
	} else if (strcmp(life, "cancel") == 0 && argc == 3) {
		count = atoi(argv[2]);
		cancel();
	} else {
		return 2;
	}
	return 0;
}
