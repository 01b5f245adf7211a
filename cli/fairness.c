#include "cli/fairness.h"

#include <inttypes.h>

#include "cli/options.h"
#include "sim/detect/fairness.h"
#include "sim/trace/words.h"

/* "2.5 ms", "40 steps". */
static const char *length_of(const struct fairness_wait *wait, char *out, size_t size)
{
    if (wait->time_ns >= SIM_SECOND)
        (void)snprintf(out, size, "%" PRId64 ".%03" PRId64 " s", wait->time_ns / SIM_SECOND,
                       wait->time_ns % SIM_SECOND / SIM_MS);
    else if (wait->time_ns > 0)
        (void)snprintf(out, size, "%" PRId64 ".%03" PRId64 " ms", wait->time_ns / SIM_MS,
                       wait->time_ns % SIM_MS / SIM_US);
    else
        (void)snprintf(out, size, "%u steps", wait->steps);
    return out;
}

/* "mutex, from step 4", "sleep, from step 9". */
static const char *what_of(const struct trace *trace, const struct fairness_wait *wait, char *out,
                           size_t size)
{
    char name[REGISTRY_NAME_MAX];

    (void)snprintf(out, size, "%s, from step %u",
                   wait->object == 0 ? sim_wait_name(wait->why)
                                     : registry_name(trace->registry, wait->object, name),
                   wait->step);
    return out;
}

/* "10 times: B 8, C 2". */
static const char *overtaken_of(const struct trace *trace, const struct fairness_stat *stat,
                                char *out, size_t size)
{
    char name[REGISTRY_NAME_MAX];
    int used = snprintf(out, size, "%u", stat->overtaken);

    for (uint32_t i = 0; i < stat->overtaker_count && used > 0 && (size_t)used < size; i++)
        used += snprintf(out + used, size - (size_t)used, "%s%s %u", i == 0 ? ": " : ", ",
                         words_actor(trace->registry, stat->overtakers[i].actor, name),
                         stat->overtakers[i].times);
    return out;
}

/* The wait that is longest, over or not. */
static struct fairness_wait longest_of(const struct trace *trace, const struct fairness_stat *stat)
{
    const struct sim_event *last = &trace->events[trace->event_count - 1];
    struct fairness_wait unended = stat->unended;

    if (unended.step != 0)
        unended.steps = last->step - unended.step;
    return stat->longest.step == 0 ||
                   (stat->longest.time_ns == 0 && unended.steps > stat->longest.steps)
               ? unended
               : stat->longest;
}

static void print_row(const struct trace *trace, uint32_t id, const struct fairness_stat *stat,
                      FILE *out)
{
    struct fairness_wait longest = longest_of(trace, stat);
    char name[REGISTRY_NAME_MAX];
    char length[64];
    char what[REGISTRY_NAME_MAX + 32];
    char overtaken[4 * REGISTRY_NAME_MAX];

    (void)fprintf(out, "  %-16s %5u  %-12s  %-28s  %s\n", words_actor(trace->registry, id, name),
                  stat->waits, length_of(&longest, length, sizeof(length)),
                  what_of(trace, &longest, what, sizeof(what)),
                  overtaken_of(trace, stat, overtaken, sizeof(overtaken)));
}

static void print_table(const struct trace *trace, const struct fairness *fairness, FILE *out)
{
    (void)fprintf(out, "\nfairness:\n  %-16s %5s  %-12s  %-28s  %s\n", "who", "waits", "longest",
                  "for", "overtaken");
    for (uint32_t id = 1; id <= registry_count(trace->registry); id++) {
        const struct fairness_stat *stat = fairness_of(fairness, id);

        if (stat->waits > 0 || stat->unended.step != 0)
            print_row(trace, id, stat, out);
    }
}

/* The first of those who were overtaken most; 0: nobody was, as often as is worth a word. */
static uint32_t most_overtaken(const struct trace *trace, const struct fairness *fairness)
{
    uint32_t most = 0;

    for (uint32_t id = 1; id <= registry_count(trace->registry); id++) {
        uint32_t times = fairness_of(fairness, id)->served_before;

        if (times >= FAIRNESS_TELLING &&
            (most == 0 || times > fairness_of(fairness, most)->served_before))
            most = id;
    }
    return most;
}

static void print_most(const struct trace *trace, const struct fairness *fairness, FILE *out)
{
    uint32_t id = most_overtaken(trace, fairness);
    char name[REGISTRY_NAME_MAX];
    char length[64];
    char what[REGISTRY_NAME_MAX + 32];
    char overtaken[4 * REGISTRY_NAME_MAX];

    if (id == 0)
        return;
    const struct fairness_stat *stat = fairness_of(fairness, id);
    struct fairness_wait longest = longest_of(trace, stat);

    (void)fprintf(out, "fairness: %s waited up to %s (for %s), and was overtaken: %s\n",
                  words_actor(trace->registry, id, name),
                  length_of(&longest, length, sizeof(length)),
                  what_of(trace, &longest, what, sizeof(what)),
                  overtaken_of(trace, stat, overtaken, sizeof(overtaken)));
}

bool fairness_print(const struct trace *trace, bool whole, FILE *out)
{
    struct fairness *fairness = trace->event_count == 0 ? NULL : fairness_new();

    if (trace->event_count == 0)
        return true;
    if (fairness != NULL)
        fairness_read(fairness, trace);
    bool ok = fairness != NULL && !fairness_out_of_memory(fairness);

    if (!ok)
        cli_error("out of memory");
    else if (whole)
        print_table(trace, fairness, out);
    else
        print_most(trace, fairness, out);
    fairness_free(fairness);
    return ok;
}
