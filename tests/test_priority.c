/* Priorities: who runs on one processor, what mutexes lend, and inversions. */
#include "tests/test.h"

#include <string.h>

#include "tests/body.h"

#include "sim/detect/detect.h"
#include "sim/explore/explore.h"

/* Who did something, in order. */
struct crew {
    struct notes notes;
    struct sim_mutex *mutex;
    struct sim_mutex *inner;
    struct sim_var *var;
};

struct member {
    struct crew *crew;
    struct sim_thread *thread;
    char letter;
    int64_t starts_ms;
};

static void act(const struct member *self)
{
    sim_write(self->crew->var, self->letter);
    note(&self->crew->notes, self->letter);
}

static enum sim_status act_thrice(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    if (self->starts_ms > 0)
        sim_thread_sleep(sim, self->starts_ms * SIM_MS);
    for (int i = 0; i < 3; i++)
        act(self);
    return SIM_OK;
}

static enum sim_status start(struct sim *sim, struct member *member, sim_body_fn body, int priority)
{
    char name[] = {member->letter, '\0'};

    member->thread = sim_thread_new(sim, name, body, member);
    return sim_thread_set_priority(member->thread, priority);
}

static enum sim_status join_all(struct member *members, int count)
{
    for (int i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(members[i].thread, NULL));
    return SIM_OK;
}

static enum sim_status begin(struct sim *sim, struct crew *crew)
{
    *crew = (struct crew){.mutex = sim_mutex_new(sim, "mutex"),
                          .inner = sim_mutex_new(sim, "inner"),
                          .var = sim_var_new(sim, "var", 0)};
    sim_use_priorities(sim);
    return sim_thread_set_priority(sim_thread_self(sim), 99);
}

static enum sim_status highest_first(struct sim *sim, void *arg)
{
    struct crew crew;
    struct member members[] = {{&crew, NULL, 'l', 0}, {&crew, NULL, 'h', 0}, {&crew, NULL, 'm', 0}};
    const int priorities[] = {1, 3, 2};

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    for (int i = 0; i < 3; i++)
        SIM_TRY(start(sim, &members[i], act_thrice, priorities[i]));
    SIM_TRY(join_all(members, 3));
    EXPECT(strcmp(crew.notes.text, "hhhmmmlll") == 0);
    return SIM_OK;
}

/* Wakes one of higher priority in the middle of its work. */
static enum sim_status wake_higher(struct sim *sim, void *arg)
{
    struct member *self = arg;
    struct member higher = {self->crew, NULL, 'h', 0};

    act(self);
    SIM_TRY(start(sim, &higher, act_thrice, 5));
    act(self);
    act(self);
    return sim_thread_join(higher.thread, NULL);
}

static enum sim_status gives_way_at_once(struct sim *sim, void *arg)
{
    struct crew crew;
    struct member low = {&crew, NULL, 'l', 0};

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    SIM_TRY(start(sim, &low, wake_higher, 2));
    SIM_TRY(join_all(&low, 1));
    EXPECT(strcmp(crew.notes.text, "lhhhll") == 0);
    return SIM_OK;
}

/* The low one holds inner, one in between waits for it with mutex held, and the high one for that:
 * what it lends goes all the way. */
static enum sim_status hold_inner(struct sim *sim, void *arg)
{
    struct member *self = arg;

    sim_mutex_lock(self->crew->inner);
    sim_thread_sleep(sim, 5 * SIM_MS);
    act(self);
    SIM_TRY(sim_mutex_unlock(self->crew->inner));
    act(self);
    return SIM_OK;
}

static enum sim_status hold_both(struct sim *sim, void *arg)
{
    struct member *self = arg;

    sim_thread_sleep(sim, 1 * SIM_MS);
    sim_mutex_lock(self->crew->mutex);
    sim_mutex_lock(self->crew->inner);
    act(self);
    SIM_TRY(sim_mutex_unlock(self->crew->inner));
    return sim_mutex_unlock(self->crew->mutex);
}

