/* Random programs of tasks, whose own account says what went wrong in a run: locks and permits that
 * nobody gives back, tasks cut off, cancellations swallowed, time-outs that race, decisions on what
 * has changed since. */
#include "tests/labelled.h"

#include <string.h>

enum { TASKS_MAX = 4, OPS_MAX = 3, THINGS = 3, DECISIONS_MAX = 16 };

struct op {
    uint32_t thing; /* a lock, the semaphore last; or a variable */
    uint32_t other;
    int64_t delay_ns;
    bool forgets;
};

struct member {
    struct op ops[OPS_MAX];
    uint32_t number;
    uint32_t op_count;
    int64_t limit_ns;
    bool ends_at_limit[OPS_MAX];
    bool at_limit;
    uint32_t forgot[THINGS];
    bool returned;
    bool locks;    /* decides under the lock */
    bool swallows; /* cancellations */
    bool swallowed;
    bool awaited;
};

struct decision {
    uint32_t actor, read, wrote;
    int read_at, wrote_at;
};

/* A program, and its account. */
static struct {
    struct prng prng;
    struct member members[TASKS_MAX];
    uint32_t count;
    struct sim_lock *locks[THINGS - 1];
    struct sim_semaphore *permits;
    struct sim_var *vars[THINGS];
    uint32_t waiting[THINGS];
    struct decision decisions[DECISIONS_MAX];
    int decided;
    int clock;
    bool waits_for_all;
    bool races;
} p;

static uint32_t below(uint32_t bound)
{
    return prng_below(&p.prng, bound);
}

static void draw_program(const void *seed)
{
    memset(&p, 0, sizeof(p));
    prng_seed(&p.prng, (uint64_t) * (const int64_t *)seed);
    p.count = 2 + below(TASKS_MAX - 1);
    p.waits_for_all = below(3) != 0;
    for (uint32_t i = 0; i < p.count; i++) {
        struct member *member = &p.members[i];

        member->number = i;
        member->op_count = 1 + below(OPS_MAX);
        member->locks = below(2) == 0;
        member->swallows = below(2) == 0;
        for (uint32_t op = 0; op < member->op_count; op++) {
            member->ops[op].thing = below(THINGS);
            member->ops[op].other = (member->ops[op].thing + 1 + below(THINGS - 1)) % THINGS;
            member->ops[op].delay_ns = below(4) * SIM_MS;
            member->ops[op].forgets = below(6) == 0;
        }
    }
}

static void make_things(struct sim *sim)
{
    p.locks[0] = sim_lock_new(sim, "lock A");
    p.locks[1] = sim_lock_new(sim, "lock B");
    p.permits = sim_semaphore_new(sim, "permits", 2);
    p.vars[0] = sim_var_new(sim, "x", 0);
    p.vars[1] = sim_var_new(sim, "y", 0);
    p.vars[2] = sim_var_new(sim, "z", 0);
}

/* Start all, and wait for all; or for a while. */
static enum sim_status run_members(struct sim *sim, sim_body_fn body)
{
    struct sim_future *tasks[TASKS_MAX];

    for (uint32_t i = 0; i < p.count; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, body, &p.members[i]));
    if (p.waits_for_all)
        return sim_await(sim_gather(sim, tasks, p.count, false), NULL);
    return sim_sleep(sim, (1 + below(12)) * SIM_MS);
}

/* Leaks. */

static enum sim_status take(uint32_t thing)
{
    return thing < THINGS - 1 ? sim_lock_acquire(p.locks[thing]) : sim_semaphore_acquire(p.permits);
}

static enum sim_status give(uint32_t thing)
{
    return thing < THINGS - 1 ? sim_lock_release(p.locks[thing]) : sim_semaphore_release(p.permits);
}

static enum sim_status use_things(struct sim *sim, void *arg)
{
    struct member *self = arg;

