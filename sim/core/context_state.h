/* The inside of contexts, for core. */
#ifndef SIM_CORE_CONTEXT_STATE_H
#define SIM_CORE_CONTEXT_STATE_H

#include "sim/core/context.h"
#include "sim/core/state.h"
#include "sim/core/task_state.h"

/* The context that the running task, or the thread outside tasks, is in. */
static inline struct sim_context *context_current(struct sim *sim)
{
    struct sim_thread *thread = sim->running;
    struct sim_task *task = thread->task;

    if (task != NULL)
        return task->context != NULL ? task->context : &task->own;
    return thread->context != NULL ? thread->context : &thread->own;
}

/* Call fn(argument...) as a callback of the loop that was registered in this context. */
#define CONTEXT_CALL(sim_, map_, call)                                                             \
    do {                                                                                           \
        struct sim_thread *context_thread_ = (sim_)->running;                                      \
        const struct context_map *context_map_ = context_thread_->own.map;                         \
        struct sim_context *context_before_ = context_thread_->context;                            \
                                                                                                   \
        context_thread_->own.map = (map_);                                                         \
        context_thread_->context = NULL;                                                           \
        call;                                                                                      \
        context_thread_->own.map = context_map_;                                                   \
        context_thread_->context = context_before_;                                                \
    } while (0)

#endif
