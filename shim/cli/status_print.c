/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "status_print.h"

#include <stdio.h>
#include <string.h>

#include "json.h"

/* It goes on as it is, which may be without what its successor brought. */
static const char replaced[] = ", replaced or removed since it was loaded: restart the program";

static bool is_same(const struct strings *one, const struct strings *other)
{
	for (size_t i = 0; i < one->count && i < other->count; i++) {
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	}
	return one->count == other->count;
}

static void strings_print(const char *word, const struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		printf("    %-8s %s\n", word, text_plain(strings->items[i]));
}

static void settings_print(const struct process *process, const struct standing *standing,
			   struct head *head)
{
	const struct strings *settings = &standing->settings;

	if (process->library == NULL)
		return;
	if (head->pid != 0 && settings->count + standing->complaints.count > 1 &&
	    is_same(&head->standing.settings, settings) &&
	    is_same(&head->standing.complaints, &standing->complaints)) {
		printf("    settings those of %ld\n", (long)head->pid);
		return;
	}
	*head = (struct head){process->pid, *standing};
	strings_print("unread", &standing->complaints);
	strings_print("instead", &standing->instead);
	strings_print("setting", settings);
}

/* What follows the state of a process some of whose settings are not what somebody wrote. */
static const char *unread_text(const struct standing *standing)
{
	size_t count = standing->complaints.count;

	return count == 0   ? ""
	       : count == 1 ? ", but a setting could not be read"
			    : text_make(", but %zu settings could not be read", count);
}

void status_print_text(const struct process *process, const struct standing *standing,
		       struct head *head)
{
	printf("%ld %s: %s%s\n", (long)process->pid, text_plain(process->name),
	       state_name(standing->state), unread_text(standing));
	if (standing->reason != NULL)
		printf("    reason   %s\n", text_plain(standing->reason));
	if (process->library != NULL)
		printf("    library  %s%s\n", text_plain(process->library),
		       process->is_replaced ? replaced : "");
	if (process->libssl != NULL)
		printf("    libssl   %s\n", text_plain(process->libssl));
	if (standing->proof != NULL)
		printf("    bound    %s\n", text_plain(standing->proof));
	settings_print(process, standing, head);
	strings_print("unknown", &standing->unknown);
	if (standing->messages != NULL)
		printf("    messages %s\n", text_plain(standing->messages));
	if (standing->lost != 0)
		printf("    lost     %lld message%s that no place took; SSLHARDEN_LOG=FILE, "
		       "that its own user may write (install -m 600 -o USER /dev/null FILE)\n",
		       (long long)standing->lost, standing->lost == 1 ? "" : "s");
}

void status_print_line(const struct process *process, const struct standing *standing)
{
	printf("%7ld %-16s %s%s%s%s%s%s\n", (long)process->pid, text_plain(process->name),
	       state_name(standing->state), unread_text(standing),
	       standing->reason != NULL ? " (" : "",
	       standing->reason != NULL ? text_plain(standing->reason) : "",
	       standing->reason != NULL ? ")" : "", process->is_replaced ? replaced : "");
}

void status_print_active(enum activity answer)
{
	if (answer == UNKNOWN || answer == NOTHING)
		json_null("active");
	else
		json_bool("active", answer == YES);
}

void status_print_json(const struct process *process, const struct standing *standing)
{
	json_object(NULL);
	json_number("pid", process->pid);
	json_string("name", process->name);
	status_print_active(state_activity(standing->state));
	json_string("state", state_name(standing->state));
	json_string("reason", standing->reason);
	json_string("library", process->library);
	json_bool("replaced", process->is_replaced);
	json_string("libssl", process->libssl);
	json_string("bound", standing->proof);
	json_string("messages", standing->messages);
	json_strings("settings", &standing->settings);
	json_strings("complaints", &standing->complaints);
	json_strings("instead", &standing->instead);
	json_strings("unknown", &standing->unknown);
	json_number("lost", standing->lost);
	json_end();
}

void status_print_unread(const struct process *process, const char *why, bool json)
{
	if (!json) {
		cli_error("status: %s", why);
		return;
	}
	json_object(NULL);
	if (process->pid != 0)
		json_number("pid", process->pid);
	json_string("name", process->name);
	json_null("active");
	json_string("state", "unknown");
	json_string("reason", why);
	json_end();
}