static enum sim_status hold_outer(struct sim *sim, void *arg)
{
    struct member *self = arg;

    sim_thread_sleep(sim, 2 * SIM_MS);
    sim_mutex_lock(self->crew->mutex);
    act(self);
    return sim_mutex_unlock(self->crew->mutex);
}

static enum sim_status chain(struct sim *sim, enum sim_mutex_protocol protocol,
                             const char *expected)
{
    struct crew crew;
    struct member members[] = {
        {&crew, NULL, 'l', 0}, {&crew, NULL, 'b', 0}, {&crew, NULL, 'h', 0}, {&crew, NULL, 'm', 5}};

    SIM_TRY(begin(sim, &crew));
    SIM_TRY(sim_mutex_set_protocol(crew.mutex, protocol, 0));
    SIM_TRY(sim_mutex_set_protocol(crew.inner, protocol, 0));
    SIM_TRY(start(sim, &members[0], hold_inner, 1));
    SIM_TRY(start(sim, &members[1], hold_both, 2));
    SIM_TRY(start(sim, &members[2], hold_outer, 9));
    SIM_TRY(start(sim, &members[3], act_thrice, 5));
    SIM_TRY(join_all(members, 4));
    EXPECT(strcmp(crew.notes.text, expected) == 0);
    for (int i = 0; i < 4; i++)
        EXPECT(sim_thread_priority_now(members[i].thread) ==
               sim_thread_priority(members[i].thread));
    return SIM_OK;
}

static enum sim_status inheritance_goes_through_a_chain(struct sim *sim, void *arg)
{
    (void)arg;
    return chain(sim, SIM_MUTEX_INHERIT, "lbhmmml");
}

static enum sim_status nothing_is_lent_without_a_protocol(struct sim *sim, void *arg)
{
    (void)arg;
    return chain(sim, SIM_MUTEX_NONE, "mmmlbhl");
}

static enum sim_status hold_mutex(struct sim *sim, void *arg)
{
    struct member *self = arg;

    (void)sim;
    sim_mutex_lock(self->crew->mutex);
    EXPECT(sim_thread_priority_now(sim_thread_self(sim)) == 7);
    act(self);
    SIM_TRY(sim_mutex_unlock(self->crew->mutex));
    EXPECT(sim_thread_priority_now(sim_thread_self(sim)) == 1);
    return SIM_OK;
}

static enum sim_status a_ceiling_counts_while_it_is_held(struct sim *sim, void *arg)
{
    struct crew crew;
    struct member low = {&crew, NULL, 'l', 0};

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    SIM_TRY(sim_mutex_set_protocol(crew.mutex, SIM_MUTEX_PROTECT, 7));
    SIM_TRY(start(sim, &low, hold_mutex, 1));
    return join_all(&low, 1);
}

static enum sim_status bad_numbers_are_refused(struct sim *sim, void *arg)
{
    struct crew crew;

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    EXPECT(sim_thread_set_priority(sim_thread_self(sim), 100) == SIM_VALUE_ERROR);
    EXPECT(sim_thread_set_priority(sim_thread_self(sim), -1) == SIM_VALUE_ERROR);
    EXPECT(sim_mutex_set_protocol(crew.mutex, SIM_MUTEX_PROTECT, 100) == SIM_VALUE_ERROR);
    sim_mutex_lock(crew.mutex);
    EXPECT(sim_mutex_set_protocol(crew.mutex, SIM_MUTEX_INHERIT, 0) == SIM_RUNTIME_ERROR);
    return sim_mutex_unlock(crew.mutex);
}

/* Every test body as a thread, under FIFO. */
static void passes_in_thread(void **state)
{
    struct body *body = *state;
    struct claims claims = {.sink = {.begin = claims_begin, .event = claims_event}};
    struct sim *sim = sim_new(NULL);

    assert_non_null(sim);
    assert_true(sim_add_sink(sim, &claims.sink));
    assert_int_equal(sim_run(sim, body->main, &body->arg), SIM_OUTCOME_FINISHED);
    assert_int_equal(claims.failed, 0);
    sim_free(sim);
}

