/* Writes and reads outcomes.  Nothing in a file is believed: every number is checked. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/explore/freedom.h"
#include "sim/explore/outcome.h"
#include "sim/explore/outcome_lines.h"
#include "sim/trace/reader.h"

#define OUTCOME_MAGIC "pickglass-report"
#define OUTCOME_VERSION "3"
#define OUTCOME_FILE_MAX ((size_t)1 << 30)

static const char *verdict_name(unsigned verdict)
{
    static const char *const names[] = {
        [EXPLORE_EXHAUSTED] = "exhausted",       [EXPLORE_BOUNDED] = "bounded",
        [EXPLORE_SAMPLED] = "sampled",           [EXPLORE_STOPPED] = "stopped",
        [EXPLORE_INCONCLUSIVE] = "inconclusive", [EXPLORE_NONDETERMINISTIC] = "nondeterministic"};

    return names[verdict];
}

enum { VERDICTS = EXPLORE_NONDETERMINISTIC + 1 };

static const char *policy_name(unsigned policy)
{
    return explore_policy_name((enum explore_policy)policy);
}

/* ---- Writing. ---- */

/* A line with a text to its end, escaped as in trace files. */
void outcome_put_line(FILE *out, const char *word, const char *text)
{
    (void)fprintf(out, "%s ", word);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '\n')
            (void)fputs("\\n", out);
        else if (c == '\\')
            (void)fputs("\\\\", out);
        else if (c < 0x20 || c == 0x7f)
            (void)fprintf(out, "\\x%02x", c);
        else
            (void)fputc(c, out);
    }
    (void)fputc('\n', out);
}

static void put_shards(FILE *out, const struct outcome *outcome)
{
    (void)fprintf(out, "shards %u %u\n", outcome->shard_count,
                  outcome->shard_count - outcome_missing(outcome));
    for (uint32_t i = 0; i < outcome->shard_count; i++)
        if (outcome->has[i])
            (void)fprintf(out, "i %u\n", i + 1);
}

bool outcome_put_findings(const struct explore_report *report, FILE *out)
{
    int count = 0;

    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++)
        count += report->kinds[kind].first != 0;
    (void)fprintf(out, "findings %d\n", count);
    for (unsigned kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        const struct explore_kind *found = &report->kinds[kind];
        char *schedule = found->first == 0 ? NULL : schedule_format(&found->schedule);

        if (found->first == 0)
            continue;
        if (schedule == NULL)
            return false;
        (void)fprintf(out, "f %s %" PRIu64 " %" PRIu64 " %s %s\n", sim_finding_name(kind),
                      found->executions, found->first, found->by == NULL ? "-" : found->by,
                      schedule);
        free(schedule);
    }
    trials_put(&report->trials, out);
    return true;
}

bool outcome_put_search(const struct outcome *outcome, FILE *out)
{
    char *prefix = schedule_format(&outcome->prefix);

    if (prefix == NULL)
        return false;
    outcome_put_line(out, "program", outcome->program);
    outcome_put_line(out, "params", outcome->params);
    outcome_put_line(out, "level", outcome->level);
    /* Said only where it is not the usual. */
    if (strcmp(outcome->time, "late") != 0)
        outcome_put_line(out, "time", outcome->time);
    if (outcome->early != 0)
        (void)fprintf(out, "early %" PRId64 "\n", outcome->early);
    if (outcome->cancel[0] != '\0')
        outcome_put_line(out, "cancel", outcome->cancel);
    (void)fprintf(out, "policy %s\nseed %" PRId64 "\ndepth %u\npreemptions %" PRId64 "\n",
                  policy_name(outcome->policy), outcome->seed, outcome->depth,
                  outcome->preemptions);
    (void)fprintf(out, "delays %" PRId64 "\nlimit %" PRId64 "\nsteps %u\n", outcome->delays,
                  outcome->executions, outcome->max_steps);
    if (outcome->max_memory != 0)
        (void)fprintf(out, "memory %" PRId64 "\n", outcome->max_memory);
    (void)fprintf(out, "all %d\nprefix %s\n", outcome->keep_going, prefix);
    free(prefix);
    return true;
}

void outcome_put_counts(const struct explore_report *report, FILE *out)
{
    (void)fprintf(out, "executions %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                  report->executions, report->cut_by_steps, report->cut_by_memory, report->found,
                  report->given_up);
}

