/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "compare_options.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "options.h"
#include "settings/nearest.h"
#include "settings/variables.h"
#include "tls_hello.h"

static const char usage_head[] =
	"usage: sslharden compare --port N [options] [--] PROGRAM [ARG...]\n"
	"Starts PROGRAM bare, asks it as clients of SSLv3 to TLSv1.3 do, stops it; does the same\n"
	"under the library; and prints what was served before and after. Where that can be had it\n"
	"has a network and a /run of its own, so that the same server may run here besides.\n"
	"  --port N                    where it listens\n"
	"  --starttls PROTOCOL         smtp imap pop3 ftp ldap postgres mysql xmpp\n"
	"  --servername NAME           the name of it that clients ask for\n"
	"  --wait SECONDS              that it may take to listen, and to answer (default: 30)\n"
	"  --here                      in this network and with this /run: the port has to be "
	"free\n"
	"  --private FOLDER            of its own as /run is: for a PID file there, or a database\n"
	"  --json                      as JSON (RFC 8259)\n"
	"  --library PATH              as run has it\n"
	"  --plugins PATH              as run has it\n"
	"  --setting NAME=VALUE        a variable, for the hardened start; or as run's options:\n"
	"  --audit                     change nothing (SSLHARDEN=audit)\n";

static const char usage_tail[] =
	"Exit: 0 nothing got weaker, and all that was asked for is so, but for what is named as "
	"not\n"
	"verified; 1 not so, or it cannot be protected: each reason is named; 2 wrong usage, or a\n"
	"setting that cannot be read; 3 it cannot be known; 126, 127 PROGRAM cannot be executed, "
	"or\n"
	"is not there.\n";

enum {
	HELP,
	PORT,
	STARTTLS,
	SERVERNAME,
	WAIT,
	HERE,
	PRIVATE,
	JSON,
	LIBRARY,
	PLUGINS,
	SETTING,
	AUDIT
};

static const struct option own_options[] = {
	{"help", no_argument, NULL, HELP},
	{"port", required_argument, NULL, PORT},
	{"starttls", required_argument, NULL, STARTTLS},
	{"servername", required_argument, NULL, SERVERNAME},
	{"wait", required_argument, NULL, WAIT},
	{"here", no_argument, NULL, HERE},
	{"private", required_argument, NULL, PRIVATE},
	{"json", no_argument, NULL, JSON},
	{"library", required_argument, NULL, LIBRARY},
	{"plugins", required_argument, NULL, PLUGINS},
	{"setting", required_argument, NULL, SETTING},
	{"audit", no_argument, NULL, AUDIT},
};

static bool number_read(const char *option, const char *text, long highest, long *number)
{
	if (options_number(text, highest, number))
		return true;
	cli_error("compare: %s %s; accepted: 1 to %ld", option, text, highest);
	return false;
}

static bool starttls_read(const char *text, const struct starttls **starttls)
{
	const char *const *names = starttls_names();
	char *list = text_make("%s", names[0]);

	*starttls = starttls_find(text);
	for (names++; *names != NULL; names++)
		list = text_make("%s %s", list, *names);
	if (*starttls == NULL)
		cli_error("compare: --starttls %s; accepted: %s", text, list);
	return *starttls != NULL;
}

/* A name of DNS: it goes into a hello, and into the words before it. */
static bool servername_read(const char *text)
{
	size_t len = strlen(text);

	for (const char *c = text; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && strchr("-._", *c) == NULL)
			len = 0;
	}
	if (len == 0 || len > HELLO_NAME_MAX)
		cli_error("compare: --servername %s; accepted: a host's name", text);
	return len > 0 && len <= HELLO_NAME_MAX;
}

static bool setting_read(const char *text)
{
	size_t len = strcspn(text, "="), number = variable_find(text, len);
	char *name = text_make("%.*s", (int)len, text);

	if (text[len] == '=' && number < VARIABLE_COUNT)
		return options_set("compare", FIRST_VARIABLE + (int)number, text + len + 1);
	if (text[len] != '=')
		cli_error("compare: --setting %s; accepted: NAME=VALUE", text);
	else
		cli_error("compare: --setting %s: no such setting; nearest: %s", text,
			  variables[nearest_word(name, variables[0].name, sizeof(variables[0]),
						 VARIABLE_COUNT)]
				  .name);
	free(name);
	return false;
}

static bool folder_read(const char *folder)
{
	struct stat is;

	if (folder[0] == '/' && stat(folder, &is) == 0 && S_ISDIR(is.st_mode))
		return true;
	cli_error("compare: --private %s; accepted: the absolute path of a folder", folder);
	return false;
}

/* False: it was wrong, which has been said. */
static bool option_take(struct request *request, int option)
{
	long number = 0;

	if (option == PORT) {
		if (!number_read("--port", optarg, 65535, &number))
			return false;
		request->port = (unsigned int)number;
	} else if (option == WAIT) {
		if (!number_read("--wait", optarg, 3600, &number))
			return false;
		request->wait = 1000 * number;
	} else if (option == STARTTLS) {
		return starttls_read(optarg, &request->starttls);
	} else if (option == SERVERNAME) {
		request->name = optarg;
		return servername_read(optarg);
	} else if (option == HERE) {
		request->here = true;
	} else if (option == PRIVATE) {
		strings_add(&request->own_folders, optarg);
		return folder_read(optarg);
	} else if (option == JSON) {
		request->json = true;
	} else if (option == LIBRARY) {
		request->library = optarg;
	} else if (option == PLUGINS) {
		strings_add(&request->plugins, optarg);
	} else if (option == SETTING) {
		return setting_read(optarg);
	} else if (option == AUDIT) {
		setenv("SSLHARDEN", "audit", 1);
	} else {
		return options_set("compare", option, optarg);
	}
	return true;
}

int compare_options(int argc, char **argv, struct request *request)
{
	struct option options[OPTIONS_MAX];
	int option;

	*request = (struct request){.wait = 30000};
	options_make(options, own_options, sizeof(own_options) / sizeof(own_options[0]));
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == HELP || option == 'h') {
			fputs(usage_head, stdout);
			options_print_variables();
			fputs(usage_tail, stdout);
			return CLI_YES;
		}
		if (option == '?' || option == ':')
			return options_error("compare", option, argv, options);
		if (!option_take(request, option))
			return CLI_USAGE;
	}
	if (request->port == 0 || optind == argc) {
		cli_error("compare: no %s", request->port == 0 ? "--port" : "PROGRAM");
		return cli_usage_of("compare");
	}
	if (request->here && request->own_folders.count > 0) {
		cli_error("compare: --private beside --here; accepted: one of them");
		return cli_usage_of("compare");
	}
	request->argv = argv + optind;
	return -1;
}