#define IN_THREAD(main)                                                                            \
    {                                                                                              \
#main, passes_in_thread, NULL, NULL, &(struct body)                                        \
        {                                                                                          \
            (main), 0                                                                              \
        }                                                                                          \
    }

/* A lock whose ceiling is too low is a finding. */
static enum sim_status lock_above_the_ceiling(struct sim *sim, void *arg)
{
    struct crew crew;

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    SIM_TRY(sim_mutex_set_protocol(crew.mutex, SIM_MUTEX_PROTECT, 7));
    sim_mutex_lock(crew.mutex);
    return sim_mutex_unlock(crew.mutex);
}

/* Equals may go in any order, and one that gives way for ever meets the limit. */
static enum sim_status equals(struct sim *sim, void *arg)
{
    struct crew crew;
    struct member members[] = {{&crew, NULL, 'a', 0}, {&crew, NULL, 'b', 0}, {&crew, NULL, 'l', 0}};
    const int priorities[] = {5, 5, 1};

    (void)arg;
    SIM_TRY(begin(sim, &crew));
    for (int i = 0; i < 3; i++)
        SIM_TRY(start(sim, &members[i], act_thrice, priorities[i]));
    SIM_TRY(join_all(members, 3));
    EXPECT(strcmp(crew.notes.text + 6, "lll") == 0);
    return SIM_OK;
}

static enum sim_status yield_for_ever(struct sim *sim, void *arg)
{
    (void)arg;
    sim_use_priorities(sim);
    struct sim_thread *lower = sim_thread_new(sim, "lower", act_thrice, NULL);

    SIM_TRY(sim_thread_set_priority(sim_thread_self(sim), 1));
    (void)lower;
    for (;;)
        sim_thread_yield(sim);
    return SIM_OK;
}

static const struct sim_scenario ceiling = {.name = "ceiling", .main = lock_above_the_ceiling};
static const struct sim_scenario equal = {.name = "equal", .main = equals};

static void searches_keep_to_priorities(void **state)
{
    struct sim_search search = {.accept = SIM_ACCEPT_HAZARDS | SIM_ACCEPT(SIM_FINDING_LOST_UPDATE)};
    struct sim_search_result result;

    (void)state;
    assert_true(sim_check_search(&equal, &search, &result));
    assert_int_equal(result.verdict, EXPLORE_EXHAUSTED);
    assert_true(result.executions > 20);
    search =
        (struct sim_search){.how = SIM_SEARCH_RANDOM, .executions = 200, .accept = search.accept};
    assert_true(sim_check_search(&equal, &search, &result));
    search.how = SIM_SEARCH_PCT;
    assert_true(sim_check_search(&equal, &search, &result));
    assert_true(sim_expect_finding(&ceiling, SIM_FINDING_CHECK));
}

static void who_yields_for_ever_meets_the_limit(void **state)
{
    struct sim_config config = {.max_steps = 1000};
    struct sim *sim = sim_new(&config);

    (void)state;
    assert_int_equal(sim_run(sim, yield_for_ever, NULL), SIM_OUTCOME_STEPS);
    sim_free(sim);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_THREAD(highest_first),
        IN_THREAD(gives_way_at_once),
        IN_THREAD(inheritance_goes_through_a_chain),
        IN_THREAD(nothing_is_lent_without_a_protocol),
        IN_THREAD(a_ceiling_counts_while_it_is_held),
        IN_THREAD(bad_numbers_are_refused),
        cmocka_unit_test(searches_keep_to_priorities),
        cmocka_unit_test(who_yields_for_ever_meets_the_limit),
    };

    return cmocka_run_group_tests_name("priority", tests, NULL, NULL);
}
