/* SPDX-License-Identifier: MIT */
#include "settings/environment.h"

#include <string.h>

#include "check.h"

static char given[CONFIG_ENVIRONMENT_MAX];

/* What is kept of one variable, "" for nothing. */
static const char *kept(const char *entry)
{
	char *environment[] = {(char *)entry, NULL};

	memset(given, 0, sizeof(given));
	CHECK(environment_copy(given, environment));
	CHECK(given[strlen(given) + 1] == '\0');
	return given;
}

static void test_settings_are_kept_as_they_are(void)
{
	static const char *const settings[] = {"SSLHARDEN=off", "SSLHARDEN_CIPHERS=A:B=C",
					       "SSLHARDEN_LOG=", "SSLHARDEN_=1"};
	static const char *const others[] = {"SSLHARDENED=1", "SSLHARDEN", "SSLHARDEN_LOG",
					     "SSL=1",         "PATH=/bin", ""};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		CHECK(strcmp(kept(settings[i]), settings[i]) == 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(kept(others[i])[0] == '\0');
}

/* What else was preloaded is its owner's business. */
static void test_of_a_list_of_libraries_we_alone(void)
{
	static const char *const lists[][2] = {
		{"LD_PRELOAD=/l/libsslharden.so", "LD_PRELOAD=/l/libsslharden.so"},
		{"LD_PRELOAD=/usr/$LIB/libsslharden.so", "LD_PRELOAD=/usr/$LIB/libsslharden.so"},
		{"LD_PRELOAD=libsslharden.so", "LD_PRELOAD=libsslharden.so"},
		{"LD_PRELOAD=/a.so:/l/libsslharden.so /b.so", "LD_PRELOAD=/l/libsslharden.so"},
		{"LD_PRELOAD=::/l/libsslharden.so::", "LD_PRELOAD=/l/libsslharden.so"},
		{"LD_AUDIT=/a.so:/l/libsslharden.so", "LD_AUDIT=/l/libsslharden.so"},
		{"LD_PRELOAD=/l/libsslharden.so.old", ""},
		{"LD_PRELOAD=/l/notlibsslharden.so", ""},
		{"LD_PRELOAD=/libsslharden.so/a.so", ""},
		{"LD_PRELOAD=", ""},
		{"LD_PRELOADS=/l/libsslharden.so", ""},
		{"LD_LIBRARY_PATH=/l/libsslharden.so", ""},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		CHECK(strcmp(kept(lists[i][0]), lists[i][1]) == 0);
}

static void test_what_has_no_room_is_told(void)
{
	static char long_one[CONFIG_ENVIRONMENT_MAX];
	char *environment[] = {long_one, (char *)"SSLHARDEN=on", NULL};
	size_t most = CONFIG_ENVIRONMENT_MAX - 1 - sizeof("SSLHARDEN=on");

	for (int over = 0; over < 2; over++) {
		size_t len = most - 1 + (size_t)over;

		memset(long_one, 'x', len);
		memcpy(long_one, "SSLHARDEN_X=", 12);
		long_one[len] = '\0';
		memset(given, 0, sizeof(given));
		CHECK(environment_copy(given, environment) == (over == 0));
		CHECK(strlen(given) == len && given[CONFIG_ENVIRONMENT_MAX - 1] == '\0');
	}
	CHECK(environment_copy(given, NULL));
}

static void test_missing(void)
{
	static const char empty[CONFIG_ENVIRONMENT_MAX];
	static const char three[CONFIG_ENVIRONMENT_MAX] =
		"SSLHARDEN=on\0SSLHARDEN_LOG=/l\0LD_PRELOAD=/p";
	char *some[] = {(char *)"SSLHARDEN_LOG", (char *)"SSLHARDEN=", (char *)"LD_PRELOADS=1",
			NULL};
	const char *missing[3] = {NULL, NULL, NULL};

	CHECK(environment_missing(three, NULL, missing, 3) == 3 && missing[2] == three + 30);
	missing[1] = NULL;
	CHECK(environment_missing(three, some, missing, 1) == 2 && missing[1] == NULL);
	CHECK(strcmp(missing[0], "SSLHARDEN_LOG=/l") == 0);
	CHECK(environment_missing(three, some, NULL, 0) == 2);
	CHECK(environment_missing(empty, some, NULL, 0) == 0);
}

int main(void)
{
	test_settings_are_kept_as_they_are();
	test_of_a_list_of_libraries_we_alone();
	test_what_has_no_room_is_told();
	test_missing();
	return check_failures != 0;
}
