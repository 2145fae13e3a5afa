/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "asked.h"
#include "beside.h"
#include "contrast.h"
#include "json.h"
#include "library.h"
#include "options.h"
#include "path.h"
#include "patience.h"
#include "promises.h"
#include "run.h"
#include "settings.h"
#include "settings/nearest.h"
#include "settings/variables.h"
#include "sslharden/policy.h"
#include "trial.h"
#include "visit.h"

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

static void failure_say(const struct request *request, const char *how, const struct visit *told)
{
	struct strings lines = {0};
	char *said = text_make("%s", told->said), *line;

	cli_error("compare: %s, %s: %s", base_name(request->argv[0]), how, told->why);
	while ((line = strsep(&said, "\n")) != NULL) {
		if (*line != '\0')
			strings_add(&lines, line);
	}
	for (size_t i = lines.count > 8 ? lines.count - 8 : 0; i < lines.count; i++)
		cli_error("compare: it said: %s", lines.items[i]);
}

static void table_print(const struct row rows[ROW_COUNT])
{
	static const char *const colors[] = {[CHANGE_OTHER] = "\x1b[1m",
					     [CHANGE_STRONGER] = "\x1b[32m",
					     [CHANGE_WEAKER] = "\x1b[31m",
					     [CHANGE_LOST] = "\x1b[31m"};
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	int names = 0, befores = (int)strlen("before"), afters = (int)strlen("after");

	for (int i = 0; i < ROW_COUNT; i++) {
		int n = (int)strlen(rows[i].name), b = (int)strlen(rows[i].before);
		int a = (int)strlen(rows[i].after);

		names = n > names ? n : names;
		befores = b > befores ? b : befores;
		afters = a > afters ? a : afters;
	}
	printf("%-*s  %-*s  after\n", names, "", befores, "before");
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &rows[i];
		const char *color = is_terminal ? colors[row->change] : NULL;

		printf("%s%-*s  %-*s  ", color != NULL ? color : "", names, row->name, befores,
		       row->before);
		if (row->change == CHANGE_NONE)
			puts(row->after);
		else
			printf("%-*s  %s%s\n", afters, row->after, change_name(row->change),
			       color != NULL ? "\x1b[0m" : "");
	}
}

static void text_print(const struct row rows[ROW_COUNT], const struct strings *faults,
		       const struct strings *unknown, bool serves)
{
	table_print(rows);
	putchar('\n');
	for (size_t i = 0; i < faults->count; i++)
		puts(text_plain(faults->items[i]));
	for (size_t i = 0; i < unknown->count; i++)
		printf("not verified: %s\n", text_plain(unknown->items[i]));
	if (faults->count == 0 && serves)
		printf("nothing got weaker, and what %s is so\n",
		       unknown->count == 0 ? "was asked for" : "else was asked for");
}

static void json_reply(const char *name, const char *words, const struct reply *reply)
{
	char suite[SUITE_TEXT_MAX];
	bool is_served = reply != NULL && reply->outcome == OUTCOME_SERVED;

	json_object(name);
	json_string("text", words);
	if (reply != NULL) {
		json_bool("served", is_served);
		json_string("version", is_served ? version_name(reply->version) : NULL);
		json_string("cipher", is_served ? suite_name(reply->suite, suite) : NULL);
		if (reply->alert != 0)
			json_number("alert", reply->alert);
		else
			json_null("alert");
	}
	json_end();
}

static void json_print(const struct request *request, const struct config *config,
		       const struct row rows[ROW_COUNT], const struct strings *faults,
		       const struct strings *unknown)
{
	struct strings settings = {0};

	settings_list(config, &settings);
	json_object(NULL);
	json_string("program", request->argv[0]);
	json_number("port", (long)request->port);
	json_string("starttls", request->starttls != NULL ? request->starttls->name : NULL);
	json_bool("own_network", !request->here);
	json_strings("settings", &settings);
	json_array("rows");
	for (int i = 0; i < ROW_COUNT; i++) {
		json_object(NULL);
		json_string("row", rows[i].word);
		json_reply("before", rows[i].before, rows[i].bare);
		json_reply("after", rows[i].after, rows[i].hardened);
		json_string("change", change_name(rows[i].change));
		json_end();
	}
	json_end();
	json_strings("faults", faults);
	json_strings("not_verified", unknown);
	json_end();
}

static int result(const struct request *request, const struct visit visits[2])
{
	static struct config config;
	struct row rows[ROW_COUNT];
	struct strings faults = {0}, suites = {0}, unknown = {0};
	char *program = realpath(path_search(request->argv[0], getenv("PATH")), NULL);
	bool serves = measured_serves_any(&visits[0].measured) ||
		      measured_serves_any(&visits[1].measured);

	config_load(&config, environ, false, program != NULL ? program : "-");
	contrast(&visits[0].measured, &visits[1].measured, &config, rows, &faults);
	if (config.mode == MODE_ON) {
		promises_check(&visits[1].measured, &config, &faults);
		if (config.ciphers[0] != '\0' && visits[1].libssl[0] != '\0')
			trial_suites(visits[1].libssl, &config, &suites);
		asked(&visits[1].measured, &config, &suites, &faults, &unknown);
	}
	if (visits[1].stranger[0] != '\0' && config.mode != MODE_OFF)
		strings_addf(&faults, "not as asked: %s", visits[1].stranger);
	if (!serves)
		strings_add(&unknown, "no client is served, bare or hardened");
	if (request->json)
		json_print(request, &config, rows, &faults, &unknown);
	else
		text_print(rows, &faults, &unknown, serves);
	if (faults.count > 0)
		return CLI_NO;
	return serves ? CLI_YES : CLI_UNKNOWN;
}

