/* SPDX-License-Identifier: MIT */
#include "sslharden/config.h"

#include <string.h>

#include "check.h"

static struct config config;

static const struct config *parse(const char *assignment)
{
	char copy[2048];
	char *environment[] = {copy, NULL};

	strncpy(copy, assignment, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	config_parse(&config, environment);
	return &config;
}

static void test_booleans(void)
{
	static const char *const yes[] = {"1", "yes", "TRUE", "On"};
	static const char *const no[] = {"0", "no", "FALSE", "Off"};
	static const char *const bad[] = {"", "2", "y", "yes ", " 1", "truely", "enable"};
	char text[64];

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		snprintf(text, sizeof(text), "SSLHARDEN_ALLOW_SSLV3=%s", yes[i]);
		CHECK(parse(text)->allow_sslv3 && config.complaints_len == 0);
	}
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
		snprintf(text, sizeof(text), "SSLHARDEN_ALLOW_PINNED=%s", no[i]);
		CHECK(!parse(text)->allow_pinned && config.complaints_len == 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "SSLHARDEN_ALLOW_SSLV3=%s", bad[i]);
		CHECK(!parse(text)->allow_sslv3);
		CHECK(strstr(config.complaints, "SSLHARDEN_ALLOW_SSLV3") != NULL);
		CHECK(strstr(config.complaints, "1 yes true on 0 no false off") != NULL);
	}
}

static void test_words(void)
{
	CHECK(parse("SSLHARDEN=off")->mode == MODE_OFF);
	CHECK(parse("SSLHARDEN=Audit")->mode == MODE_AUDIT && config.log_level == LOG_LEVEL_INFO);
	CHECK(parse("SSLHARDEN=on")->mode == MODE_ON && config.complaints_len == 0);
	CHECK(parse("SSLHARDEN=of")->mode == MODE_ON && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_PROFILE=modern")->min_protocol == 0x0304);
	CHECK(config.allow_client_preference && config.ciphers[0] == '\0');
	CHECK(parse("SSLHARDEN_PROFILE=intermediate")->min_protocol == 0x0303);
	CHECK(config.ciphers[0] != '\0' && config.groups_older[0] != '\0');
	CHECK(parse("SSLHARDEN_PROFILE=default")->profile == NULL && config.complaints_len == 0);
	CHECK(parse("SSLHARDEN_PROFILE=old")->profile == NULL && config.complaints_len != 0);
	CHECK(strcmp(parse("SSLHARDEN_GROUPS=X25519")->groups, "X25519") == 0);
	CHECK(parse("SSLHARDEN_STRICT=yes")->strict &&
	      parse("SSLHARDEN_STRICT=no")->strict == false);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=TLSv1.2")->min_protocol == 0x0303);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=tlsv1.2")->min_protocol == 0);
	CHECK(config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_MAX_PROTOCOL=TLSv1")->max_protocol == 0x0301);
	CHECK(parse("SSLHARDEN_MAX_PROTOCOL=SSLv3")->max_protocol == 0);
	CHECK(parse("SSLHARDEN_LOG_LEVEL=debug")->log_level == LOG_LEVEL_DEBUG);
	CHECK(parse("PATH=/bin")->log_level == LOG_LEVEL_WARNING);
	CHECK(parse("SSLHARDEN_LOG=/var/log/x")->log_target == LOG_TARGET_FILE);
	CHECK(strcmp(config.log_path, "/var/log/x") == 0);
	CHECK(parse("SSLHARDEN_LOG=relative")->log_target == LOG_TARGET_STDERR);
	CHECK(config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_LOG=none")->log_target == LOG_TARGET_NONE);
}

static void test_ciphers(void)
{
	char text[2000] = "SSLHARDEN_CIPHERS=";

	CHECK(strcmp(parse("SSLHARDEN_CIPHERS=HIGH")->ciphers, "HIGH") == 0);
	CHECK(strstr(parse("SSLHARDEN_CIPHERS=restricted")->ciphers, "!RC4") != NULL);
	CHECK(parse("SSLHARDEN_CIPHERS=")->ciphers[0] == '\0' && config.complaints_len != 0);
	memset(text + strlen(text), 'A', 1500);
	CHECK(parse(text)->ciphers[0] == '\0' && config.complaints_len != 0);
}

static void test_unknown(void)
{
	parse("SSLHARDEN_ALOW_SSLV3=1");
	CHECK(strstr(config.complaints, "nearest known name: SSLHARDEN_ALLOW_SSLV3") != NULL);
	parse("SSLHARDEN_LOG_LEVEL=a\nb\x1b[2J");
	CHECK(strstr(config.complaints, "a\\x0ab\\x1b[2J") != NULL);
	CHECK(parse("SSLHARDENED=1")->complaints_len == 0);
	CHECK(parse("SSLHARDEN")->complaints_len == 0);
}

static void test_bounds(void)
{
	char min[] = "SSLHARDEN_MIN_PROTOCOL=TLSv1.2", max[] = "SSLHARDEN_MAX_PROTOCOL=TLSv1.1";
	char *environment[] = {max, min, NULL};

	config_parse(&config, environment);
	CHECK(config.min_protocol == 0x0303 && config.max_protocol == 0);
	CHECK(config.complaints_len != 0);
}

static void test_many_complaints(void)
{
	enum { COUNT = 200 };
	static char text[COUNT][64];
	char *environment[COUNT + 1] = {NULL};

	for (int i = 0; i < COUNT; i++) {
		snprintf(text[i], sizeof(text[i]), "SSLHARDEN_UNKNOWN_%d=x", i);
		environment[i] = text[i];
	}
	config_parse(&config, environment);
	CHECK(config.complaints_len < sizeof(config.complaints));
	CHECK(config.complaints[config.complaints_len - 1] == '\n');
	config_parse(&config, NULL);
	CHECK(config.complaints_len == 0);
}

int main(void)
{
	test_booleans();
	test_words();
	test_ciphers();
	test_unknown();
	test_bounds();
	test_many_complaints();
	return check_failures != 0;
}
