/* SPDX-License-Identifier: MIT
 *
 * player: plays sequences of OpenSSL's calls, and writes what each of them answers.
 *
 * Compiled against each libssl's own headers, as tests/harness/peer.c is, and driven by
 * tests/sequences/judge.py, bare and with the library preloaded. A sequence on standard
 * input is a line `seq NAME`, a line for each call, and a line `end`:
 *
 *     seq 7
 *     new A TLSv1_server_method
 *     cert A rsa
 *     ssl a A
 *     serve a accept tls1.2
 *     end
 *
 * Capitals are contexts, small letters connections, @ the connection that a callback was
 * called for. The words are in the tables of contexts.c, callbacks.c, connections.c,
 * sessions.c and drives.c. Each prints `WORD ARGUMENTS = ANSWER errno N queue ERRORS`; a word that this
 * libssl has not prints `absent NAME`, and the rest of the sequence is skipped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player.h"

struct context contexts[SLOTS];
struct connection connections[SLOTS];
struct connection in_callback;
int handshakes_begun, handshakes_done;

static int skipping;
static int depth; /* of callbacks */

void absent(const char *name)
{
	printf("absent %s\n", name);
	skipping = 1;
}

void answer(struct call *call, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(call->answer, sizeof(call->answer), format, list);
	va_end(list);
}

void tell(const char *format, ...)
{
	va_list list;

	printf("%*s", 2 + 2 * depth, "");
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf("\n");
}

any_function optional(const char *name)
{
	any_function function;

	*(void **)&function = dlsym(RTLD_DEFAULT, name);
	if (function == NULL)
		absent(name);
	return function;
}

/* --- names --------------------------------------------------------------------------- */

static const char *const method_names[] = {
	"TLS_method",      "TLS_server_method",      "TLS_client_method",
	"SSLv2_method",    "SSLv2_server_method",    "SSLv2_client_method",
	"SSLv3_method",    "SSLv3_server_method",    "SSLv3_client_method",
	"TLSv1_method",    "TLSv1_server_method",    "TLSv1_client_method",
	"TLSv1_1_method",  "TLSv1_1_server_method",  "TLSv1_1_client_method",
	"TLSv1_2_method",  "TLSv1_2_server_method",  "TLSv1_2_client_method",
	"DTLS_method",     "DTLS_server_method",     "DTLS_client_method",
	"DTLSv1_method",   "DTLSv1_server_method",   "DTLSv1_client_method",
	"DTLSv1_2_method", "DTLSv1_2_server_method", "DTLSv1_2_client_method",
};

/* The flexible methods had another name before 1.1.0, which later headers know as well. */
const SSL_METHOD *method_of(const char *name)
{
	const SSL_METHOD *(*make)(void);
	char old[40];

	*(void **)&make = dlsym(RTLD_DEFAULT, name);
	if (make == NULL && strncmp(name, "TLS_", 4) == 0) {
		snprintf(old, sizeof(old), "SSLv23_%s", name + 4);
		*(void **)&make = dlsym(RTLD_DEFAULT, old);
	}
	return make == NULL ? NULL : make();
}

const char *method_name(const SSL_METHOD *method)
{
	if (method == NULL)
		return "none";
	for (size_t i = 0; i < sizeof(method_names) / sizeof(method_names[0]); i++)
		if (method_of(method_names[i]) == method)
			return method_names[i];
	return "unknown";
}

#define SAFE                                                                   \
	(SSL_OP_NO_SSLv2 | SSL_OP_NO_SSLv3 | SSL_OP_CIPHER_SERVER_PREFERENCE | \
	 SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE)
#ifndef SSL_OP_NO_COMPRESSION
#define SSL_OP_NO_COMPRESSION 0
#endif

