#include "cli/jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "cli/watch.h"
#include "sim/base/vec.h"
#include "sim/explore/checkpoint.h"

/* In memory that workers and their parent share: what each shows of itself.  Nothing but the line
 * of progress depends on it, so it does not matter if a half is older than the other. */
struct board {
    struct watch_figures of[JOBS_MAX];
};

struct job {
    pid_t process; /* 0: none */
    int results;   /* a pipe to read from; -1: none */
    char *text;    /* owned; what came through it */
    size_t length;
    size_t capacity;
};

/* ---- In the worker. ---- */

static void send_all(int to, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = write(to, text, length);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return; /* what is missing will be noticed */
        text += sent;
        length -= (size_t)sent;
    }
}

static void tell(void *arg, const struct watch_figures *figures)
{
    memcpy(arg, figures, sizeof(*figures));
}

/* Send the outcome, or in its place the reason why there is none. */
static _Noreturn void work(const struct cli_options *options, struct explore_request request,
                           struct board *board, int results)
{
    struct explore_report report;
    struct outcome *outcome = calloc(1, sizeof(*outcome));
    struct watch watch;
    char error[256] = "out of memory";
    char *text = NULL;
    size_t length = 0;

    watch_begin(&watch, request.run.scenario->name, options->budget_ns);
    watch.show = false;
    watch.saves = request.checkpoint != NULL;
    if (board != NULL) {
        watch.tell = tell;
        watch.tell_arg = &board->of[request.shard_index];
    }
    request.watch = watch_goes_on;
    request.watch_arg = &watch;
    if (options->map != NULL)
        request.map = map_new();
    if (outcome != NULL && explore(&request, &report, error, sizeof(error)) &&
        outcome_init(outcome, &request, &report)) {
        outcome->map = request.map;
        text = outcome_format(outcome, &length);
    }
    if (text == NULL)
        send_all(results, error, strlen(error));
    else
        send_all(results, text, length);
    _exit(0);
}

/* ---- In the one who waits. ---- */

static bool start(struct job *job, const struct cli_options *options,
                  const struct explore_request *request, struct board *board)
{
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    pid_t parent = getpid();

    job->process = fork();
    if (job->process == 0) {
        /* Ctrl-C reaches it through its parent, once, and (on Linux) it does not outlive that. */
        (void)setpgid(0, 0);
#ifdef __linux__
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
        if (getppid() != parent)
            _exit(1);
        (void)close(ends[0]);
        work(options, *request, board, ends[1]);
    }
    (void)close(ends[1]);
    job->results = ends[0];
    return job->process > 0;
}

/* Tell everybody, once, that Ctrl-C was pressed. */
static void pass_on(struct job *jobs, uint32_t count, bool *told)
{
    if (*told || !watch_interrupted())
        return;
    *told = true;
    for (uint32_t i = 0; i < count; i++)
        if (jobs[i].process > 0)
            (void)kill(jobs[i].process, SIGINT);
}

/* Take what has come.  Returns false at the end, or when out of memory. */
static bool take(struct job *job)
{
    if (!vec_reserve(&job->text, job->length + 4096, &job->capacity, 1))
        return false;
    ssize_t got = read(job->results, job->text + job->length, 4096);

    if (got < 0)
        return errno == EINTR;
    job->length += (size_t)got;
    return got > 0;
}

/* What all workers together show.  A share is that of their mean. */
static void show(struct watch *watch, const struct board *board, uint32_t count)
{
    struct watch_figures sum = board->of[0];

    for (uint32_t i = 1; i < count; i++) {
        const struct watch_figures *figures = &board->of[i];

        sum.executions += figures->executions;
        sum.fresh += figures->fresh;
        sum.found += figures->found;
        sum.depth = figures->depth > sum.depth ? figures->depth : sum.depth;
        sum.share = figures->share < 0 || sum.share < 0 ? -1 : sum.share + figures->share;
    }
    sum.share /= count;
    watch_show(watch, &sum);
}

/* All results, in any order. */
static void gather(struct job *jobs, uint32_t count, struct watch *watch, const struct board *board)
{
    uint32_t open = count;
    bool told = false;

    while (open > 0) {
        struct pollfd waits[JOBS_MAX];

        pass_on(jobs, count, &told);
        if (board != NULL)
            show(watch, board, count);
        for (uint32_t i = 0; i < count; i++)
            waits[i] = (struct pollfd){.fd = jobs[i].results, .events = POLLIN};
        /* A signal may come just before: look again soon. */
        if (poll(waits, count, 100) <= 0)
            continue;
        for (uint32_t i = 0; i < count; i++) {
            if (waits[i].revents == 0 || take(&jobs[i]))
                continue;
            (void)close(jobs[i].results);
            jobs[i].results = -1;
            open--;
        }
    }
}

