/* SPDX-License-Identifier: MIT */
#include "settings/variables.h"

#include <string.h>
#include <strings.h>

#include "settings/nearest.h"
#include "sslharden/config.h"
#include "sslharden/versions.h"

/* clang-format off */ /* tables */
const struct word words_mode[] = {
	{"on", MODE_ON},
	{"audit", MODE_AUDIT},
	{"off", MODE_OFF},
	{"", 0},
};
const struct word words_protocol[] = {
	{"TLSv1", WIRE_TLS1},
	{"TLSv1.1", WIRE_TLS1_1},
	{"TLSv1.2", WIRE_TLS1_2},
	{"TLSv1.3", WIRE_TLS1_3},
	{"", 0},
};
const struct word words_level[] = {
	{"error", LOG_LEVEL_ERROR},
	{"warning", LOG_LEVEL_WARNING},
	{"info", LOG_LEVEL_INFO},
	{"debug", LOG_LEVEL_DEBUG},
	{"", 0},
};
const struct word words_target[] = {
	{"stderr", LOG_TARGET_STDERR},
	{"syslog", LOG_TARGET_SYSLOG},
	{"none", LOG_TARGET_NONE},
	{"", 0},
};
/* clang-format on */

const struct variable variables[VARIABLE_COUNT] = {
	{PREFIX, KIND_MODE, offsetof(struct config, mode), true},
	{PREFIX "_STRICT", KIND_BOOL, offsetof(struct config, strict), false},
	{PREFIX "_PROFILE", KIND_PROFILE, offsetof(struct config, profile), false},
	{PREFIX "_ALLOW_SSLV3", KIND_BOOL, offsetof(struct config, allow_sslv3), true},
	{PREFIX "_ALLOW_PINNED", KIND_BOOL, offsetof(struct config, allow_pinned), true},
	{PREFIX "_ALLOW_CLIENT_PREFERENCE", KIND_BOOL,
	 offsetof(struct config, allow_client_preference), true},
	{PREFIX "_ALLOW_DH_REUSE", KIND_BOOL, offsetof(struct config, allow_dh_reuse), true},
	{PREFIX "_ALLOW_ECDH_REUSE", KIND_BOOL, offsetof(struct config, allow_ecdh_reuse), true},
	{PREFIX "_ALLOW_COMPRESSION", KIND_BOOL, offsetof(struct config, allow_compression), true},
	{PREFIX "_MIN_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, min_protocol), false},
	{PREFIX "_MAX_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, max_protocol), true},
	{PREFIX "_CIPHERS", KIND_CIPHERS, offsetof(struct config, ciphers), false},
	{PREFIX "_CIPHERSUITES", KIND_TEXT, offsetof(struct config, ciphersuites), false},
	{PREFIX "_GROUPS", KIND_TEXT, offsetof(struct config, groups), false},
	{PREFIX "_PRIORITIZE_CHACHA", KIND_BOOL, offsetof(struct config, prioritize_chacha), false},
	{PREFIX "_NO_CLIENT_RENEGOTIATION", KIND_BOOL,
	 offsetof(struct config, no_client_renegotiation), false},
	{PREFIX "_MIN_DH_BITS", KIND_BITS, offsetof(struct config, min_dh_bits), false},
	{PREFIX "_FORBID", KIND_SUITES, offsetof(struct config, forbid), false},
	{PREFIX "_NO_TICKETS", KIND_BOOL, offsetof(struct config, no_tickets), false},
	{PREFIX "_COUNTS_IN", KIND_PATH, offsetof(struct config, counts_in), false},
	{PREFIX "_LOG", KIND_LOG, offsetof(struct config, log_target), false},
	{PREFIX "_LOG_LEVEL", KIND_LEVEL, offsetof(struct config, log_level), false},
	{PREFIX "_CONFIG", KIND_CONFIG, 0, false},
};

const char accepted[KIND_COUNT][68] = {
	[KIND_BOOL] = "1 yes true on 0 no false off",
	[KIND_MODE] = "on audit off",
	[KIND_PROTOCOL] = "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
	[KIND_CIPHERS] = "an OpenSSL cipher string of less than 1024 bytes, or restricted",
	[KIND_TEXT] = "OpenSSL's own syntax, less than 1024 bytes",
	[KIND_BITS] = "1024 to 8192",
	[KIND_SUITES] = "of aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA, commas between",
	[KIND_PROFILE] = "default intermediate modern",
	[KIND_PATH] = "the absolute path of a program, of less than 1024 bytes",
	[KIND_LOG] = "stderr syslog none or an absolute path of less than 1024 bytes",
	[KIND_LEVEL] = "error warning info debug",
	[KIND_CONFIG] = "in the environment alone, an absolute path",
};

size_t variable_find(const char *name, size_t len)
{
	size_t i = 0;

	while (i < VARIABLE_COUNT &&
	       (strncmp(name, variables[i].name, len) != 0 || variables[i].name[len] != '\0'))
		i++;
	return i;
}

size_t variable_nearest(const char *name)
{
	size_t skip = strncasecmp(name, PREFIX, strlen(PREFIX)) == 0 ? 0 : strlen(PREFIX);

	return nearest_word(name, variables[0].name + skip, sizeof(variables[0]), VARIABLE_COUNT);
}
