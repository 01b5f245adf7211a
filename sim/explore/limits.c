#include "sim/explore/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/explore/explore.h"

uint64_t limits_cut_short(const struct explore_report *report)
{
    return report->cut_by_steps + report->cut_by_memory;
}

/* In the largest unit of which it is a whole number. */
static void say_bytes(uint64_t bytes, char *out, size_t size)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
    size_t unit = 0;

    while (unit + 1 < sizeof(units) / sizeof(units[0]) && bytes > 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        unit++;
    }
    (void)snprintf(out, size, "%" PRIu64 " %s", bytes, units[unit]);
}

/* "3 executions reached the limit of ", or what goes on from another such. */
static void say_count(uint64_t count, const char *noun, bool goes_on, char *out, size_t size)
{
    if (goes_on)
        (void)snprintf(out, size, " and %" PRIu64 " that of ", count);
    else
        (void)snprintf(out, size, "%" PRIu64 "%s%s%s reached the limit of ", count,
                       noun[0] == '\0' ? "" : " ", noun, noun[0] == '\0' || count == 1 ? "" : "s");
}

void limits_say(const struct explore_report *report, const char *noun, char *out, size_t size)
{
    bool steps = report->cut_by_steps > 0;
    bool memory = report->cut_by_memory > 0;
    char before[96] = "";
    char between[96] = "";
    char most_steps[32] = "";
    char most_memory[48] = "";

    if (steps) {
        say_count(report->cut_by_steps, noun, false, before, sizeof(before));
        (void)snprintf(most_steps, sizeof(most_steps), "%" PRIu32 " step%s", report->max_steps,
                       report->max_steps == 1 ? "" : "s");
    }
    if (memory) {
        say_count(report->cut_by_memory, noun, steps, between, sizeof(between));
        say_bytes(report->max_memory, most_memory, sizeof(most_memory));
    }
    (void)snprintf(out, size, "%s%s%s%s%s", before, most_steps, between, most_memory,
                   memory ? " of memory" : "");
}

bool limits_decided(const struct explore_report *report)
{
    char words[sizeof(report->why)];

    limits_say(report, "execution", words, sizeof(words));
    return report->verdict == EXPLORE_INCONCLUSIVE && limits_cut_short(report) > 0 &&
           strcmp(words, report->why) == 0;
}