/* Put the outcomes together.  Returns false after a message. */
static bool put_together(const struct job *jobs, uint32_t count, struct outcome *outcome)
{
    struct outcome *part = calloc(1, sizeof(*part));
    char error[1024] = "out of memory";
    bool ok = part != NULL;

    for (uint32_t i = 0; ok && i < count; i++) {
        const struct job *job = &jobs[i];
        char name[32];

        (void)snprintf(name, sizeof(name), "worker %u", i + 1);
        /* A worker that has no outcome says why; one that was killed says nothing. */
        if (job->length == 0 || memchr(job->text, '\n', job->length) == NULL) {
            (void)snprintf(error, sizeof(error), "%s: %.*s", name,
                           job->length == 0 ? 20 : (int)job->length,
                           job->length == 0 ? "ended without result" : job->text);
            ok = false;
        } else if (i == 0) {
            ok = outcome_parse(outcome, job->text, job->length, name, error, sizeof(error));
        } else {
            ok = outcome_parse(part, job->text, job->length, name, error, sizeof(error));
            ok = ok && outcome_add(outcome, part, name, error, sizeof(error));
            outcome_free(part);
        }
    }
    free(part);
    if (!ok)
        cli_error("%s", error);
    return ok;
}

static void end(struct job *jobs, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (jobs[i].results >= 0)
            (void)close(jobs[i].results);
        if (jobs[i].process > 0) {
            (void)kill(jobs[i].process, SIGKILL);
            (void)waitpid(jobs[i].process, NULL, 0);
        }
        free(jobs[i].text);
    }
}

/* The checkpoints are FILE.1, FILE.2 ...; one of another number of jobs is not overlooked. */
static bool check_checkpoints(const struct explore_request *request, uint32_t count)
{
    const char *path = request->checkpoint;
    char name[4096];
    bool any = false;

    for (uint32_t i = 1; path != NULL && i <= count; i++) {
        if (snprintf(name, sizeof(name), "%s.%u", path, i) >= (int)sizeof(name) - 16) {
            cli_error("%s: the name is too long", path);
            return false;
        }
        any |= checkpoint_exists(name);
    }
    if (path != NULL && checkpoint_exists(path))
        cli_error("%s: a checkpoint of a search without --jobs %u: those of that are %s.1 to %s.%u",
                  path, count, path, path, count);
    else if (request->resume && !any)
        cli_error("%s.1: there is no such checkpoint to resume from", path);
    else
        return true;
    return false;
}

static void say_resumed(const struct explore_request *request, uint32_t count)
{
    char first[4096];

    (void)snprintf(first, sizeof(first), "%s.1", request->checkpoint);
    if (checkpoint_exists(first))
        (void)fprintf(stderr, "%s: gone on from %s to %s.%u\n", request->run.scenario->name, first,
                      request->checkpoint, count);
}

/* Start all of them.  Returns false if one cannot be. */
static bool start_all(struct job *jobs, const struct cli_options *options,
                      const struct explore_request *request, struct board *board)
{
    struct explore_request part = *request;
    uint32_t count = (uint32_t)options->jobs;
    char path[4096];

    part.shard_count = count;
    part.resume = false; /* one that has not come to its first checkpoint begins */
    for (part.shard_index = 0; part.shard_index < count; part.shard_index++) {
        if (request->checkpoint != NULL) {
            (void)snprintf(path, sizeof(path), "%s.%u", request->checkpoint, part.shard_index + 1);
            part.checkpoint = path;
        }
        if (!start(&jobs[part.shard_index], options, &part, board))
            return false;
    }
    return true;
}

bool jobs_search(const struct cli_options *options, const struct explore_request *request,
                 struct outcome *outcome, const char **stopped)
{
    struct job jobs[JOBS_MAX];
    uint32_t count = (uint32_t)options->jobs;
    struct watch watch;

    if (!check_checkpoints(request, count))
        return false;
    if (request->checkpoint != NULL)
        say_resumed(request, count);
    for (uint32_t i = 0; i < count; i++)
        jobs[i] = (struct job){.results = -1};
    watch_begin(&watch, request->run.scenario->name, -1);
    void *shared =
        mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct board *board = watch.show && shared != MAP_FAILED ? shared : NULL;
    bool ok = start_all(jobs, options, request, board);

    if (ok)
        gather(jobs, count, &watch, board);
    else
        cli_error("a worker process cannot be started: %s", strerror(errno));
    ok = ok && put_together(jobs, count, outcome);
    end(jobs, count);
    watch_end(&watch);
    if (shared != MAP_FAILED)
        (void)munmap(shared, sizeof(struct board));
    if (ok && outcome->report.interrupted)
        *stopped = watch_interrupted() ? "Ctrl-C" : "its budget of time";
    return ok;
}
