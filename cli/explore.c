#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/jobs.h"
#include "cli/map.h"
#include "cli/verdict.h"
#include "cli/watch.h"
#include "sim/explore/checkpoint.h"

static void refuse_policy(const char *name)
{
    char known[256] = "";

    for (unsigned i = 0; i < EXPLORE_POLICY_COUNT; i++) {
        size_t length = strlen(known);

        (void)snprintf(known + length, sizeof(known) - length, "%s%s", i == 0 ? "" : ", ",
                       explore_policy_name((enum explore_policy)i));
    }
    cli_error("--policy: '%s' is none of %s", name, known);
}

/* Options that mean nothing to the policy are mistakes. */
static bool check_options(const struct cli_options *options, enum explore_policy policy)
{
    const char *name = explore_policy_name(policy);
    const char *wrong = NULL;

    if (options->depth != 0 && policy != EXPLORE_PCT && policy != EXPLORE_PORTFOLIO)
        wrong = "--depth";
    if (options->delays >= 0 && policy != EXPLORE_DB)
        wrong = "--delays";
    if (options->preemptions >= 0 && policy != EXPLORE_DFS && policy != EXPLORE_PB &&
        policy != EXPLORE_PORTFOLIO)
        wrong = "--preemptions";
    if (wrong != NULL)
        cli_error("%s says nothing to the policy %s; see 'pickglass help explore'", wrong, name);
    else if (policy == EXPLORE_GUIDED && options->schedule == NULL)
        cli_error("the policy guided needs --schedule");
    return wrong == NULL && (policy != EXPLORE_GUIDED || options->schedule != NULL);
}

/* --shard 2/4: the second of four. */
static bool read_shard(const struct cli_options *options, struct explore_request *request)
{
    char *end = NULL;

    errno = 0;
    long long index = strtoll(options->shard, &end, 10);
    long long count = *end == '/' ? strtoll(end + 1, &end, 10) : 0;

    if (errno != 0 || *end != '\0' || count < 1 || count > OUTCOME_SHARDS_MAX || index < 1 ||
        index > count) {
        cli_error("--shard: '%s' is not I/N with I from 1 to N, and N at most %d", options->shard,
                  OUTCOME_SHARDS_MAX);
        return false;
    }
    if (options->jobs > 1) {
        cli_error("--shard and --jobs exclude each other");
        return false;
    }
    request->shard_index = (uint32_t)index - 1;
    request->shard_count = (uint32_t)count;
    return true;
}

/* Is there, in place of this checkpoint, one of several workers?  Then says so. */
static bool is_of_jobs(const char *path)
{
    char first[4096];

    if (path == NULL || checkpoint_exists(path) ||
        snprintf(first, sizeof(first), "%s.1", path) >= (int)sizeof(first) ||
        !checkpoint_exists(first))
        return false;
    cli_error("%s is a checkpoint of a search with --jobs, and there is no %s", first, path);
    return true;
}

/* The one file, under either name. */
static bool take_checkpoint(const struct cli_options *options, struct explore_request *request)
{
    bool resume = options->resume != NULL;

    if (resume && options->checkpoint != NULL) {
        cli_error("--checkpoint and --resume exclude each other: both write the file, and "
                  "--resume wants it to be there");
        return false;
    }
    if (options->jobs <= 1 && is_of_jobs(resume ? options->resume : options->checkpoint))
        return false;
    request->checkpoint = resume ? options->resume : options->checkpoint;
    request->checkpoint_every = (uint64_t)options->checkpoint_every;
    request->resume = resume;
    if (options->checkpoint_every == 0 || request->checkpoint != NULL)
        return true;
    cli_error("--checkpoint-every says nothing without --checkpoint or --resume");
    return false;
}

/* schedule is where a prefix goes. */
static bool request_search(const struct cli_options *options, struct explore_request *request,
                           struct schedule *schedule)
{
    struct cli_options plain = *options;

