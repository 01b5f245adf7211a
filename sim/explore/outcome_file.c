/* Writes and reads outcomes.  Nothing in a file is believed: every number is checked. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/file.h"
#include "sim/explore/freedom.h"
#include "sim/explore/outcome.h"
#include "sim/trace/reader.h"

#define OUTCOME_MAGIC "pickglass-report"
#define OUTCOME_VERSION "1"
#define OUTCOME_FILE_MAX ((size_t)1 << 30)

static const char *verdict_name(unsigned verdict)
{
    static const char *const names[] = {[EXPLORE_EXHAUSTED] = "exhausted",
                                        [EXPLORE_BOUNDED] = "bounded",
                                        [EXPLORE_SAMPLED] = "sampled",
                                        [EXPLORE_STOPPED] = "stopped",
                                        [EXPLORE_INCONCLUSIVE] = "inconclusive"};

    return names[verdict];
}

enum { VERDICTS = EXPLORE_INCONCLUSIVE + 1 };

static const char *policy_name(unsigned policy)
{
    return explore_policy_name((enum explore_policy)policy);
}

/* ---- Writing. ---- */

/* A line with a text to its end, escaped as in trace files. */
static void put_line(FILE *out, const char *word, const char *text)
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

/* Returns false when out of memory. */
static bool put_findings(FILE *out, const struct explore_report *report)
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
        (void)fprintf(out, "f %s %" PRIu64 " %" PRIu64 " %s\n", sim_finding_name(kind),
                      found->executions, found->first, schedule);
        free(schedule);
    }
    return true;
}

static bool put(FILE *out, const struct outcome *outcome)
{
    const struct explore_report *report = &outcome->report;
    const struct explore_sampled *sampled = &report->sampled;
    char *prefix = schedule_format(&outcome->prefix);

    if (prefix == NULL)
        return false;
    (void)fputs(OUTCOME_MAGIC " " OUTCOME_VERSION "\n", out);
    put_line(out, "program", outcome->program);
    put_line(out, "params", outcome->params);
    put_line(out, "level", outcome->level);
    /* Said only where it is not the usual. */
    if (strcmp(outcome->time, "late") != 0)
        put_line(out, "time", outcome->time);
    if (outcome->early != 0)
        (void)fprintf(out, "early %" PRId64 "\n", outcome->early);
    if (outcome->cancel[0] != '\0')
        put_line(out, "cancel", outcome->cancel);
    (void)fprintf(out, "policy %s\nseed %" PRId64 "\ndepth %u\npreemptions %" PRId64 "\n",
                  policy_name(outcome->policy), outcome->seed, outcome->depth,
                  outcome->preemptions);
    (void)fprintf(out, "delays %" PRId64 "\nlimit %" PRId64 "\nsteps %u\nall %d\nprefix %s\n",
                  outcome->delays, outcome->executions, outcome->max_steps, outcome->keep_going,
                  prefix);
    free(prefix);
    put_shards(out, outcome);
    (void)fprintf(out, "verdict %s %d\n", verdict_name(report->verdict), report->interrupted);
    put_line(out, "why", report->why);
    (void)fprintf(out, "executions %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", report->executions,
                  report->cut_short, report->found);
    (void)fprintf(out, "sampled %" PRIu64 " %u %u %u %d %d\n", sampled->runs, sampled->actors,
                  sampled->assumed, sampled->longest, sampled->numbers, sampled->held);
    if (!put_findings(out, report))
        return false;
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
    bool ok = file_replace(path, text, length, error, error_size);

    free(text);
    return ok;
}

/* ---- Reading. ---- */

static bool key(struct reader *in, const char *word)
{
    return reader_next_line(in) && reader_word(in, word);
}

static bool flag(struct reader *in, bool *value)
{
    uint32_t number = 0;
    bool ok = reader_u32(in, 1, &number);

    *value = number == 1;
    return ok;
}

static bool number_line(struct reader *in, const char *word, int64_t min, int64_t max,
                        int64_t *number)
{
    return key(in, word) && reader_number(in, min, max, number) && reader_end(in);
}

static bool count(struct reader *in, uint64_t *number)
{
    int64_t wide = 0;
    bool ok =
        reader_number(in, 0, INT64_MAX / OUTCOME_SHARDS_MAX, &wide); /* sums are numbers, too */

    *number = (uint64_t)wide;
    return ok;
}

