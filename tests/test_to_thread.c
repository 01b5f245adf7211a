/* to_thread: what CPython's test_threads.ToThreadTests asks of asyncio.to_thread, test by test. */
#include "tests/body.h"

enum { CALLS = 10 };

/* Something for a thread to do. */
struct job {
    int called;
    int64_t terms[2];
    struct job *got; /* the argument that it was called with */
    struct sim_context_var *var;
    bool on_loop;
};

static enum sim_status add(struct sim *sim, void *arg)
{
    const struct job *job = arg;

    return sim_return(sim, sim_int(job->terms[0] + job->terms[1]));
}

static enum sim_status test_to_thread(struct sim *sim, void *arg)
{
    struct job job = {.terms = {40, 2}};
    struct sim_value sum = sim_none();

    (void)arg;
    SIM_TRY(sim_to_thread(sim, add, &job, &sum));
    EXPECT(sum.type == SIM_INT && sum.as.integer == 42);
    return SIM_OK;
}

static enum sim_status raise_runtime(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_raise(sim, SIM_RUNTIME_ERROR, "test");
}

static enum sim_status test_to_thread_exception(struct sim *sim, void *arg)
{
    (void)arg;
    EXPECT(sim_to_thread(sim, raise_runtime, NULL, NULL) == SIM_RUNTIME_ERROR);
    EXPECT(sim_exception_kind(sim_exception(sim)) == SIM_RUNTIME_ERROR);
    EXPECT(strcmp(sim_exception_message(sim_exception(sim)), "test") == 0);
    return SIM_OK;
}

static enum sim_status count_call(struct sim *sim, void *arg)
{
    struct job *job = arg;

    job->called++;
    job->got = arg;
    job->on_loop = sim_current_task(sim) != NULL;
    return SIM_OK;
}

static enum sim_status test_to_thread_once(struct sim *sim, void *arg)
{
    struct job job = {0};

    (void)arg;
    SIM_TRY(sim_to_thread(sim, count_call, &job, NULL));
    EXPECT(job.called == 1);
    EXPECT(!job.on_loop); /* it was no task that called it */
    return SIM_OK;
}

static enum sim_status call_in_thread(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, count_call, arg, NULL);
}

static enum sim_status test_to_thread_concurrent(struct sim *sim, void *arg)
{
    struct job job = {0};
    struct sim_future *futures[CALLS];

    (void)arg;
    for (int i = 0; i < CALLS; i++)
        futures[i] = SIM_FUTURE(sim_task_new(sim, NULL, call_in_thread, &job));
    EXPECT(job.called == 0);
    SIM_TRY(sim_await(sim_gather(sim, futures, CALLS, false), NULL));
    EXPECT(job.called == CALLS);
    return SIM_OK;
}

/* C's one argument stands for all of them: it arrives as it is, with what it holds. */
static enum sim_status test_to_thread_args_kwargs(struct sim *sim, void *arg)
{
    struct job job = {.terms = {7, 8}};

    (void)arg;
    SIM_TRY(sim_to_thread(sim, count_call, &job, NULL));
    EXPECT(job.called == 1);
    EXPECT(job.got == &job);
    EXPECT(job.terms[0] == 7 && job.terms[1] == 8);
    return SIM_OK;
}

static enum sim_status get_var(struct sim *sim, void *arg)
{
    const struct job *job = arg;
    struct sim_value value;

    SIM_TRY(sim_context_var_get(job->var, &value));
    return sim_return(sim, value);
}

static enum sim_status test_to_thread_contextvars(struct sim *sim, void *arg)
{
    struct job job = {.var = sim_context_var_new(sim, "test_ctx")};
    struct sim_value value = sim_none();

    (void)arg;
    EXPECT(sim_to_thread(sim, get_var, &job, NULL) == SIM_LOOKUP_ERROR); /* not set yet */
    (void)sim_context_var_set(job.var, sim_str("parrot"));
    SIM_TRY(sim_to_thread(sim, get_var, &job, &value));
    EXPECT(value.type == SIM_STR && strcmp(value.as.string, "parrot") == 0);
    return SIM_OK;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BODY(test_to_thread),
        BODY(test_to_thread_exception),
        BODY(test_to_thread_once),
        BODY(test_to_thread_concurrent),
        BODY(test_to_thread_args_kwargs),
        BODY(test_to_thread_contextvars),
    };

    return cmocka_run_group_tests_name("ToThreadTests", tests, NULL, NULL);
}