/* Returns false when out of memory. */
static bool put_difference(const struct explore_difference *difference, FILE *out)
{
    char *schedule = schedule_format(&difference->schedule);

    if (schedule == NULL)
        return false;
    (void)fprintf(out, "differs %" PRIu64 " %u %s\n", difference->execution, difference->at.step,
                  schedule);
    free(schedule);
    outcome_put_line(out, "once", difference->at.first);
    outcome_put_line(out, "again", difference->at.second);
    return true;
}

static bool put(FILE *out, const struct outcome *outcome)
{
    const struct explore_report *report = &outcome->report;
    const struct explore_sampled *sampled = &report->sampled;

    (void)fputs(OUTCOME_MAGIC " " OUTCOME_VERSION "\n", out);
    if (!outcome_put_search(outcome, out))
        return false;
    put_shards(out, outcome);
    (void)fprintf(out, "verdict %s %d\n", verdict_name(report->verdict), report->interrupted);
    outcome_put_line(out, "why", report->why);
    outcome_put_counts(report, out);
    (void)fprintf(out, "limits %" PRIu32 " %" PRIu64 "\n", report->max_steps, report->max_memory);
    (void)fprintf(out, "sampled %" PRIu64 " %" PRIu64 " %u %u %u %d %d\n", sampled->runs,
                  sampled->reduced, sampled->actors, sampled->assumed, sampled->longest,
                  sampled->numbers, sampled->held);
    if (!put_difference(&report->difference, out) || !outcome_put_findings(report, out))
        return false;
    (void)fprintf(out, "mapped %d\n", outcome->map != NULL);
    if (outcome->map != NULL)
        map_put(outcome->map, out);
    (void)fputs("end\n", out);
    return true;
}

char *outcome_format(const struct outcome *outcome, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);

    if (out == NULL)
        return NULL;
    bool ok = put(out, outcome);

    if (fclose(out) == 0 && ok)
        return text;
    free(text);
    return NULL;
}

bool outcome_write(const struct outcome *outcome, const char *path, char *error, size_t error_size)
{
    size_t length = 0;
    char *text = outcome_format(outcome, &length);

    if (text == NULL) {
        (void)snprintf(error, error_size, "%s: out of memory", path);
        return false;
    }
    bool ok = file_replace_durably(path, text, length, error, error_size);

    free(text);
    return ok;
}

/* ---- Reading. ---- */

static bool count(struct reader *in, uint64_t *number)
{
    int64_t wide = 0;
    bool ok =
        reader_number(in, 0, INT64_MAX / OUTCOME_SHARDS_MAX, &wide); /* sums are numbers, too */

    *number = (uint64_t)wide;
    return ok;
}

static bool read_magic(struct reader *in)
{
    if (!reader_next_line(in))
        return false;
    bool known = reader_word(in, OUTCOME_MAGIC);

    if (known && reader_space(in) && reader_word(in, OUTCOME_VERSION) && reader_end(in))
        return true;
    in->failed = false; /* there is more to say than what is missing */
    return known ? reader_fail(in, "a report of a version that this program does not know (it "
                                   "knows " OUTCOME_VERSION ")")
                 : reader_fail(in, "this is not a report");
}

static bool text_line(struct reader *in, const char *word, char *out, size_t size)
{
    return reader_key(in, word) && reader_rest(in, out, size);
}

/* What is said only where it is not the usual. */
static bool read_freedom(struct reader *in, struct outcome *outcome)
{
    enum sim_level level = SIM_LEVEL_FIFO;

    if (!text_line(in, "level", outcome->level, sizeof(outcome->level)))
        return false;
    if (!freedom_level_named(outcome->level, &level))
        return reader_fail(in, "the level is neither fifo nor timing nor any");
    (void)snprintf(outcome->time, sizeof(outcome->time), "late");
    if (reader_next_begins(in, "time") &&
        !(text_line(in, "time", outcome->time, sizeof(outcome->time)) &&
          (strcmp(outcome->time, "explored") == 0 || reader_fail(in, "time is not explored"))))
        return false;
    if (reader_next_begins(in, "early") &&
        !reader_number_line(in, "early", 1, SIM_EARLY_MOST, &outcome->early))
        return false;
    if (!reader_next_begins(in, "cancel"))
        return true;
    return text_line(in, "cancel", outcome->cancel, sizeof(outcome->cancel)) &&
           (outcome->cancel[0] != '\0' || reader_fail(in, "nobody is named"));
}

