/* Wake-ups around a condition variable that go wrong in runs that go on all the same.
 *
 * Early notification: who waits has looked at a variable; then another changed it and notified,
 * when nobody waited; then the wait began, on what was no longer so.  Only a later notification can
 * end it (the lost wake-up of a monitor entered too late; Lampson and Redell, Experience with
 * Processes and Monitors in Mesa, CACM 1980).
 *
 * Wait without loop: who waits has looked at a variable, was woken, and wrote something without
 * having looked again, although after the notification another had given the variable back the very
 * value that was waited upon: in Mesa a notification is a hint, and `if` should be `while`.
 *
 * Both are claimed only of the variable that the actor read last before it waited. */
#ifndef SIM_DETECT_WAKEUP_H
#define SIM_DETECT_WAKEUP_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/lost_update.h"

struct wakeup_id;

/* What a finding of either kind tells. */
struct wakeup_story {
    struct moment read;
    struct moment wait;
    struct moment notify;
    struct moment write;
    struct moment act; /* without loop: the write of who was woken */
    uint32_t condition;
    uint32_t variable;
    uint32_t acted_on;
    uint32_t count; /* seen; the first one is kept */
};

struct wakeups {
    struct wakeup_id *ids; /* by id - 1, as a condition and as an actor; owned */
    size_t capacity;
    uint32_t used;
    uint32_t woken; /* actors that have been, and have not written since */
    struct wakeup_story early;
    struct wakeup_story unlooped;
    bool out_of_memory;
};

void wakeups_begin(struct wakeups *wakeups);
void wakeups_free(struct wakeups *wakeups);

/* SIM_EV_NOTIFY, SIM_EV_COND_WAIT, SIM_EV_COND_WOKEN. */
void wakeups_condition(struct wakeups *wakeups, const struct lost_update *variables,
                       const struct sim_event *event);

/* A write, before the variables are told. */
void wakeups_write(struct wakeups *wakeups, const struct lost_update *variables,
                   const struct sim_event *event);

/* Write the finding of either kind; false when there is none. */
bool wakeups_report_early(const struct wakeups *wakeups, const struct registry *registry,
                          struct sim_finding *finding);
bool wakeups_report_unlooped(const struct wakeups *wakeups, const struct registry *registry,
                             struct sim_finding *finding);

#endif
