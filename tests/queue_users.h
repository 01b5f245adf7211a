/* Users of queues: what the tests of those who wait in get() and put() share. */
#ifndef TESTS_QUEUE_USERS_H
#define TESTS_QUEUE_USERS_H

#include "tests/body.h"

/* A task at a queue. */
struct user {
    struct sim_queue *queue;
    struct sim_flag *started;
    bool finished;
    int item;
    int count;
};

static inline void expect_now(struct sim *sim, struct sim_queue *queue, int expected)
{
    struct sim_value item = sim_none();

    EXPECT(sim_queue_get_nowait(queue, &item) == SIM_OK);
    EXPECT(item.type == SIM_INT && item.as.integer == expected);
}

static inline void expect_next(struct sim *sim, struct sim_queue *queue, int expected)
{
    struct sim_value item = sim_none();

    EXPECT(sim_queue_get(queue, &item) == SIM_OK);
    EXPECT(item.type == SIM_INT && item.as.integer == expected);
}

static inline enum sim_status get(struct sim *sim, void *queue)
{
    struct sim_value item;

    SIM_TRY(sim_queue_get(queue, &item));
    return sim_return(sim, item);
}

static inline enum sim_status put(struct sim *sim, void *arg)
{
    const struct user *self = arg;

    (void)sim;
    return sim_queue_put(self->queue, sim_int(self->item));
}

static inline struct sim_task *start_get(struct sim *sim, struct sim_queue *queue)
{
    return sim_task_new(sim, NULL, get, queue);
}

static inline struct sim_task *start_put(struct sim *sim, struct sim_queue *queue, int item)
{
    struct user *user = sim_alloc(sim, sizeof(*user));

    *user = (struct user){.queue = queue, .item = item};
    return sim_task_new(sim, NULL, put, user);
}

static inline int64_t result_of(struct sim *sim, struct sim_task *task)
{
    struct sim_value item = sim_none();

    EXPECT(sim_await(task, &item) == SIM_OK);
    EXPECT(item.type == SIM_INT);
    return item.as.integer;
}

#endif
