#include "sim/core/poll.h"

#include "sim/core/sched.h"

void poll_init(struct poll *poll)
{
    *poll = (struct poll){0};
    list_init(&poll->link);
}

static void update(struct poll *poll)
{
    bool due = (poll->readable && poll->reader != NULL) || (poll->writable && poll->writer != NULL);

    if (due == !list_empty(&poll->link))
        return;
    if (!due) {
        list_remove(&poll->link);
        return;
    }
    sim_look(poll->loop->sim, 0);
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
    *place = handle;
    update(poll);
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

void poll_push_ready(struct sim_loop *loop)
{
    LIST_EACH(node, &loop->polled)
    {
        struct poll *poll = container_of(node, struct poll, link);

        if (poll->readable && poll->reader != NULL)
            loop_push_handle(poll->reader);
        if (poll->writable && poll->writer != NULL)
            loop_push_handle(poll->writer);
    }
}