    /* A bound on preemptions is one on what is run in order. */
    *request =
        (struct explore_request){.policy = options->preemptions >= 0 ? EXPLORE_DFS : EXPLORE_AUTO,
                                 .max_preemptions = (int)options->preemptions,
                                 .max_delays = (int)options->delays,
                                 .depth = (uint32_t)options->depth,
                                 .max_executions = options->executions,
                                 .twice = options->check_determinism,
                                 .keep_going = options->all};
    if (options->policy != NULL)
        request->policy = explore_policy_named(options->policy);
    if (request->policy == EXPLORE_POLICY_COUNT) {
        refuse_policy(options->policy);
        return false;
    }
    /* Time alone ends the drawing then. */
    if (options->budget_ns >= 0 && options->executions == 0 && request->policy != EXPLORE_PORTFOLIO)
        request->max_executions = INT64_MAX;
    if (!check_options(options, request->policy) || !cli_schedule(options, schedule))
        return false;
    if (options->schedule != NULL)
        request->prefix = schedule;
    if (options->shard != NULL && !read_shard(options, request))
        return false;
    if (!map_check(options) || !take_checkpoint(options, request))
        return false;
    plain.policy = NULL;
    return cli_request(&plain, &request->run);
}

static void say_resumed(const struct explore_request *request, uint64_t executions)
{
    if (executions > 0)
        (void)fprintf(stderr, "%s: gone on from %s, after %" PRIu64 " executions\n",
                      request->run.scenario->name, request->checkpoint, executions);
}

/* Search in this process.  Returns false after a message. */
static bool search_here(const struct cli_options *options, struct explore_request *request,
                        struct outcome *outcome, const char **stopped)
{
    struct explore_report report;
    struct watch watch;
    char error[256];

    if (options->map != NULL)
        request->map = map_new();
    watch_begin(&watch, request->run.scenario->name, options->budget_ns);
    watch.saves = request->checkpoint != NULL;
    request->watch = watch_goes_on;
    request->watch_arg = &watch;
    bool ok = explore(request, &report, error, sizeof(error));

    watch_end(&watch);
    *stopped = watch.stopped;
    if (!ok) {
        cli_error("%s", error);
    } else {
        say_resumed(request, report.resumed);
        ok = outcome_init(outcome, request, &report);
        outcome->map = request->map;
        request->map = NULL;
        if (!ok)
            cli_error("out of memory");
    }
    if (!ok)
        explore_report_free(&report);
    map_free(request->map);
    return ok;
}

static int search(const struct cli_options *options, struct explore_request *request)
{
    struct outcome outcome = {.report.worst = -1};
    const char *stopped = NULL;
    int status = CLI_USAGE;
    char error[512];
    bool ok = options->jobs > 1 ? jobs_search(options, request, &outcome, &stopped)
                                : search_here(options, request, &outcome, &stopped);

    if (ok && options->report != NULL &&
        !outcome_write(&outcome, options->report, error, sizeof(error))) {
        cli_error("%s", error);
        ok = false;
    }
    if (ok)
        status = verdict_tell(options, &outcome, &request->run, stopped);
    if (status != CLI_USAGE && !map_write(options, &outcome, stopped))
        status = CLI_USAGE;
    outcome_free(&outcome);
    return status;
}

int command_explore(int argc, char **argv)
{
    struct cli_options options;
    struct explore_request request;
    struct schedule prefix = {0};
    int status = CLI_USAGE;

    if (cli_parse(&options, "explore",
                  CLI_PARAM | CLI_SCHEDULE | CLI_POLICY | CLI_LEVEL | CLI_OUTPUT | CLI_SEARCH |
                      CLI_PICTURE | CLI_PART | CLI_SHRINK | CLI_STEPS | CLI_PARTS | CLI_REPORT |
                      CLI_CI | CLI_TWICE,
                  argc, argv) &&
        request_search(&options, &request, &prefix))
        status = search(&options, &request);
    schedule_free(&prefix);
    return status;
}
