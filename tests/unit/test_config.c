/* SPDX-License-Identifier: MIT */
#include "sslharden/config.h"

#include <string.h>

#include "check.h"
#include "sslharden/suites.h"
#include "settings/config_file.h"

static struct config config;

static const struct config *parse(const char *assignment)
{
	char copy[2048];
	char *environment[] = {copy, NULL};

	strncpy(copy, assignment, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';
	config_parse(&config, NULL, environment);
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

/* What is left out is said to be, once and last. */
static void test_more_complaints_than_there_is_room_for(void)
{
	static const char more[] = "there are more settings that cannot be read";
	char setting[] = "SSLHARDEN_NOTHING=of the kind, and of some length", *many[200] = {0};

	for (size_t i = 0; i + 1 < sizeof(many) / sizeof(many[0]); i++)
		many[i] = setting;
	config_parse(&config, NULL, many);
	CHECK(strlen(config.complaints) == config.complaints_len);
	CHECK(strstr(config.complaints, more) + sizeof(more) ==
	      config.complaints + config.complaints_len);
}

static void test_words(void)
{
	CHECK(parse("SSLHARDEN=off")->mode == MODE_OFF);
	CHECK(parse("SSLHARDEN=Audit")->mode == MODE_AUDIT && config.log_level == LOG_LEVEL_INFO);
	CHECK(parse("SSLHARDEN=on")->mode == MODE_ON && config.complaints_len == 0);
	CHECK(parse("SSLHARDEN=of")->mode == MODE_ON && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_PROFILE=modern")->min_protocol == 0x0304);
	CHECK(config.allow_client_preference && strncmp(config.ciphers, "ECDHE-", 6) == 0);
	CHECK(config.no_client_renegotiation && config.min_dh_bits == 2048);
	CHECK(parse("SSLHARDEN_PROFILE=intermediate")->min_protocol == 0x0303);
	CHECK(config.ciphers[0] != '\0' && config.groups_from_profile);
	CHECK(parse("SSLHARDEN_PROFILE=default")->profile == 0 && config.complaints_len == 0);
	CHECK(parse("SSLHARDEN_PROFILE=old")->profile == 0 && config.complaints_len != 0);
	CHECK(strcmp(parse("SSLHARDEN_GROUPS=X25519")->groups, "X25519") == 0);
	CHECK(parse("SSLHARDEN_STRICT=yes")->strict &&
	      parse("SSLHARDEN_STRICT=no")->strict == false);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=TLSv1.2")->min_protocol == 0x0303);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=1.2")->min_protocol == 0x0303);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=tlsv1.2")->min_protocol == 0x0303);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=TLS 1.3")->min_protocol == 0x0304);
	CHECK(parse("SSLHARDEN_MIN_PROTOCOL=TLSv1.0")->min_protocol == 0x0301);
	for (const char *const *no = (const char *const[]){"1.4", "1", "v1.2", "TLSv", "TLS",
							   "tls-1.2", "TLSv1.2 ", "12", "", NULL};
	     *no != NULL; no++) {
		char setting[64];

		snprintf(setting, sizeof(setting), "SSLHARDEN_MIN_PROTOCOL=%s", *no);
		CHECK(parse(setting)->min_protocol == 0 && config.complaints_len != 0);
	}
	CHECK(parse("SSLHARDEN_MAX_PROTOCOL=TLSv1")->max_protocol == 0x0301);
	CHECK(parse("SSLHARDEN_MAX_PROTOCOL=SSLv3")->max_protocol == 0);
	CHECK(parse("SSLHARDEN_LOG_LEVEL=debug")->log_level == LOG_LEVEL_DEBUG);
	CHECK(parse("PATH=/bin")->log_level == LOG_LEVEL_WARNING);
	CHECK(parse("SSLHARDEN_LOG=/var/log/x")->log_target == LOG_TARGET_FILE);
	CHECK(strcmp(config.log_path, "/var/log/x") == 0);
	CHECK(parse("SSLHARDEN_LOG=relative")->log_target == LOG_TARGET_STDERR);
	CHECK(config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_LOG=none")->log_target == LOG_TARGET_NONE);
	CHECK(strcmp(parse("SSLHARDEN_COUNTS_IN=/usr/sbin/x")->counts_in, "/usr/sbin/x") == 0);
	CHECK(parse("SSLHARDEN_COUNTS_IN=x")->counts_in[0] == '\0' && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_COUNTS_IN=")->counts_in[0] == '\0' && config.complaints_len != 0);
}

static void test_bits(void)
{
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=1024")->min_dh_bits == 1024);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=8192")->min_dh_bits == 8192);
	CHECK(config.complaints_len == 0);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=1023")->min_dh_bits == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=8193")->min_dh_bits == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=02048")->min_dh_bits == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS= 2048")->min_dh_bits == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_MIN_DH_BITS=")->min_dh_bits == 0 && config.complaints_len != 0);
}

