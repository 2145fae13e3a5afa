/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "admission.h"
#include "asked.h"
#include "compare_options.h"
#include "compare_print.h"
#include "library.h"
#include "path.h"
#include "patience.h"
#include "promises.h"
#include "spare.h"
#include "trial.h"
#include "visit.h"

/* Prints what both visits found.  @program: that was asked for, which may have started another one */
static int result(const struct request *request, const char *program, const struct visit visits[2])
{
	static struct config config;
	struct comparison made = {0};
	struct strings suites = {0};
	const struct measured *bare = &visits[0].measured, *hardened = &visits[1].measured;

	made.serves = measured_serves_any(bare) || measured_serves_any(hardened);
	config_load(&config, environ, false,
		    visits[1].program[0] != '\0' ? visits[1].program : program);
	contrast(bare, hardened, &config, made.rows, &made.faults);
	if (config.mode == MODE_ON) {
		promises_check(hardened, &config, &made.faults);
		if (config.ciphers[0] != '\0' && visits[1].libssl[0] != '\0')
			trial_suites(visits[1].libssl, &config, &suites);
		asked(hardened, &config, &suites, &made.faults, &made.unknown);
	}
	if (visits[1].stranger[0] != '\0' && config.mode != MODE_OFF)
		strings_addf(&made.faults, "not as asked: %s", visits[1].stranger);
	if (!made.serves)
		strings_add(&made.unknown, "no client is served, bare or hardened");
	if (request->json)
		compare_print_json(request, &config, &made);
	else
		compare_print_text(&made);
	if (made.faults.count > 0)
		return CLI_NO;
	return made.serves ? CLI_YES : CLI_UNKNOWN;
}

/* CLI_YES: it was measured.  Where no network of its own is to be had, it is in this one. */
static int bare_visit(struct request *request, const struct elf_file *library, struct visit *told)
{
	bool is_measured;

	cli_error("compare: bare: %s is started", base_name(request->argv[0]));
	is_measured = visit(request, library, NULL, told);
	if (told->state == STATE_NOT_ENCLOSED &&
	    (request->own_folders.count > 0 || request->spared != NULL)) {
		cli_error("compare: %s: nothing is started, for it would write into %s", told->why,
			  request->spared != NULL ? request->spared
						  : request->own_folders.items[0]);
		return CLI_UNKNOWN;
	}
	if (told->state == STATE_NOT_ENCLOSED) {
		cli_error("compare: %s: in this network, then: port %u has to be free", told->why,
			  request->port);
		request->here = true;
		is_measured = visit(request, library, NULL, told);
	}
	if (patience_signal() != 0)
		return CLI_UNKNOWN;
	if (is_measured && told->stranger[0] != '\0') {
		cli_error("compare: %s", told->stranger);
		return CLI_UNKNOWN;
	}
	if (!is_measured)
		compare_print_failure(request, "bare", told);
	return is_measured ? CLI_YES : CLI_UNKNOWN;
}

/* CLI_YES: it was measured. */
static int hardened_visit(const struct request *request, const struct elf_file *library,
			  const struct verdict *verdict, struct visit *told)
{
	bool is_measured;

	cli_error("compare: hardened: %s is started", base_name(request->argv[0]));
	is_measured = visit(request, library, verdict, told);
	if (patience_signal() != 0)
		return CLI_UNKNOWN;
	if (!is_measured)
		compare_print_failure(request, "hardened", told);
	return is_measured ? CLI_YES : CLI_NO;
}

static int both(struct request *request, const struct elf_file *library,
		const struct admission *admission, struct visit visits[2])
{
	int code = bare_visit(request, library, &visits[0]);

	if (code == CLI_YES)
		code = hardened_visit(request, library, &admission->verdict, &visits[1]);
	return code == CLI_YES ? result(request, admission->program, visits) : code;
}

static int compare(struct request *request)
{
	struct visit *visits = mmap(NULL, 2 * sizeof(*visits), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct admission admission;
	struct elf_file library;
	char *why;
	int code;

	if (!library_find(request->library, &library, &why)) {
		cli_error("compare: %s", why);
		return CLI_NO;
	}
	code = admission_executable("compare", request->argv[0]);
	if (code != CLI_YES)
		return code;
	code = admission_find("compare", request->argv, &request->plugins, &library, &admission);
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
	if (!spare_running(request, &admission))
		return CLI_UNKNOWN;
	visit_prepare();
	code = both(request, &library, &admission, visits);
	patience_end();
	if (patience_signal() != 0)
		raise(patience_signal());
	return code;
}

int cli_compare(int argc, char **argv)
{
	struct request request;
	int code = compare_options(argc, argv, &request);

	return code >= 0 ? code : compare(&request);
}