static bool read_schedule(struct reader *in, struct schedule *schedule)
{
    char reason[128];
    char *text = reader_space(in) ? reader_text(in, in->line_end) : NULL;

    if (text == NULL)
        return false;
    bool ok = schedule_parse(schedule, text, reason, sizeof(reason));

    free(text);
    return ok || reader_fail(in, "schedule: %s", reason);
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
    return key(in, word) && reader_rest(in, out, size);
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
        !number_line(in, "early", 1, SIM_EARLY_MOST, &outcome->early))
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
    if (!key(in, "policy") ||
        !reader_name(in, policy_name, EXPLORE_POLICY_COUNT, &outcome->policy) || !reader_end(in) ||
        !number_line(in, "seed", 0, INT64_MAX, &outcome->seed) ||
        !number_line(in, "depth", 0, 64, &depth) ||
        !number_line(in, "preemptions", -1, INT32_MAX, &outcome->preemptions) ||
        !number_line(in, "delays", -1, INT32_MAX, &outcome->delays) ||
        !number_line(in, "limit", 0, INT64_MAX, &outcome->executions) ||
        !number_line(in, "steps", 0, UINT32_MAX, &steps) || !key(in, "all") ||
        !flag(in, &outcome->keep_going) || !reader_end(in))
        return false;
    outcome->depth = (uint32_t)depth;
    outcome->max_steps = (uint32_t)steps;
    return key(in, "prefix") && read_schedule(in, &outcome->prefix);
}

static bool read_shards(struct reader *in, struct outcome *outcome)
{
    uint32_t present = 0;
    uint32_t last = 0;

    if (!key(in, "shards") || !reader_u32(in, OUTCOME_SHARDS_MAX, &outcome->shard_count) ||
        !reader_u32(in, outcome->shard_count, &present) || !reader_end(in))
        return false;
    if (present == 0)
        return reader_fail(in, "a report of no shard");
    for (uint32_t i = 0; i < present; i++) {
        uint32_t shard = 0;

        if (!key(in, "i") || !reader_u32(in, outcome->shard_count, &shard) || !reader_end(in))
            return false;
        if (shard <= last)
            return reader_fail(in, "shards are not in order");
        outcome->has[shard - 1] = true;
        last = shard;
    }
    return true;
}

static bool read_numbers(struct reader *in, struct explore_report *report)
{
    struct explore_sampled *sampled = &report->sampled;
    uint8_t verdict = 0;

    if (!key(in, "verdict") || !reader_name(in, verdict_name, VERDICTS, &verdict) ||
        !flag(in, &report->interrupted) || !reader_end(in) ||
        !text_line(in, "why", report->why, sizeof(report->why)))
        return false;
    report->verdict = (enum explore_verdict)verdict;
    if (!key(in, "executions") || !count(in, &report->executions) ||
        !count(in, &report->cut_short) || !count(in, &report->found) || !reader_end(in))
        return false;
    if (report->cut_short > report->executions || report->found > report->executions)
        return reader_fail(in, "more than all executions");
    if (!key(in, "sampled") || !count(in, &sampled->runs) ||
        !reader_u32(in, UINT32_MAX, &sampled->actors) ||
        !reader_u32(in, UINT32_MAX, &sampled->assumed) ||
        !reader_u32(in, UINT32_MAX, &sampled->longest) || !flag(in, &sampled->numbers) ||
        !flag(in, &sampled->held) || !reader_end(in))
        return false;
    return sampled->runs <= report->executions || reader_fail(in, "more than all executions");
}

static bool read_finding(struct reader *in, struct explore_report *report, int *last)
{
    uint8_t kind = 0;
    uint64_t executions = 0;
    uint64_t first = 0;

    if (!key(in, "f") || !reader_name(in, sim_finding_name, SIM_FINDING_COUNT, &kind) ||
        !count(in, &executions) || !count(in, &first))
        return false;
    if (kind <= *last)
        return reader_fail(in, "findings are not in order");
    if (executions == 0 || executions > report->found || first == 0)
        return reader_fail(in, "found in no execution, or in more than have findings");
    *last = kind;
    report->kinds[kind].executions = executions;
    report->kinds[kind].first = first;
    return read_schedule(in, &report->kinds[kind].schedule);
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

static bool read_all(struct reader *in, struct outcome *outcome)
{
    struct explore_report *report = &outcome->report;
    uint32_t findings = 0;
    int last = -1;

    if (!read_magic(in) || !read_options(in, outcome) || !read_shards(in, outcome) ||
        !read_numbers(in, report) || !key(in, "findings") ||
        !reader_u32(in, SIM_FINDING_COUNT, &findings) || !reader_end(in))
        return false;
    if ((findings == 0) != (report->found == 0))
        return reader_fail(in, "findings without executions that have some, or the reverse");
    for (uint32_t i = 0; i < findings; i++)
        if (!read_finding(in, report, &last))
            return false;
    report->worst = worst_of(report);
    if (!key(in, "end") || !reader_end(in))
        return false;
    in->line++;
    return in->next == in->end || reader_fail(in, "something follows the end");
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