static const struct {
	const char *name;
	unsigned long long bits;
} option_names[] = {
	{"SAFE", SAFE | SSL_OP_NO_COMPRESSION},
	{"ALL", SSL_OP_ALL},
	{"NO_SSLv2", SSL_OP_NO_SSLv2},
	{"NO_SSLv3", SSL_OP_NO_SSLv3},
	{"NO_TLSv1", SSL_OP_NO_TLSv1},
	{"NO_COMPRESSION", SSL_OP_NO_COMPRESSION},
	{"CIPHER_SERVER_PREFERENCE", SSL_OP_CIPHER_SERVER_PREFERENCE},
	{"SINGLE_DH_USE", SSL_OP_SINGLE_DH_USE},
	{"SINGLE_ECDH_USE", SSL_OP_SINGLE_ECDH_USE},
#ifdef SSL_OP_NO_TLSv1_1
	{"NO_TLSv1_1", SSL_OP_NO_TLSv1_1},
	{"NO_TLSv1_2", SSL_OP_NO_TLSv1_2},
#endif
#ifdef SSL_OP_NO_TLSv1_3
	{"NO_TLSv1_3", SSL_OP_NO_TLSv1_3},
#endif
#ifdef SSL_OP_PRIORITIZE_CHACHA
	{"PRIORITIZE_CHACHA", SSL_OP_PRIORITIZE_CHACHA},
#endif
#ifdef SSL_OP_NO_DTLSv1_2
	{"NO_DTLSv1", SSL_OP_NO_DTLSv1},
	{"NO_DTLSv1_2", SSL_OP_NO_DTLSv1_2},
#endif
#ifdef SSL_OP_NO_RENEGOTIATION
	{"NO_RENEGOTIATION", SSL_OP_NO_RENEGOTIATION},
#endif
#ifdef SSL_OP_NO_TICKET
	{"NO_TICKET", SSL_OP_NO_TICKET},
#endif
};

/* NAME, or several with + between them; a number in hexadecimal is what it is. */
unsigned long long options_of(const char *names)
{
	unsigned long long bits = 0;
	char copy[LINE], *rest = copy, *name;

	if (strncmp(names, "0x", 2) == 0)
		return strtoull(names, NULL, 16);
	snprintf(copy, sizeof(copy), "%s", names);
	while ((name = strsep(&rest, "+")) != NULL) {
		size_t i = 0, count = sizeof(option_names) / sizeof(option_names[0]);

		while (i < count && strcmp(option_names[i].name, name) != 0)
			i++;
		if (i == count) {
			absent(name);
			return 0;
		}
		bits |= option_names[i].bits;
	}
	return bits;
}

int version_of(const char *name)
{
	static const struct {
		const char *name;
		int version;
	} rows[] = {
		{"any", 0},         {"SSLv3", 0x300},     {"TLSv1", 0x301},
		{"TLSv1.1", 0x302}, {"TLSv1.2", 0x303},   {"TLSv1.3", 0x304},
		{"DTLSv1", 0xfeff}, {"DTLSv1.2", 0xfefd}, {"nonsense", 0x1234},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].version;
	absent(name);
	return 0;
}

const char *ciphers_of(const char *word, char *buffer, size_t size)
{
	size_t len = strlen(word);

	if (len < 2 || strcmp(word + len - 2, "@0") != 0)
		return word;
#ifdef TLS_LEGACY
	snprintf(buffer, size, "%.*s", (int)(len - 2), word);
#else
	snprintf(buffer, size, "%.*s:@SECLEVEL=0", (int)(len - 2), word);
#endif
	return buffer;
}

const char *last_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return reason == NULL ? "nothing" : reason;
}

/* --- one line ------------------------------------------------------------------------ */

/* What a program had left on the queue has to be there still, with what the call adds. */
static void leave_an_error(void)
{
	ERR_clear_error();
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	ERR_raise(ERR_LIB_USER, 99);
#else
	ERR_put_error(ERR_LIB_USER, 0, 99, __FILE__, __LINE__);
#endif
	errno = 4242;
}

static void print_queue(void)
{
	unsigned long code;
	int count = 0;

	while ((code = ERR_get_error()) != 0 && count++ < 8)
		printf(" %d.%d", (int)ERR_GET_LIB(code), (int)ERR_GET_REASON(code));
	ERR_clear_error();
}

static struct context *context_of(const char *name)
{
	int i = name[0] - 'A';

	return name[1] == '\0' && i >= 0 && i < SLOTS ? &contexts[i] : NULL;
}

static struct connection *connection_of(const char *name)
{
	int i = name[0] - 'a';

	if (strcmp(name, "@") == 0)
		return &in_callback;
	return name[1] == '\0' && i >= 0 && i < SLOTS ? &connections[i] : NULL;
}

