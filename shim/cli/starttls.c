/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "starttls.h"

#include <stdint.h>
#include <string.h>

static enum hearing begins(const char *text, size_t len, const char *wanted)
{
	size_t size = strlen(wanted);

	return len >= size && memcmp(text, wanted, size) == 0 ? HEARD_YES : HEARD_NO;
}

/* The last line of a reply: "220-more", then "220 that is all" (RFC 5321, 4.2.1; RFC 959, 4.2). */
static enum hearing hear_reply(const char *text, size_t len, const char *wanted)
{
	for (const char *line = text, *end = text + len; line < end;) {
		const char *next = memchr(line, '\n', (size_t)(end - line));

		if (next == NULL)
			return HEARD_PART;
		if (next - line < 4 || line[3] != '-')
			return begins(line, (size_t)(next - line), wanted);
		line = next + 1;
	}
	return HEARD_PART;
}

/* One line. */
static enum hearing hear_line(const char *text, size_t len, const char *wanted)
{
	return memchr(text, '\n', len) != NULL ? begins(text, len, wanted) : HEARD_PART;
}

/* The line of IMAP that answers what was said as "a", behind those that do not. */
static enum hearing hear_tagged(const char *text, size_t len, const char *wanted)
{
	for (const char *line = text, *end = text + len, *next;
	     line < end && (next = memchr(line, '\n', (size_t)(end - line))) != NULL;
	     line = next + 1) {
		if (begins(line, (size_t)(next - line), "a ") == HEARD_YES)
			return begins(line, (size_t)(next - line), wanted);
	}
	return HEARD_PART;
}

/* PostgreSQL's one byte. */
static enum hearing hear_byte(const char *text, size_t len, const char *wanted)
{
	return len > 0 ? begins(text, len, wanted) : HEARD_PART;
}

/* An element of XMPP: as far as its end, or its stream's. */
static enum hearing hear_element(const char *text, size_t len, const char *wanted)
{
	const char *found = memmem(text, len, wanted, strlen(wanted));

	if (found != NULL)
		return memchr(found, '>', len - (size_t)(found - text)) != NULL ? HEARD_YES
										: HEARD_PART;
	return memmem(text, len, "<failure", 8) != NULL ||
			       memmem(text, len, "</stream:stream", 15) != NULL
		       ? HEARD_NO
		       : HEARD_PART;
}

/* MySQL's greeting: three bytes of length, a number, and protocol 10; 0xff is an error's. */
static enum hearing hear_mysql(const char *text, size_t len, const char *wanted)
{
	const uint8_t *t = (const uint8_t *)text;

	if (len < 5 || len < 4u + (t[0] | (size_t)t[1] << 8 | (size_t)t[2] << 16))
		return HEARD_PART;
	return text[4] == wanted[0] ? HEARD_YES : HEARD_NO;
}

/* An ExtendedResponse of LDAP whose resultCode is success (RFC 4511, 4.12). */
static enum hearing hear_ldap(const char *text, size_t len, const char *wanted)
{
	const uint8_t *t = (const uint8_t *)text;
	size_t more = len > 1 && t[1] > 0x80 ? t[1] & 0x7f : 0, size = 0;

	if (len > 0 && t[0] != 0x30)
		return HEARD_NO;
	if (more > 4)
		return HEARD_NO;
	if (len < 2 + more)
		return HEARD_PART;
	for (size_t i = 0; i < more; i++)
		size = size << 8 | t[2 + i];
	size = more > 0 ? size : t[1];
	if (len - 2 - more < size)
		return HEARD_PART;
	return memmem(text, len, wanted, 3) != NULL ? HEARD_YES : HEARD_NO;
}

#define BYTES(text) text, sizeof(text) - 1
#define MYSQL_ASKS /* protocol 4.1, SSL, secure connection; 16 MiB; utf8; 23 zeros */ \
	"\x20\0\0\1\0\x8a\0\0\0\0\0\1\x21"                                            \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* RFC 3207, 2595 (IMAP, POP3), 4217, 4511 (4.14), 6120 (5.4); PostgreSQL's SSLRequest. */
/* clang-format off */ /* a table */
static const struct starttls protocols[] = {
	{"smtp",
	 {{"220", hear_reply, "EHLO localhost\r\n", 0},
	  {"250", hear_reply, "STARTTLS\r\n", 0},
	  {"220", hear_reply, NULL, 0}}},
	{"imap", {{"* OK", hear_line, "a STARTTLS\r\n", 0}, {"a OK", hear_tagged, NULL, 0}}},
	{"pop3", {{"+OK", hear_line, "STLS\r\n", 0}, {"+OK", hear_line, NULL, 0}}},
	{"ftp", {{"220", hear_reply, "AUTH TLS\r\n", 0}, {"234", hear_reply, NULL, 0}}},
	{"ldap",
	 {{NULL, NULL,
	   BYTES("\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
		 "1.3.6.1.4.1.1466.20037")},
	  {"\x0a\x01\x00", hear_ldap, NULL, 0}}},
	{"postgres",
	 {{NULL, NULL, BYTES("\0\0\0\x08\x04\xd2\x16\x2f")}, {"S", hear_byte, NULL, 0}}},
	{"mysql", {{"\x0a", hear_mysql, BYTES(MYSQL_ASKS)}}},
	{"xmpp",
	 {{NULL, NULL,
	   "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "
	   "xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='%s'>",
	   0},
	  {"</stream:features", hear_element, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
	   0},
	  {"<proceed", hear_element, NULL, 0}}},
};
/* clang-format on */

enum { COUNT = sizeof(protocols) / sizeof(protocols[0]) };

const struct starttls *starttls_find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (strcmp(protocols[i].name, name) == 0)
			return &protocols[i];
	}
	return NULL;
}

const char *const *starttls_names(void)
{
	static const char *names[COUNT + 1];

	for (size_t i = 0; i < COUNT; i++)
		names[i] = protocols[i].name;
	return names;
}