static bool read_options(struct reader *in, struct outcome *outcome)
{
    int64_t depth = 0;
    int64_t steps = 0;

    if (!text_line(in, "program", outcome->program, sizeof(outcome->program)) ||
        !text_line(in, "params", outcome->params, sizeof(outcome->params)) ||
        !read_freedom(in, outcome))
        return false;
    if (!reader_key(in, "policy") ||
        !reader_name(in, policy_name, EXPLORE_POLICY_COUNT, &outcome->policy) || !reader_end(in) ||
        !reader_number_line(in, "seed", 0, INT64_MAX, &outcome->seed) ||
        !reader_number_line(in, "depth", 0, 64, &depth) ||
        !reader_number_line(in, "preemptions", -1, INT32_MAX, &outcome->preemptions) ||
        !reader_number_line(in, "delays", -1, INT32_MAX, &outcome->delays) ||
        !reader_number_line(in, "limit", 0, INT64_MAX, &outcome->executions) ||
        !reader_number_line(in, "steps", 0, UINT32_MAX, &steps))
        return false;
    if (reader_next_begins(in, "memory") &&
        !reader_number_line(in, "memory", 1, INT64_MAX, &outcome->max_memory))
        return false;
    if (!reader_key(in, "all") || !reader_flag(in, &outcome->keep_going) || !reader_end(in))
        return false;
    outcome->depth = (uint32_t)depth;
    outcome->max_steps = (uint32_t)steps;
    return reader_key(in, "prefix") && reader_schedule(in, &outcome->prefix);
}

static bool read_shards(struct reader *in, struct outcome *outcome)
{
    uint32_t present = 0;
    uint32_t last = 0;

    if (!reader_key(in, "shards") || !reader_u32(in, OUTCOME_SHARDS_MAX, &outcome->shard_count) ||
        !reader_u32(in, outcome->shard_count, &present) || !reader_end(in))
        return false;
    if (present == 0)
        return reader_fail(in, "a report of no shard");
    for (uint32_t i = 0; i < present; i++) {
        uint32_t shard = 0;

        if (!reader_key(in, "i") || !reader_u32(in, outcome->shard_count, &shard) ||
            !reader_end(in))
            return false;
        if (shard <= last)
            return reader_fail(in, "shards are not in order");
        outcome->has[shard - 1] = true;
        last = shard;
    }
    return true;
}

bool outcome_read_counts(struct reader *in, struct explore_report *report)
{
    if (!reader_key(in, "executions") || !count(in, &report->executions) ||
        !count(in, &report->cut_by_steps) || !count(in, &report->cut_by_memory) ||
        !count(in, &report->found) || !count(in, &report->given_up) || !reader_end(in))
        return false;
    return (limits_cut_short(report) <= report->executions &&
            report->found <= report->executions) ||
           reader_fail(in, "more than all executions");
}

/* The limits that held. */
static bool read_limits(struct reader *in, struct explore_report *report)
{
    int64_t memory = 0;
    bool ok = reader_key(in, "limits") && reader_u32(in, UINT32_MAX, &report->max_steps) &&
              reader_number(in, SIM_MAX_MEMORY_LEAST, INT64_MAX, &memory) && reader_end(in);

    report->max_memory = (uint64_t)memory;
    return ok && (report->max_steps > 0 || reader_fail(in, "a limit of no step"));
}

static bool read_numbers(struct reader *in, struct explore_report *report)
{
    struct explore_sampled *sampled = &report->sampled;
    uint8_t verdict = 0;

    if (!reader_key(in, "verdict") || !reader_name(in, verdict_name, VERDICTS, &verdict) ||
        !reader_flag(in, &report->interrupted) || !reader_end(in) ||
        !text_line(in, "why", report->why, sizeof(report->why)))
        return false;
    report->verdict = (enum explore_verdict)verdict;
    if (!outcome_read_counts(in, report) || !read_limits(in, report) ||
        !reader_key(in, "sampled") || !count(in, &sampled->runs) || !count(in, &sampled->reduced) ||
        !reader_u32(in, UINT32_MAX, &sampled->actors) ||
        !reader_u32(in, UINT32_MAX, &sampled->assumed) ||
        !reader_u32(in, UINT32_MAX, &sampled->longest) || !reader_flag(in, &sampled->numbers) ||
        !reader_flag(in, &sampled->held) || !reader_end(in))
        return false;
    return sampled->runs + sampled->reduced <= report->executions ||
           reader_fail(in, "more than all executions");
}

