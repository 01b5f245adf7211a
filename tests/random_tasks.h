/* Small random programs of tasks on one loop, for tests that compare searches under the freedom
 * "any". */
#ifndef TESTS_RANDOM_TASKS_H
#define TESTS_RANDOM_TASKS_H

#include <string.h>

#include "sim/base/prng.h"
#include "sim/sim.h"

enum { TASKS_MAX = 4, TASK_OPS_MAX = 9, TASK_VARIABLES = 2 };

enum task_op_kind {
    TASK_READ,
    TASK_WRITE,
    TASK_YIELD,
    TASK_SLEEP,
    TASK_LOCK,
    TASK_UNLOCK,
    TASK_SET,
    TASK_WAIT,
    TASK_PUT,
    TASK_GET,
    TASK_CANCEL,
    TASK_AWAIT,
    TASK_SETTLE,
    TASK_KINDS,
    TASK_BLOCK = TASK_KINDS, /* the loop waits, too */
    TASK_NOW,
    TASK_CHOOSE, /* a number, which says what else it does */
    TASK_CALL    /* of a callback, which keeps the loop waiting */
};

/* For what main waits before it ends. */
enum task_ending {
    TASK_ALL,
    TASK_FIRST_FAILURE, /* or all */
    TASK_FIRST,
    TASK_EACH, /* in the order in which they end */
    TASK_LAST, /* the one that was made last */
    TASK_ENDINGS
};

struct task_op {
    uint8_t kind;
    uint8_t object;
};

struct task_program {
    struct task_op ops[TASKS_MAX][TASK_OPS_MAX];
    int counts[TASKS_MAX];
    int tasks;
    enum task_ending ending;
};

struct task_world {
    const struct task_program *program;
    int64_t seen[TASKS_MAX + 1]; /* what each task has met; the last: the end */
    struct sim_var *variables[TASK_VARIABLES];
    struct sim_lock *lock;
    struct sim_flag *event;
    struct sim_queue *queue;
    struct sim_future *future;
    struct sim_task *tasks[TASKS_MAX];
};

struct task_worker {
    struct task_world *world;
    int number;
    bool holds;
};

static inline struct task_program random_task_program(uint64_t seed)
{
    struct prng prng;
    struct task_program program = {0};

    prng_seed(&prng, seed);
    program.tasks = 2 + (int)prng_below(&prng, TASKS_MAX - 1);
    int ops = 2 + (int)prng_below(&prng, TASK_OPS_MAX - 1);

    for (int i = 0; i < ops; i++) {
        int task = (int)prng_below(&prng, (uint32_t)program.tasks);

        program.ops[task][program.counts[task]++] = (struct task_op){
            (uint8_t)prng_below(&prng, TASK_KINDS), (uint8_t)prng_below(&prng, TASKS_MAX)};
    }
    return program;
}

/* All that would do the one do the other. */
static inline void task_replace(struct task_program *program, enum task_op_kind one,
                                enum task_op_kind other)
{
    for (int i = 0; i < program->tasks; i++)
        for (int k = 0; k < program->counts[i]; k++)
            if (program->ops[i][k].kind == one)
                program->ops[i][k].kind = (uint8_t)other;
}

/* The same, but for tasks that sleep without giving the loop back, and tasks that see it. */
static inline struct task_program blocking_task_program(uint64_t seed)
{
    struct task_program program = random_task_program(seed);

    task_replace(&program, TASK_YIELD, TASK_BLOCK);
    task_replace(&program, TASK_SETTLE, TASK_BLOCK);
    task_replace(&program, TASK_SET, TASK_NOW);
    return program;
}

/* The same, but for tasks that do one thing or another, and have callbacks that block. */
static inline struct task_program choosing_task_program(uint64_t seed)
{
    struct task_program program = random_task_program(seed);

    task_replace(&program, TASK_SETTLE, TASK_CHOOSE);
    task_replace(&program, TASK_UNLOCK, TASK_CHOOSE);
    task_replace(&program, TASK_PUT, TASK_CALL);
    task_replace(&program, TASK_GET, TASK_NOW);
    return program;
}

static inline void task_saw(struct task_worker *self, int64_t what)
{
    int64_t *seen = &self->world->seen[self->number];

    *seen = (int64_t)((uint64_t)*seen * 1000003 + (uint64_t)what + 1);
}

static inline void task_called(struct sim *sim, void *arg)
{
    struct task_world *world = arg;

    sim_thread_sleep(sim, 1);
    sim_write(world->variables[0], 30);
}

static inline enum sim_status task_choose(struct sim *sim, struct task_worker *self,
                                          struct sim_var *variable)
{
    uint32_t number = sim_choose_number(sim, 2);

    task_saw(self, number);
    if (number == 1)
        sim_write(variable, 20 + self->number);
    return SIM_OK;
}

static inline enum sim_status task_perform(struct sim *sim, struct task_worker *self,
                                           struct task_op op)
{
    struct task_world *world = self->world;
    struct sim_var *variable = world->variables[op.object % TASK_VARIABLES];
    struct sim_value value = sim_none();
    enum sim_status status = SIM_OK;