static void test_forbid(void)
{
	CHECK(parse("SSLHARDEN_FORBID=RC4")->forbid == SUITE_RC4 && config.complaints_len == 0);
	CHECK(parse("SSLHARDEN_FORBID=aNULL,eNULL,EXPORT,RC4,DES,3DES,MD5,CBC,kRSA")->forbid ==
	      SUITE_TLS1_2 - 1);
	CHECK(parse("SSLHARDEN_FORBID=RC4, 3DES")->forbid == (SUITE_RC4 | SUITE_3DES));
	CHECK(config.complaints_len == 0 && config.unread == 0);
	CHECK(parse("SSLHARDEN_FORBID=")->forbid == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_FORBID=rc4")->forbid == 0 && config.complaints_len != 0);
	CHECK(parse("SSLHARDEN_FORBID=RC")->forbid == 0 && config.complaints_len != 0);
}

/* Of a list the words that are some stay forbidden, and each other one is named. */
static void test_forbid_wrong_words(void)
{
	char wrong[] = "SSLHARDEN_FORBID=RC4,3DSE,,kRAS";
	const struct config_file file = {
		.path = "f", .program = "/x", .text = "[*]\nSSLHARDEN_FORBID = CBC,RC4\n"};

	CHECK(parse("SSLHARDEN_FORBID=RC4,")->forbid == SUITE_RC4 && config.complaints_len != 0);
	CHECK(parse(wrong)->forbid == SUITE_RC4 && config.unread != 0);
	CHECK(strstr(config.complaints,
		     "SSLHARDEN_FORBID: cannot read \"3DSE\"; nearest: 3DES; "
		     "accepted: of aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC "
		     "kRSA, commas between; forbidden all the same: RC4\n") != NULL);
	CHECK(strstr(config.complaints, "cannot read \"kRAS\"; nearest: kRSA;") != NULL);
	CHECK(strstr(config.complaints, "cannot read \"\"; ") != NULL);
	/* Nothing that an earlier source forbids is served for it; a list without fault replaces that. */
	config_parse(&config, &file, (char *[]){wrong, NULL});
	CHECK(config.forbid == (SUITE_RC4 | SUITE_CBC));
	config_parse(&config, &file, (char *[]){"SSLHARDEN_FORBID=3DES", NULL});
	CHECK(config.forbid == SUITE_3DES && config.complaints_len == 0);
	CHECK(strstr(parse("SSLHARDEN_FORBID=wrong")->complaints, "all the same: none") != NULL);
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

	config_parse(&config, NULL, environment);
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
	config_parse(&config, NULL, environment);
	CHECK(config.complaints_len < sizeof(config.complaints));
	CHECK(config.complaints[config.complaints_len - 1] == '\n');
	config_parse(&config, NULL, NULL);
	CHECK(config.complaints_len == 0);
}

/* What /usr/sbin/it is told by a file, and over that by one variable. */
static const struct config *parse_file(const char *text, const char *assignment)
{
	static const char path[] = "/etc/sslharden.conf";
	const struct config_file file = {path, text, "/usr/sbin/it"};
	char copy[256];
	char *environment[] = {copy, NULL};

	snprintf(copy, sizeof(copy), "%s", assignment);
	config_parse(&config, &file, environment);
	return &config;
}

#define MIN(version) "SSLHARDEN_MIN_PROTOCOL=" version "\n"
#define OF(program) "[" program "]\n"

static void test_file_scopes(void)
{
	CHECK(parse_file("", "")->min_protocol == 0 && config.complaints_len == 0);
	CHECK(parse_file(OF("*") MIN("TLSv1.2"), "")->min_protocol == 0x0303);
	CHECK(parse_file(OF("/usr/sbin/it") MIN("TLSv1.3") OF("*") MIN("TLSv1.2"), "")
		      ->min_protocol == 0x0304);
	CHECK(parse_file(OF("/usr/sbin/its") MIN("TLSv1.3") OF("/usr/sbin/i") MIN("TLSv1.3"), "")
		      ->min_protocol == 0);
	CHECK(config.complaints_len == 0);
	CHECK(parse_file(OF("*") MIN("TLSv1.2"), "SSLHARDEN_MIN_PROTOCOL=TLSv1.1")->min_protocol ==
	      0x0302);
	/* A typing mistake is told to the program that it concerns. */
	CHECK(parse_file(OF("/usr/sbin/other") MIN("TLSv9"), "")->complaints_len == 0);
}

static void test_file_syntax(void)
{
	CHECK(parse_file("# a comment\r\n; another\r\n\r\n [*] \r\n\tSSLHARDEN_MIN_PROTOCOL = "
			 "TLSv1.2 ; why\r\n",
			 "")
		      ->min_protocol == 0x0303);
	CHECK(config.complaints_len == 0);
	CHECK(parse_file("[*]\nSSLHARDEN_MIN_PROTOCOL: TLSv1.2", "")->min_protocol == 0x0303);
	/* An indented line is no continuation of the one before. */
	CHECK(parse_file("[*]\nSSLHARDEN_LOG = none\n  SSLHARDEN_STRICT = yes\n", "")->strict);
	/* A comment is begun by a semicolon behind white space alone, and by # in front alone. */
	parse_file("[*]\nSSLHARDEN_CIPHERS =HIGH;#1 ;2\nSSLHARDEN_GROUPS= P-256 #3\n", "");
	CHECK(strcmp(config.ciphers, "HIGH;#1") == 0 && strcmp(config.groups, "P-256 #3") == 0);
	CHECK(config.complaints_len == 0);
}

/* Each is told with its line, and what stands below it is nobody's. */
static void test_file_faults(void)
{
	static const char *const bad[] = {"[nginx]", "[/usr/sbin/it",  "[]", "[**]",
					  "",        "\xef\xbb\xbf[*]"};
	char text[4096];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s\nSSLHARDEN_ALLOW_SSLV3=1\n", bad[i]);
		CHECK(!parse_file(text, "")->allow_sslv3);
		CHECK(strstr(config.complaints, "/etc/sslharden.conf:2: ") != NULL);
		CHECK((strstr(config.complaints, "/etc/sslharden.conf:1: ") != NULL) ==
		      (bad[i][0] != '\0'));
	}
	CHECK(!parse_file("[*]\n[/usr/sbin/x\nSSLHARDEN_ALLOW_SSLV3=1\n", "")->allow_sslv3);
	parse_file("[*]\nwhat is this\n", "");
	CHECK(strstr(config.complaints, ":2: cannot read \"what is this\"; accepted: [*] or [/"));
	parse_file("[*]\nwhat is this ; SSLHARDEN_LOG = none\nand this\nSSLHARDEN_LOG = none\n",
		   "");
	CHECK(strstr(config.complaints, "/etc/sslharden.conf:2: cannot read \""));
	CHECK(strstr(config.complaints, "/etc/sslharden.conf:3: cannot read \""));
	CHECK(config.log_target == LOG_TARGET_NONE);
	parse_file("[*]\n\nmin_protocol = TLSv1.2\n", "");
	CHECK(strstr(config.complaints, "/etc/sslharden.conf:3: min_protocol: unknown variable"));
	CHECK(strstr(config.complaints, "nearest known name: SSLHARDEN_MIN_PROTOCOL\n"));
	parse_file("[*]\nSSLHARDEN_CONFIG = /etc/another\n", "");
	CHECK(strstr(config.complaints, "in the environment alone"));
	/* The rest of a line that is too long is no line of its own. */
	snprintf(text, sizeof(text), "[*]\nSSLHARDEN_CIPHERS = %1600s ; SSLHARDEN_ALLOW_SSLV3=1\n",
		 "SSLHARDEN_ALLOW_SSLV3=1");
	CHECK(!parse_file(text, "")->allow_sslv3 && config.ciphers[0] == '\0');
	CHECK(strstr(config.complaints, "/etc/sslharden.conf:2: cannot read \""));
	/* A heading that is never closed takes no line for its own, nor what follows it. */
	snprintf(text, sizeof(text), "[*]\n[/%1600s\nSSLHARDEN_ALLOW_SSLV3=1\n]\n", "x");
	CHECK(!parse_file(text, "")->allow_sslv3);
	CHECK(strstr(config.complaints, "/etc/sslharden.conf:3: cannot read \""));
	snprintf(text, sizeof(text), "[*]\nSSLHARDEN_CIPHERS = %s:%0900d\n", "HIGH", 1);
	CHECK(strlen(parse_file(text, "")->ciphers) == 905);
}

