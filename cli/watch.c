#include "cli/watch.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { SHOW_EVERY_MS = 100, SAVE_EVERY_MS = 5000 };

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
                            .saved_ns = now,
                            .show = isatty(STDERR_FILENO) == 1};
    interrupted = 0;
    (void)sigaction(SIGINT, &action, NULL);
}

void watch_measure(struct watch_figures *figures, const struct explore_progress *progress)
{
    *figures = (struct watch_figures){.executions = progress->executions,
                                      .fresh = progress->executions - progress->resumed,
                                      .found = progress->found,
                                      .depth = progress->depth};
    figures->share = explore_share(progress, figures->of, sizeof(figures->of));
}

/* "counter: 123456 executions, 230000 a second, 14 choices deep, 2 with findings, about 12 % of all
 * schedules" */
void watch_show(struct watch *watch, const struct watch_figures *figures)
{
    int64_t now = now_ns();

    if (!watch->show || now - watch->shown_ns < SHOW_EVERY_MS * SIM_MS)
        return;
    double seconds = (double)(now - watch->began_ns) / 1e9;

    (void)fprintf(stderr,
                  "\r\033[K%s: %" PRIu64 " executions, %.0f a second, %" PRIu64
                  " choices deep, %" PRIu64 " with findings",
                  watch->name, figures->executions, (double)figures->fresh / seconds,
                  figures->depth, figures->found);
    if (figures->share >= 0)
        (void)fprintf(stderr, ", about %.3g %% of %s", 100 * figures->share, figures->of);
    (void)fflush(stderr);
    watch->shown_ns = now;
    watch->shown = true;
}

enum explore_wish watch_goes_on(void *arg, const struct explore_progress *progress)
{
    struct watch *watch = arg;

    if (interrupted) {
        watch->stopped = "Ctrl-C";
        return EXPLORE_STOP;
    }
    if (watch->budget_ns < 0 && !watch->show && !watch->saves && watch->tell == NULL)
        return EXPLORE_GO_ON;
    int64_t now = now_ns();

    if (watch->budget_ns >= 0 && now - watch->began_ns >= watch->budget_ns) {
        watch->stopped = "its budget of time";
        return EXPLORE_STOP;
    }
    if ((watch->show || watch->tell != NULL) && now - watch->shown_ns >= SHOW_EVERY_MS * SIM_MS) {
        struct watch_figures figures;

        watch_measure(&figures, progress);
        watch_show(watch, &figures);
        if (watch->tell != NULL)
            watch->tell(watch->tell_arg, &figures);
        watch->shown_ns = now;
    }
    if (!watch->saves || now - watch->saved_ns < SAVE_EVERY_MS * SIM_MS)
        return EXPLORE_GO_ON;
    watch->saved_ns = now;
    return EXPLORE_SAVE;
}

void watch_end(struct watch *watch)
{
    (void)signal(SIGINT, SIG_DFL);
    if (watch->shown)
        (void)fputs("\r\033[K", stderr);
    watch->shown = false;
}