    switch (op.kind) {
    case TASK_READ:
        task_saw(self, sim_read(variable));
        return SIM_OK;
    case TASK_WRITE:
        sim_write(variable, 10 + self->number);
        return SIM_OK;
    case TASK_YIELD:
        return sim_sleep(sim, 0);
    case TASK_SLEEP:
        return sim_sleep(sim, 1 + op.object % 2);
    case TASK_LOCK:
        if (!self->holds)
            SIM_TRY(sim_lock_acquire(world->lock));
        self->holds = true;
        return SIM_OK;
    case TASK_UNLOCK:
        if (self->holds)
            SIM_TRY(sim_lock_release(world->lock));
        self->holds = false;
        return SIM_OK;
    case TASK_SET:
        sim_event_set(world->event);
        return SIM_OK;
    case TASK_WAIT:
        return sim_event_wait(world->event);
    case TASK_PUT:
        return sim_queue_put(world->queue, sim_int(self->number));
    case TASK_GET:
        status = sim_queue_get(world->queue, &value);
        if (status == SIM_OK)
            task_saw(self, value.as.integer);
        return status;
    case TASK_CANCEL:
        if (world->tasks[op.object] != NULL && op.object != self->number)
            task_saw(self, sim_cancel(world->tasks[op.object], NULL));
        return SIM_OK;
    case TASK_AWAIT:
        return sim_await(world->future, NULL);
    case TASK_BLOCK:
        sim_thread_sleep(sim, 1 + op.object);
        return SIM_OK;
    case TASK_NOW:
        task_saw(self, sim_now(sim));
        return SIM_OK;
    case TASK_CHOOSE:
        return task_choose(sim, self, variable);
    case TASK_CALL:
        (void)sim_call_soon(sim, task_called, world);
        return SIM_OK;
    case TASK_SETTLE:
        status = sim_future_set_result(world->future, sim_int(self->number));
        task_saw(self, (int64_t)status);
        return SIM_OK;
    default:
        return SIM_OK;
    }
}

static inline enum sim_status task_work(struct sim *sim, void *arg)
{
    struct task_worker *self = arg;
    const struct task_program *program = self->world->program;
    enum sim_status status = SIM_OK;

    for (int i = 0; status == SIM_OK && i < program->counts[self->number]; i++)
        status = task_perform(sim, self, program->ops[self->number][i]);
    task_saw(self, 100 + (int64_t)status);
    if (self->holds)
        (void)!sim_lock_release(self->world->lock);
    return status;
}

static inline enum sim_status task_see_each(struct sim *sim, struct task_world *world,
                                            struct sim_future *const *futures, size_t count)
{
    struct sim_as_completed *completed = sim_as_completed(sim, futures, count, -1);

    for (size_t i = 0; i < count; i++) {
        struct sim_future *future = NULL;

        SIM_TRY(sim_as_completed_next(completed, &future));
        for (size_t k = 0; k < count; k++)
            if (futures[k] == future)
                world->seen[TASKS_MAX] = world->seen[TASKS_MAX] * 31 + (int64_t)k + 1;
    }
    return SIM_OK;
}

static inline enum sim_status task_wait_for(struct sim *sim, struct task_world *world,
                                            struct sim_future *const *futures, size_t count)
{
    struct sim_wait_sets sets;

    switch (world->program->ending) {
    case TASK_FIRST_FAILURE:
        return sim_await(sim_gather(sim, futures, count, false), NULL);
    case TASK_FIRST:
        SIM_TRY(sim_wait(sim, futures, count, -1, SIM_FIRST_COMPLETED, &sets));
        world->seen[TASKS_MAX] = (int64_t)sets.done_count;
        return SIM_OK;
    case TASK_EACH:
        return task_see_each(sim, world, futures, count);
    case TASK_LAST:
        return sim_await(futures[count - 1], NULL);
    case TASK_ALL:
    case TASK_ENDINGS:
        break;
    }
    return sim_await(sim_gather(sim, futures, count, true), NULL);
}

/* main; arg: struct task_world with its program */
static inline enum sim_status run_task_program(struct sim *sim, void *arg)
{
    struct task_world *world = arg;
    const struct task_program *program = world->program;
    struct task_worker *workers = sim_alloc(sim, TASKS_MAX * sizeof(*workers));
    struct sim_future *futures[TASKS_MAX];

    *world = (struct task_world){.program = program};
    for (int i = 0; i < TASK_VARIABLES; i++)
        world->variables[i] = sim_var_new(sim, NULL, 0);
    world->lock = sim_lock_new(sim, NULL);
    world->event = sim_event_new(sim, NULL);
    world->queue = sim_queue_new(sim, NULL, 1);
    world->future = sim_future_new(sim, NULL);
    for (int i = 0; i < program->tasks; i++) {
        workers[i] = (struct task_worker){.world = world, .number = i};
        world->tasks[i] = sim_task_new(sim, NULL, task_work, &workers[i]);
        futures[i] = SIM_FUTURE(world->tasks[i]);
    }
    SIM_TRY(task_wait_for(sim, world, futures, (size_t)program->tasks));
    for (int i = 0; i < TASK_VARIABLES; i++)
        world->seen[TASKS_MAX] = world->seen[TASKS_MAX] * 31 + sim_read(world->variables[i]);
    return SIM_OK;
}

static inline uint64_t task_digest(const struct task_world *world, int outcome)
{
    uint64_t hash = (uint64_t)outcome + 17;

    for (int i = 0; i <= TASKS_MAX; i++)
        hash = (hash ^ (uint64_t)world->seen[i]) * UINT64_C(1099511628211);
    return hash;
}

#endif