static int both(struct request *request, const struct elf_file *library,
		const struct verdict *verdict, struct visit visits[2])
{
	const char *name = base_name(request->argv[0]);
	bool is_measured;

	cli_error("compare: bare: %s is started", name);
	is_measured = visit(request, library, NULL, &visits[0]);
	if (visits[0].state == STATE_NOT_ENCLOSED &&
	    (request->own_folders.count > 0 || request->spared != NULL)) {
		cli_error("compare: %s: nothing is started, for it would write into %s",
			  visits[0].why,
			  request->spared != NULL ? request->spared
						  : request->own_folders.items[0]);
		return CLI_UNKNOWN;
	}
	if (visits[0].state == STATE_NOT_ENCLOSED) {
		cli_error("compare: %s: in this network, then: port %u has to be free",
			  visits[0].why, request->port);
		request->here = true;
		is_measured = visit(request, library, NULL, &visits[0]);
	}
	if (patience_signal() != 0)
		return CLI_UNKNOWN;
	if (is_measured && visits[0].stranger[0] != '\0') {
		cli_error("compare: %s", visits[0].stranger);
		return CLI_UNKNOWN;
	}
	if (!is_measured) {
		failure_say(request, "bare", &visits[0]);
		return CLI_UNKNOWN;
	}
	cli_error("compare: hardened: %s is started", name);
	is_measured = visit(request, library, verdict, &visits[1]);
	if (patience_signal() != 0)
		return CLI_UNKNOWN;
	if (!is_measured) {
		failure_say(request, "hardened", &visits[1]);
		return CLI_NO;
	}
	return result(request, visits);
}

/* What is in /run is private already; a folder that is all of them cannot be. */
static bool is_private(const char *path)
{
	return text_begins(path, "/run/") || text_begins(path, "/var/run/");
}

/* The folders of the running one's PID files are private, too.  False: they cannot be, as was said. */
static bool beside_spare(struct request *request)
{
	struct strings pid_files = {0};
	char *program = realpath(path_search(request->argv[0], getenv("PATH")), NULL);

	if (program != NULL)
		beside_find(program, &pid_files);
	free(program);
	for (size_t i = 0; i < pid_files.count; i++) {
		const char *path = pid_files.items[i];
		char *folder = text_make("%.*s", (int)(strrchr(path, '/') - path), path);

		request->spared = path;
		if (!request->here && is_private(path))
			continue;
		if (request->here || folder[0] == '\0') {
			cli_error("compare: %s is that of one that runs, and would be taken away; "
				  "stop that one%s",
				  path, request->here ? ", or leave out --here" : "");
			return false;
		}
		cli_error("compare: %s is that of one that runs: %s is private, as by --private",
			  path, folder);
		if (!strings_have(&request->own_folders, folder))
			strings_add(&request->own_folders, folder);
	}
	return true;
}

static int compare(struct request *request)
{
	struct visit *visits = mmap(NULL, 2 * sizeof(*visits), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct verdict verdict = {0};
	struct elf_file library;
	char *why;
	int code;

	if (!library_find(request->library, &library, &why)) {
		cli_error("compare: %s", why);
		return CLI_NO;
	}
	if (path_search(request->argv[0], getenv("PATH")) == NULL) {
		cli_error("compare: %s: %s", request->argv[0], strerror(errno));
		return errno == ENOENT || errno == ENOTDIR ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
	}
	code = run_obstacles("compare", request->argv, &request->plugins, &library, &verdict);
	if (code != CLI_YES) {
		cli_error("compare: %s is not started", request->argv[0]);
		return code;
	}
	if (access("/proc/self/stat", F_OK) != 0) { /* by which what it started is found again */
		cli_error("compare: /proc is not mounted: what is started could not be ended");
		return CLI_UNKNOWN;
	}
	if (visits == MAP_FAILED) {
		cli_error("compare: %s", strerror(errno));
		return CLI_UNKNOWN;
	}
	if (!beside_spare(request))
		return CLI_UNKNOWN;
	visit_prepare();
	code = both(request, &library, &verdict, visits);
	patience_end();
	if (patience_signal() != 0)
		raise(patience_signal());
	return code;
}

/* --- options -------------------------------------------------------------------------- */

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

int cli_compare(int argc, char **argv)
{
	struct option options[OPTIONS_MAX];
	struct request request = {.wait = 30000};
	int option;

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
		if (!option_take(&request, option))
			return CLI_USAGE;
	}
	if (request.port == 0 || optind == argc) {
		cli_error("compare: no %s", request.port == 0 ? "--port" : "PROGRAM");
		return cli_usage_of("compare");
	}
	if (request.here && request.own_folders.count > 0) {
		cli_error("compare: --private beside --here; accepted: one of them");
		return cli_usage_of("compare");
	}
	request.argv = argv + optind;
	return compare(&request);
}
