/* Group scope: a program around one task group, which the tests of groups describe by its parts. */
#ifndef TESTS_GROUP_SCOPE_H
#define TESTS_GROUP_SCOPE_H

#include "tests/body.h"

enum { MEMBERS_MAX = 6 };

/* What a member of a group does, or the body of its scope. */
struct job {
    int64_t delay_ns;        /* 0: does not sleep at all */
    enum sim_status failure; /* after the delay; SIM_OK: none */
    enum sim_status cleanup; /* what it raises when it is cancelled; SIM_OK: goes on as cancelled */
    int64_t linger_ns;       /* after it was cancelled, before it goes on */
    int result;
    int *cancels; /* counts how often one was cancelled; may be NULL */
};

static inline enum sim_status do_job(struct sim *sim, void *arg)
{
    const struct job *job = arg;
    enum sim_status status = job->delay_ns > 0 ? sim_sleep(sim, job->delay_ns) : SIM_OK;

    if (status == SIM_CANCELLED) {
        if (job->cancels != NULL)
            ++*job->cancels;
        if (job->linger_ns > 0)
            SIM_TRY(sim_sleep(sim, job->linger_ns));
        return job->cleanup == SIM_OK ? status : sim_raise(sim, job->cleanup, "cleanup");
    }
    return job->failure == SIM_OK ? sim_return(sim, sim_int(job->result))
                                  : sim_raise(sim, job->failure, "failure");
}

static inline struct sim_task *add_job(struct sim *sim, struct sim_task_group *group,
                                       struct job job)
{
    struct job *copy = sim_alloc(sim, sizeof(*copy));

    *copy = job;
    return sim_task_group_create_task(group, NULL, do_job, copy);
}

/* A group, its members, and what the body does once they are made. */
struct scope {
    struct job members[MEMBERS_MAX];
    int count;
    struct job own;
    struct scope *inner; /* that the body enters instead of its own job; may be NULL */
    struct sim_task_group *group;
    struct sim_task *tasks[MEMBERS_MAX];
    bool passed; /* the scope ended well */
};

static inline enum sim_status run_scope(struct sim *sim, void *arg);

/* As deep as the test nests its scopes. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static inline enum sim_status scope_body(struct sim *sim, void *arg)
{
    struct scope *scope = arg;

    for (int i = 0; i < scope->count; i++)
        scope->tasks[i] = add_job(sim, scope->group, scope->members[i]);
    return scope->inner == NULL ? do_job(sim, &scope->own) : run_scope(sim, scope->inner);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static inline enum sim_status run_scope(struct sim *sim, void *arg)
{
    struct scope *scope = arg;

    scope->group = sim_task_group_new(sim);
    SIM_TRY(sim_task_group_with(scope->group, scope_body, scope));
    scope->passed = true;
    return SIM_OK;
}

static inline struct scope scope_of(int count, struct job member)
{
    struct scope scope = {.count = count};

    for (int i = 0; i < count; i++)
        scope.members[i] = member;
    return scope;
}

/* How many members of a group are of this kind; -1 for what is no group. */
static inline int members_of_kind(const struct sim_exception *exception, enum sim_status kind)
{
    size_t count = 0;
    int found = 0;

    if (exception == NULL || sim_exception_kind(exception) != SIM_EXCEPTION_GROUP)
        return -1;
    const struct sim_exception *const *members = sim_exception_members(exception, &count);

    for (size_t i = 0; i < count; i++)
        found += sim_exception_kind(members[i]) == kind;
    return found;
}

static inline int size_of_group(const struct sim_exception *exception)
{
    size_t count = 0;

    (void)sim_exception_members(exception, &count);
    return (int)count;
}

/* The exception met last is a group of exactly so many of one kind. */
static inline bool met_group_of(struct sim *sim, enum sim_status kind, int count)
{
    const struct sim_exception *group = sim_exception(sim);

    return members_of_kind(group, kind) == count && size_of_group(group) == count;
}

/* The exception met last is a group of one of each of two kinds. */
static inline bool met_group_of_both(struct sim *sim, enum sim_status one, enum sim_status other)
{
    const struct sim_exception *group = sim_exception(sim);

    return members_of_kind(group, one) == 1 && members_of_kind(group, other) == 1 &&
           size_of_group(group) == 2;
}

/* The last operation raised RuntimeError with these words in its message. */
static inline bool met_runtime_error(struct sim *sim, const char *words)
{
    const struct sim_exception *exception = sim_exception(sim);

    return exception != NULL && sim_exception_kind(exception) == SIM_RUNTIME_ERROR &&
           strstr(sim_exception_message(exception), words) != NULL;
}

static inline int64_t result_now(struct sim *sim, struct sim_task *task)
{
    struct sim_value value = sim_none();

    EXPECT(sim_future_result(task, &value) == SIM_OK);
    EXPECT(value.type == SIM_INT);
    return value.as.integer;
}

#endif