    for (uint32_t i = 0; i < self->op_count; i++) {
        const struct op *op = &self->ops[i];

        SIM_TRY(sim_sleep(sim, op->delay_ns));
        p.waiting[op->thing]++;
        SIM_TRY(take(op->thing));
        p.waiting[op->thing]--;
        self->forgot[op->thing] += op->forgets;
        SIM_TRY(sim_sleep(sim, op->delay_ns));
        if (!op->forgets)
            SIM_TRY(give(op->thing));
    }
    self->returned = true;
    return SIM_OK;
}

static enum sim_status leaks(struct sim *sim, void *seed)
{
    draw_program(seed);
    make_things(sim);
    return run_members(sim, use_things);
}

static uint64_t label_leaks(enum sim_outcome outcome)
{
    uint64_t label = 0;

    for (uint32_t thing = 0; thing < THINGS; thing++)
        for (uint32_t i = 0; i < p.count; i++) {
            const struct member *member = &p.members[i];

            if (!member->returned && outcome == SIM_OUTCOME_FINISHED)
                label |= KIND(PENDING);
            if (!member->returned || member->forgot[thing] == 0)
                continue;
            if (p.waiting[thing] > 0)
                label |= KIND(ABANDONED_LOCK);
            /* Those who wait are cancelled when the loop closes. */
            if (p.waiting[thing] == 0 || outcome == SIM_OUTCOME_FINISHED)
                label |= thing < THINGS - 1 ? KIND(LEAKED_LOCK) : KIND(LEAKED_PERMIT);
        }
    return label;
}

static void what_is_not_given_back_leaks(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = leaks,
        .label = label_leaks,
        .kinds = KIND(LEAKED_LOCK) | KIND(LEAKED_PERMIT) | KIND(ABANDONED_LOCK) | KIND(PENDING),
        .programs = 500,
        .schedules = 10,
    });
}

/* Cancellations. */

static enum sim_status sleep_on(struct sim *sim, void *arg)
{
    struct member *self = arg;

    for (uint32_t i = 0; i < self->op_count; i++) {
        enum sim_status status = sim_sleep(sim, self->ops[i].delay_ns);

        if (status != SIM_OK && !self->swallows)
            return status;
        self->swallowed |= status == SIM_CANCELLED && !p.races; /* p.races: main is at its end */
    }
    self->returned = true;
    return SIM_OK;
}

static enum sim_status cancels(struct sim *sim, void *seed)
{
    struct sim_task *tasks[TASKS_MAX];

    draw_program(seed);
    for (uint32_t i = 0; i < p.count; i++)
        tasks[i] = sim_task_new(sim, NULL, sleep_on, &p.members[i]);
    for (uint32_t i = 0; i < p.count; i++) {
        SIM_TRY(sim_sleep(sim, below(3) * SIM_MS));
        if (below(2) == 0)
            (void)sim_cancel(tasks[i], NULL);
        p.members[i].awaited = below(3) == 0;
        if (!p.members[i].awaited)
            continue;
        enum sim_status status = sim_await(tasks[i], NULL);

        if (status != SIM_OK && status != SIM_CANCELLED)
            return status;
    }
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    p.races = true;
    return SIM_OK;
}

static uint64_t label_cancels(enum sim_outcome outcome)
{
    (void)outcome;
    for (uint32_t i = 0; i < p.count; i++)
        if (p.members[i].swallowed && p.members[i].returned && !p.members[i].awaited)
            return KIND(SWALLOWED_CANCEL);
    return 0;
}

static void who_was_cancelled_and_returns_has_swallowed_it(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = cancels,
        .label = label_cancels,
        .kinds = KIND(SWALLOWED_CANCEL),
        .programs = 500,
        .schedules = 5,
    });
}

/* Time-outs. */

/* Did a wait end when the time was out, and was cut off then, or its outcome thrown away? */
static enum sim_status nap(struct sim *sim, void *arg)
{
    struct member *self = arg;

