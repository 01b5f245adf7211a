#include "sim/core/poll.h"

#include "sim/core/sched.h"

void poll_init(struct poll *poll)
{
    *poll = (struct poll){0};
    list_init(&poll->link);
}

/* What watches it can be called from now on: see loop_any.c. */
static void look_due(struct poll *poll)
{
    struct sim_loop *loop = poll->loop;
    uint64_t nth = ++loop->polls;

    if (poll->reader != NULL)
        poll->reader->timer.order = nth;
    if (poll->writer != NULL)
        poll->writer->timer.order = nth;
    if (loop_goes_in_any_order(loop))
        sim_look_call(loop->sim, SIM_LOOK_CALL_ADDED, loop_call(loop, SIM_CALL_IO, (uint32_t)nth));
    sim_look_call(loop->sim, SIM_LOOK_CALL_FIRST, loop_call(loop, SIM_CALL_IO, 0));
}

static void update(struct poll *poll)
{
    bool due = (poll->readable && poll->reader != NULL) || (poll->writable && poll->writer != NULL);

    if (due == !list_empty(&poll->link))
        return;
    if (!due) {
        list_remove(&poll->link);
        sim_look_call(poll->loop->sim, SIM_LOOK_CALL_FIRST, loop_call(poll->loop, SIM_CALL_IO, 0));
        return;
    }
    look_due(poll);
    list_append(&poll->loop->polled, &poll->link);
    if (poll->loop->selecting)
        sched_wake(poll->loop->thread, 0);
}

void poll_set(struct poll *poll, bool readable, bool writable)
{
    poll->readable = readable;
    poll->writable = writable;
    update(poll);
}

static struct sim_handle *replace(struct poll *poll, struct sim_handle **place,
                                  struct sim_handle *handle)
{
    if (*place != NULL)
        sim_handle_cancel(*place);
    if (handle != NULL) {
        handle->kind = SIM_CALL_IO;
        handle->timer.order = poll->loop->polls;
    }
    *place = handle;
    bool was_ready = !list_empty(&poll->link);

    update(poll);
    if (handle != NULL && was_ready)
        look_due(poll);
    return handle;
}

struct sim_handle *poll_add_reader(struct sim_loop *loop, struct poll *poll, sim_callback_fn fn,
                                   void *arg)
{
    poll->loop = loop;
    return replace(poll, &poll->reader, loop_handle_new(loop, fn, arg));
}

struct sim_handle *poll_add_writer(struct sim_loop *loop, struct poll *poll, sim_callback_fn fn,
                                   void *arg)
{
    poll->loop = loop;
    return replace(poll, &poll->writer, loop_handle_new(loop, fn, arg));
}

void poll_remove_reader(struct poll *poll)
{
    (void)replace(poll, &poll->reader, NULL);
}

void poll_remove_writer(struct poll *poll)
{
    (void)replace(poll, &poll->writer, NULL);
}

/* Whoever watches it for what it is ready for, and does not stand in the ready queue yet: for
 * reading first.  NULL: nobody. */
static struct sim_handle *watching(const struct poll *poll)
{
    if (poll->readable && poll->reader != NULL && !poll->reader->queued)
        return poll->reader;
    if (poll->writable && poll->writer != NULL && !poll->writer->queued)
        return poll->writer;
    return NULL;
}

struct sim_handle *poll_first_ready(const struct sim_loop *loop)
{
    LIST_EACH(node, &loop->polled)
    {
        struct sim_handle *handle = watching(container_of(node, struct poll, link));

        if (handle != NULL)
            return handle;
    }
    return NULL;
}

void poll_called(struct sim_loop *loop)
{
    LIST_EACH(node, &loop->polled)
    {
        struct poll *poll = container_of(node, struct poll, link);

        if (watching(poll) == NULL)
            continue;
        list_remove(&poll->link);
        list_append(&loop->polled, &poll->link);
        return;
    }
}

void poll_push_ready(struct sim_loop *loop)
{
    LIST_EACH(node, &loop->polled)
    {
        const struct poll *poll = container_of(node, struct poll, link);
        struct sim_handle *handle;

        while ((handle = watching(poll)) != NULL)
            loop_push_handle(handle);
    }
}
