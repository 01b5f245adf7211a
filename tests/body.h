/* Body: a test that is itself a program.  It runs as main on a loop; the test passes if it ends
 * well, and if everything that it and its tasks EXPECT is so. */
#ifndef TESTS_BODY_H
#define TESTS_BODY_H

#include "tests/test.h"

#include <string.h>

#include "sim/base/assert.h"
#include "sim/sim.h"
#include "sim/trace/sink.h"

struct body {
    sim_body_fn main;
    int arg; /* main gets its address */
};

/* Claim something inside of a body, where `sim` is in scope. */
#define EXPECT(claim) ((void)sim_check(sim, (claim), "%s:%d: %s", __FILE__, __LINE__, #claim))

/* A row of a table of tests, named after the body. */
#define BODY(main) NAMED_BODY(#main, main, 0)
#define NAMED_BODY(name, main, arg)                                                                \
    {                                                                                              \
        (name), body_passes, NULL, NULL, &(struct body)                                            \
        {                                                                                          \
            (main), (arg)                                                                          \
        }                                                                                          \
    }

/* A sink that counts the claims that do not hold, and shows them. */
struct claims {
    struct sink sink; /* first: it is a sink */
    const struct registry *registry;
    int failed;
};

static inline void claims_begin(struct sink *sink, const struct registry *registry)
{
    ((struct claims *)sink)->registry = registry;
}

static inline void claims_event(struct sink *sink, const struct sim_event *event)
{
    struct claims *claims = (struct claims *)sink;

    if (event->kind != SIM_EV_CHECK)
        return;
    claims->failed++;
    print_error("%s\n", registry_text_at(claims->registry, (uint32_t)event->value));
}

static inline void body_passes(void **state)
{
    struct body *body = *state;
    struct claims claims = {.sink = {.begin = claims_begin, .event = claims_event}};
    struct sim *sim = sim_new(NULL);

    assert_non_null(sim);
    assert_true(sim_add_sink(sim, &claims.sink));
    enum sim_outcome outcome = sim_run_async(sim, body->main, &body->arg);

    if (outcome == SIM_OUTCOME_FAILED)
        print_error("raised %s: %s\n", sim_status_name(sim_exception_kind(sim_failure(sim))),
                    sim_exception_message(sim_failure(sim)));
    sim_free(sim);
    assert_string_equal(sim_outcome_name(outcome), "finished");
    assert_int_equal(claims.failed, 0);
}

/* What tasks did, a letter each, in order. */
struct notes {
    char text[64];
    size_t count;
};

static inline void note(struct notes *notes, char letter)
{
    SIM_ASSERT(notes->count < sizeof(notes->text) - 1);
    notes->text[notes->count++] = letter;
}

static inline bool noted(const struct notes *notes, const char *letters)
{
    if (strcmp(notes->text, letters) != 0)
        print_error("noted \"%s\", not \"%s\"\n", notes->text, letters);
    return strcmp(notes->text, letters) == 0;
}

/* Cancel a task at the next turn of the loop.  As loop.call_soon(task.cancel). */
static inline void cancel_now(struct sim *sim, void *task)
{
    (void)sim;
    sim_cancel((struct sim_task *)task, NULL);
}

static inline void cancel_soon(struct sim *sim, struct sim_task *task)
{
    (void)sim_call_soon(sim, cancel_now, task);
}

/* Await each, and raise the first exception. */
static inline enum sim_status await_all(struct sim_task *const *tasks, int count)
{
    for (int i = 0; i < count; i++)
        SIM_TRY(sim_await(tasks[i], NULL));
    return SIM_OK;
}

#endif