/* A heading is a path, however long. */
static void test_file_long_heading(void)
{
	static const char program[] =
		"/opt/a/path/that/is/longer/than/fifty/bytes/altogether/bin/it";
	static const char text[] =
		"[/opt/a/path/that/is/longer/than/fifty/bytes/altogether/bin/it]\n"
		"SSLHARDEN_STRICT=1\n";
	struct config_file file = {"x", text, program};

	config_parse(&config, &file, NULL);
	CHECK(config.strict);
	file.program = "/opt/a/path/that/is/longer/than/fifty/bytes/altogether/bin/another";
	config_parse(&config, &file, NULL);
	CHECK(!config.strict);
	file.program = "";
	config_parse(&config, &file, NULL);
	CHECK(!config.strict && strstr(config.complaints, "x:2: SSLHARDEN_STRICT: not applied"));
}

/* What cannot be read never leaves more open than its default, or than a source below says. */
static void test_never_weaker(void)
{
	static const char loose[] = "[*]\nSSLHARDEN=off\nSSLHARDEN_ALLOW_SSLV3=1\n"
				    "SSLHARDEN_MAX_PROTOCOL=TLSv1.1\n"
				    "[/usr/sbin/it]\nSSLHARDEN=onn\nSSLHARDEN_ALLOW_SSLV3=flase\n"
				    "SSLHARDEN_MAX_PROTOCOL=TLSv1.22\n";
	static const char tight[] =
		"[*]\nSSLHARDEN_STRICT=1\nSSLHARDEN_MIN_PROTOCOL=TLSv1.3\n"
		"SSLHARDEN_CIPHERS=HIGH\nSSLHARDEN_PROFILE=modern\n"
		"[/usr/sbin/it]\nSSLHARDEN_STRICT=ye\nSSLHARDEN_MIN_PROTOCOL=1\n"
		"SSLHARDEN_CIPHERS=\nSSLHARDEN_PROFILE=old\n";

	parse_file(loose, "");
	CHECK(config.mode == MODE_ON && !config.allow_sslv3 && config.max_protocol == 0);
	parse_file(tight, "");
	CHECK(config.strict && config.min_protocol == 0x0304 && config.profile != 0);
	CHECK(strcmp(config.ciphers, "HIGH") == 0);
	CHECK(strstr(config.complaints, "SSLHARDEN_PROFILE: cannot read \"old\"") != NULL);
}

