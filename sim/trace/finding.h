/* Finding: a bug seen in a run, with the steps and objects that show it. */
#ifndef SIM_TRACE_FINDING_H
#define SIM_TRACE_FINDING_H

#include <stdint.h>

/* One row a kind: constant, name in the trace file, badge of the picture, 1 if it is an error in
 * this run and 0 if it is a hazard (a bug that this run survived). */
#define SIM_FINDINGS(X)                                                                            \
    X(SIM_FINDING_DEADLOCK, "deadlock", "DEADLOCK", 1)                                             \
    X(SIM_FINDING_SELF_DEADLOCK, "self-deadlock", "SELF-DEADLOCK", 1)                              \
    X(SIM_FINDING_ABANDONED_LOCK, "abandoned-lock", "ABANDONED LOCK", 1)                           \
    X(SIM_FINDING_LOST_WAKEUP, "lost-wakeup", "LOST WAKE-UP", 1)                                   \
    X(SIM_FINDING_HANG, "hang", "HANG", 1) /* waits for what nobody will do; none of the above */  \
    X(SIM_FINDING_ABA, "aba", "ABA", 1)                                                            \
    X(SIM_FINDING_CHECK, "check", "CHECK FAILED", 1)                                               \
    X(SIM_FINDING_LOST_UPDATE, "lost-update", "LOST UPDATE", 1)                                    \
    X(SIM_FINDING_UNHANDLED, "unhandled-exception", "UNHANDLED EXCEPTION", 1)                      \
    X(SIM_FINDING_OVERFLOW, "stack-overflow", "STACK OVERFLOW", 1)                                 \
    X(SIM_FINDING_LIMIT, "limit", "LIMIT REACHED", 1)                                              \
    X(SIM_FINDING_DATA_RACE, "data-race", "DATA RACE", 0)                                          \
    X(SIM_FINDING_PENDING, "pending-task", "PENDING TASK", 0)                                      \
    X(SIM_FINDING_NEVER_AWAITED, "never-awaited", "NEVER AWAITED", 0)                              \
    X(SIM_FINDING_SLOW_CALLBACK, "slow-callback", "SLOW CALLBACK", 0)                              \
    X(SIM_FINDING_LOCK_ORDER, "lock-order", "LOCK ORDER", 0)                                       \
    X(SIM_FINDING_EARLY_NOTIFY, "early-notify", "EARLY NOTIFY", 0)                                 \
    X(SIM_FINDING_WAIT_WITHOUT_LOOP, "wait-without-loop", "WAIT WITHOUT LOOP", 0)                  \
    X(SIM_FINDING_AWAIT_UNDER_LOCK, "await-under-lock", "AWAIT UNDER LOCK", 0)                     \
    X(SIM_FINDING_LEAKED_LOCK, "leaked-lock", "LOCK NOT RELEASED", 0)                              \
    X(SIM_FINDING_LEAKED_PERMIT, "leaked-permit", "PERMIT NOT GIVEN BACK", 0)                      \
    X(SIM_FINDING_CHECK_THEN_ACT, "check-then-act", "CHECK THEN ACT", 0)                           \
    X(SIM_FINDING_LIVELOCK, "livelock", "LIVELOCK", 1)                                             \
    X(SIM_FINDING_SWALLOWED_CANCEL, "swallowed-cancel", "CANCELLATION SWALLOWED", 0)               \
    X(SIM_FINDING_TIMEOUT_RACE, "timeout-race", "TIME-OUT RACE", 0)                                \
    X(SIM_FINDING_INVARIANT, "invariant", "INVARIANT BROKEN", 1)                                   \
    X(SIM_FINDING_EVENTUALLY, "eventually", "NEVER CAME TRUE", 1)                                  \
    X(SIM_FINDING_STARVATION, "starvation", "STARVATION", 0)                                       \
    X(SIM_FINDING_PRIORITY_INVERSION, "priority-inversion", "PRIORITY INVERSION", 0)

enum sim_finding_kind {
#define SIM_FINDING_ENUM(id, name, badge, error) id,
    SIM_FINDINGS(SIM_FINDING_ENUM)
#undef SIM_FINDING_ENUM
        SIM_FINDING_COUNT
};

enum { FINDING_STEPS_MAX = 8, FINDING_EDGES_MAX = 16, FINDING_TEXT_MAX = 240 };

/* One numbered step of the story. */
struct finding_step {
    uint32_t step;
    uint32_t actor;
    uint32_t object;
    uint16_t site;
    char caption[FINDING_TEXT_MAX]; /* a plain sentence without the number and without the place */
};

/* One edge of the wait-for graph: waiter waits for object, held by holder (0: by nobody alive). */
struct finding_edge {
    uint32_t waiter;
    uint32_t object;
    uint32_t holder;
};

struct sim_finding {
    uint8_t kind;
    uint8_t step_count;
    uint8_t edge_count;
    uint32_t also; /* how many more of this kind on the same object were seen and not listed */
    char sentence[FINDING_TEXT_MAX];              /* names tasks, objects and steps */
    struct finding_step steps[FINDING_STEPS_MAX]; /* in the order of the story */
    struct finding_edge edges[FINDING_EDGES_MAX];
};

const char *sim_finding_name(unsigned kind);
const char *sim_finding_badge(unsigned kind);
int sim_finding_is_error(unsigned kind);

/* The kind with this name, or -1. */
int sim_finding_from_name(const char *name);

#endif
