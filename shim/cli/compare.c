/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "asked.h"
#include "compare_options.h"
#include "compare_print.h"
#include "library.h"
#include "path.h"
#include "patience.h"
#include "promises.h"
#include "run.h"
#include "spare.h"
#include "trial.h"
#include "visit.h"

static int result(const struct request *request, const struct visit visits[2])
{
	static struct config config;
	struct comparison made = {0};
	struct strings suites = {0};
	const struct measured *bare = &visits[0].measured, *hardened = &visits[1].measured;
	char *program = realpath(path_search(request->argv[0], getenv("PATH")), NULL);

	made.serves = measured_serves_any(bare) || measured_serves_any(hardened);
	config_load(&config, environ, false, program != NULL ? program : "-");
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
		compare_print_failure(request, "bare", &visits[0]);
		return CLI_UNKNOWN;
	}
	cli_error("compare: hardened: %s is started", name);
	is_measured = visit(request, library, verdict, &visits[1]);
	if (patience_signal() != 0)
		return CLI_UNKNOWN;
	if (!is_measured) {
		compare_print_failure(request, "hardened", &visits[1]);
		return CLI_NO;
	}
	return result(request, visits);
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
	if (!spare_running(request))
		return CLI_UNKNOWN;
	visit_prepare();
	code = both(request, &library, &verdict, visits);
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