static bool read_difference(struct reader *in, struct explore_report *report)
{
    struct explore_difference *difference = &report->difference;

    if (!reader_key(in, "differs") || !count(in, &difference->execution) ||
        !reader_u32(in, UINT32_MAX, &difference->at.step) ||
        !reader_schedule(in, &difference->schedule))
        return false;
    if ((difference->execution == 0) != (difference->at.step == 0) ||
        (difference->execution != 0 && report->verdict != EXPLORE_NONDETERMINISTIC))
        return reader_fail(in, "a difference that is none");
    return text_line(in, "once", difference->at.first, sizeof(difference->at.first)) &&
           text_line(in, "again", difference->at.second, sizeof(difference->at.second));
}

/* A policy's name, or "-" for none. */
static const char *by_name(unsigned by)
{
    return by == EXPLORE_POLICY_COUNT ? "-" : policy_name(by);
}

static bool read_finding(struct reader *in, struct explore_report *report, int *last)
{
    uint8_t kind = 0;
    uint8_t by = 0;
    uint64_t executions = 0;
    uint64_t first = 0;

    if (!reader_key(in, "f") || !reader_name(in, sim_finding_name, SIM_FINDING_COUNT, &kind) ||
        !count(in, &executions) || !count(in, &first) ||
        !reader_name(in, by_name, EXPLORE_POLICY_COUNT + 1, &by))
        return false;
    if (kind <= *last)
        return reader_fail(in, "findings are not in order");
    if (executions == 0 || executions > report->found || first == 0)
        return reader_fail(in, "found in no execution, or in more than have findings");
    *last = kind;
    report->kinds[kind].executions = executions;
    report->kinds[kind].first = first;
    report->kinds[kind].by = by == EXPLORE_POLICY_COUNT ? NULL : policy_name(by);
    return reader_schedule(in, &report->kinds[kind].schedule);
}

bool outcome_read_end(struct reader *in)
{
    if (!reader_key(in, "end") || !reader_end(in))
        return false;
    in->line++;
    return in->next == in->end || reader_fail(in, "something follows the end");
}

/* The first error, else the first hazard. */
static int worst_of(const struct explore_report *report)
{
    int worst = -1;

    for (int kind = 0; kind < SIM_FINDING_COUNT; kind++) {
        if (report->kinds[kind].first == 0)
            continue;
        int error = sim_finding_is_error((unsigned)kind);
        int before = worst < 0 ? -1 : sim_finding_is_error((unsigned)worst);

        if (error > before ||
            (error == before && report->kinds[kind].first < report->kinds[worst].first))
            worst = kind;
    }
    return worst;
}

bool outcome_read_findings(struct reader *in, struct explore_report *report)
{
    uint32_t findings = 0;
    int last = -1;

    if (!reader_key(in, "findings") || !reader_u32(in, SIM_FINDING_COUNT, &findings) ||
        !reader_end(in))
        return false;
    if ((findings == 0) != (report->found == 0))
        return reader_fail(in, "findings without executions that have some, or the reverse");
    for (uint32_t i = 0; i < findings; i++)
        if (!read_finding(in, report, &last))
            return false;
    report->worst = worst_of(report);
    return trials_read(&report->trials, INT64_MAX / OUTCOME_SHARDS_MAX, in);
}

static bool read_map(struct reader *in, struct outcome *outcome)
{
    bool mapped = false;

    if (!reader_key(in, "mapped") || !reader_flag(in, &mapped) || !reader_end(in))
        return false;
    if (!mapped)
        return true;
    outcome->map = map_new();
    return outcome->map == NULL ? reader_fail(in, "out of memory") : map_read(outcome->map, in);
}

static bool read_all(struct reader *in, struct outcome *outcome)
{
    return read_magic(in) && read_options(in, outcome) && read_shards(in, outcome) &&
           read_numbers(in, &outcome->report) && read_difference(in, &outcome->report) &&
           outcome_read_findings(in, &outcome->report) && read_map(in, outcome) &&
           outcome_read_end(in);
}

bool outcome_parse(struct outcome *outcome, const char *text, size_t length, const char *name,
                   char *error, size_t error_size)
{
    struct reader in = {
        .next = text, .end = text + length, .name = name, .error = error, .error_size = error_size};

    error[0] = '\0';
    *outcome = (struct outcome){.report.worst = -1};
    if (read_all(&in, outcome))
        return true;
    outcome_free(outcome);
    return false;
}

bool outcome_read(struct outcome *outcome, const char *path, char *error, size_t error_size)
{
    size_t length = 0;
    char *text = file_read(path, OUTCOME_FILE_MAX, &length, error, error_size);

    if (text == NULL)
        return false;
    bool ok = outcome_parse(outcome, text, length, path, error, error_size);

    free(text);
    return ok;
}