    for (uint32_t i = 0; i < self->op_count; i++) {
        if (self->ops[i].delay_ns == 0)
            continue;
        enum sim_status status = sim_sleep(sim, self->ops[i].delay_ns);

        self->at_limit = sim_now(sim) == self->limit_ns;
        if (status != SIM_OK) {
            p.races |= self->at_limit && self->ends_at_limit[i];
            return status;
        }
    }
    self->returned = self->at_limit;
    return SIM_OK;
}

static enum sim_status nap_behind(struct sim *sim, void *arg)
{
    return sim_await(sim_task_new(sim, NULL, nap, arg), NULL);
}

static enum sim_status deadlines(struct sim *sim, void *seed)
{
    draw_program(seed);
    for (uint32_t i = 0; i < p.count; i++) {
        struct member *member = &p.members[i];
        int64_t limit_ns = (1 + below(8)) * SIM_MS;
        int64_t takes_ns = 0;

        member->limit_ns = sim_now(sim) + limit_ns;
        for (uint32_t op = 0; op < member->op_count; op++) {
            takes_ns += member->ops[op].delay_ns;
            member->ends_at_limit[op] = takes_ns == limit_ns;
        }
        enum sim_status status = sim_wait_for(
            sim_task_new(sim, NULL, member->locks ? nap : nap_behind, member), limit_ns, NULL);

        if (status != SIM_OK && status != SIM_TIMEOUT)
            return status;
        p.races |= member->returned && status == SIM_TIMEOUT;
    }
    return SIM_OK;
}

static uint64_t label_deadlines(enum sim_outcome outcome)
{
    (void)outcome;
    return p.races ? KIND(TIMEOUT_RACE) : 0;
}

static void a_wait_that_ends_when_its_time_is_out_races(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = deadlines,
        .label = label_deadlines,
        .kinds = KIND(TIMEOUT_RACE),
        .programs = 500,
        .schedules = 5,
        .exact = true,
    });
}

/* Decisions. */

static enum sim_status decide(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    for (uint32_t i = 0; i < self->op_count; i++) {
        const struct op *op = &self->ops[i];
        struct decision *decision = &p.decisions[p.decided++];

        if (self->locks)
            SIM_TRY(sim_lock_acquire(p.locks[0]));
        *decision = (struct decision){.actor = self->number, .read = op->thing, .wrote = op->other};
        (void)sim_read(p.vars[op->thing]);
        decision->read_at = ++p.clock;
        if (op->delay_ns > 0)
            SIM_TRY(sim_sleep(sim, op->delay_ns));
        sim_write(p.vars[op->other], ++p.clock);
        decision->wrote_at = p.clock;
        if (self->locks)
            SIM_TRY(sim_lock_release(p.locks[0]));
    }
    return SIM_OK;
}

static enum sim_status decisions(struct sim *sim, void *seed)
{
    draw_program(seed);
    make_things(sim);
    p.waits_for_all = true;
    return run_members(sim, decide);
}

/* Two who each looked at what the other then wrote. */
static uint64_t label_decisions(enum sim_outcome outcome)
{
    (void)outcome;
    for (int i = 0; i < p.decided; i++)
        for (int j = 0; j < p.decided; j++) {
            const struct decision *a = &p.decisions[i];
            const struct decision *b = &p.decisions[j];

            if (a->actor != b->actor && a->read == b->wrote && b->read == a->wrote &&
                a->read_at < b->wrote_at && b->read_at < a->wrote_at)
                return KIND(CHECK_THEN_ACT);
        }
    return 0;
}

static void who_each_act_on_what_the_other_changes_check_then_act(void **state)
{
    (void)state;
    labels_are_found(&(struct labelled){
        .main = decisions,
        .label = label_decisions,
        .kinds = KIND(CHECK_THEN_ACT),
        .programs = 500,
        .schedules = 10,
    });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_back_leaks),
        cmocka_unit_test(who_was_cancelled_and_returns_has_swallowed_it),
        cmocka_unit_test(a_wait_that_ends_when_its_time_is_out_races),
        cmocka_unit_test(who_each_act_on_what_the_other_changes_check_then_act),
    };

    return cmocka_run_group_tests_name("labelled_tasks", tests, NULL, NULL);
}
