#include "cli/watch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SHOW_EVERY_MS = 100 };

/* A handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

bool watch_interrupted(void)
{
    return interrupted != 0;
}

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * SIM_SECOND + now.tv_nsec;
}

void watch_begin(struct watch *watch, const char *name, int64_t budget_ns)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    int64_t now = now_ns();

    *watch = (struct watch){.name = name,
                            .began_ns = now,
                            .budget_ns = budget_ns,
                            .shown_ns = now,
                            .show = isatty(STDERR_FILENO) == 1};
    interrupted = 0;
    (void)sigaction(SIGINT, &action, NULL);
}

/* "counter: 123456 executions, 230000 a second, 2 with findings, about 12 % of all" */
static void show(struct watch *watch, const struct explore_progress *progress, int64_t now)
{
    double seconds = (double)(now - watch->began_ns) / 1e9;

    (void)fprintf(
        stderr, "\r\033[K%s: %" PRIu64 " executions, %.0f a second, %" PRIu64 " with findings",
        watch->name, progress->executions, (double)progress->executions / seconds, progress->found);
    if (progress->share >= 0)
        (void)fprintf(stderr, ", about %.3g %% of all", 100 * progress->share);
    (void)fflush(stderr);
    watch->shown_ns = now;
    watch->shown = true;
}

bool watch_goes_on(void *arg, const struct explore_progress *progress)
{
    struct watch *watch = arg;

    if (interrupted) {
        watch->stopped = "Ctrl-C";
        return false;
    }
    if (watch->budget_ns < 0 && !watch->show)
        return true;
    int64_t now = now_ns();

    if (watch->budget_ns >= 0 && now - watch->began_ns >= watch->budget_ns) {
        watch->stopped = "its budget of time";
        return false;
    }
    if (watch->show && now - watch->shown_ns >= SHOW_EVERY_MS * SIM_MS)
        show(watch, progress, now);
    return true;
}

void watch_end(struct watch *watch)
{
    (void)signal(SIGINT, SIG_DFL);
    if (watch->shown)
        (void)fputs("\r\033[K", stderr);
    watch->shown = false;
}