/* 0 if this argument is not what the word wants, or is of an object that is not there. */
static int take(struct call *call, char kind, const char *text)
{
	struct context *context = context_of(text);
	struct connection *connection = connection_of(text);

	switch (kind) {
	case 'C':
		call->context = context;
		return context != NULL && context->ssl != NULL;
	case 'D':
		return (call->other = context) != NULL;
	case 'S':
		call->connection = connection;
		return connection != NULL && connection->ssl != NULL;
	case 'T':
		return (call->copy = connection) != NULL;
	case 'E':
		return context != NULL ? take(call, 'C', text) : take(call, 'S', text);
	case 'M':
		call->method = method_of(text);
		if (call->method == NULL)
			absent(text);
		return call->method != NULL;
	}
	return 1;
}

static int parse(const struct word *word, struct call *call, char *rest)
{
	for (int i = 0; word->arguments[i] != '\0'; i++) {
		char *text = word->arguments[i] == '*' ? rest : strsep(&rest, " ");

		if (text == NULL) {
			fprintf(stderr, "player: %s wants %s\n", word->name, word->arguments);
			exit(3);
		}
		call->text[i] = strcmp(text, "\"\"") == 0 ? "" : text;
		if (!take(call, word->arguments[i], text))
			return 0;
	}
	return 1;
}

static const struct word *find(const char *name)
{
	const struct word *tables[] = {context_words, callback_words, connection_words,
				       session_words, drive_words};

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct word *word = tables[t]; word->name != NULL; word++)
			if (strcmp(word->name, name) == 0)
				return word;
	fprintf(stderr, "player: no word %s\n", name);
	exit(3);
}

void play_line(const char *line)
{
	char copy[LINE], *rest = copy;
	struct call call = {.answer = "ok"};
	const struct word *word;
	int number;

	if (skipping)
		return;
	snprintf(copy, sizeof(copy), "%s", line);
	word = find(strsep(&rest, " "));
	if (!parse(word, &call, rest)) {
		if (!skipping)
			printf("%*s%s = none\n", 2 * depth, "", line);
		return;
	}
	if (depth == 0)
		leave_an_error();
	depth++;
	word->run(&call);
	number = errno;
	depth--;
	if (skipping)
		return;
	printf("%*s%s = %s errno %d queue", 2 * depth, "", line, call.answer, number);
	if (depth == 0)
		print_queue();
	printf("\n");
}

/* --- a sequence ---------------------------------------------------------------------- */

static void forget(void)
{
	for (int i = 0; i < SLOTS; i++)
		drop_connection(&connections[i]);
	drop_session();
	drop_cache();
	close_conf(); /* it may have nothing left to configure, as in a program that ends */
	for (int i = 0; i < SLOTS; i++) {
		if (contexts[i].ssl != NULL)
			SSL_CTX_free(contexts[i].ssl);
		memset(&contexts[i], 0, sizeof(contexts[i]));
	}
	ERR_clear_error();
	handshakes_begun = handshakes_done = 0;
	skipping = 0;
}

static void play(char *line)
{
	line[strcspn(line, "\n")] = '\0';
	if (strncmp(line, "seq ", 4) == 0) {
		/* Whose the crash is, if one comes. */
		printf("%s\n", line);
		fflush(stdout);
	} else if (strcmp(line, "end") == 0) {
		forget();
		printf("end\n");
	} else if (line[0] != '#' && line[0] != '\0') {
		play_line(line);
	}
}

static unsigned long runs(void)
{
#ifdef TLS_LEGACY
	return SSLeay();
#else
	return OpenSSL_version_num();
#endif
}

/* Whether libssl is linked -Bsymbolic: what it calls of its own nobody sees. */
static int is_symbolic(void)
{
	Dl_info info;
	struct link_map *map;
	void *handle = dladdr(dlsym(RTLD_DEFAULT, "SSL_new"), &info) == 0
			       ? NULL
			       : dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD);

	if (handle == NULL || dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0)
		exit(3);
	for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++) {
		if (entry->d_tag == DT_SYMBOLIC ||
		    (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_SYMBOLIC) != 0))
			return 1;
	}
	return 0;
}

int main(void)
{
	char line[LINE];

	signal(SIGPIPE, SIG_IGN);
#ifdef TLS_LEGACY
	SSL_library_init();
	SSL_load_error_strings();
#else
	OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_LOAD_SSL_STRINGS, NULL);
#endif
	printf("player 0x%lx safe 0x%llx symbolic %d\n", runs(), options_of("SAFE"), is_symbolic());
	for (size_t i = 0; i < sizeof(option_names) / sizeof(option_names[0]); i++)
		printf("option %s 0x%llx\n", option_names[i].name, option_names[i].bits);
	while (fgets(line, sizeof(line), stdin) != NULL)
		play(line);
	return 0;
}