/* A profile gives way to what is set beside it and above it, not to what is below it. */
static void test_profile_of_a_source(void)
{
	static const char text[] = "[*]\nSSLHARDEN_MIN_PROTOCOL=TLSv1.1\nSSLHARDEN_CIPHERS=HIGH\n"
				   "[/usr/sbin/it]\nSSLHARDEN_PROFILE=modern\n";

	CHECK(parse_file(text, "")->min_protocol == 0x0304 &&
	      strncmp(config.ciphers, "ECDHE-", 6) == 0);
	CHECK(parse_file(text, "SSLHARDEN_MIN_PROTOCOL=TLSv1.2")->min_protocol == 0x0303);
	CHECK(parse_file(text, "SSLHARDEN_PROFILE=default")->min_protocol == 0);
	CHECK(config.profile == 0 && !config.allow_client_preference);
}

int main(void)
{
	test_file_scopes();
	test_file_syntax();
	test_file_faults();
	test_file_long_heading();
	test_never_weaker();
	test_profile_of_a_source();
	test_booleans();
	test_words();
	test_more_complaints_than_there_is_room_for();
	test_bits();
	test_forbid();
	test_forbid_wrong_words();
	test_ciphers();
	test_unknown();
	test_bounds();
	test_many_complaints();
	return check_failures != 0;
}
