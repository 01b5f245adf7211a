/* The state of the world at a step, against what the trace itself says. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render/world.h"
#include "scenarios/scenarios.h"
#include "sim/base/prng.h"
#include "sim/explore/run.h"

static struct trace *record(const struct sim_scenario *scenario, uint64_t seed)
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    request.max_steps = 20000;
    if (seed != 0) {
        request.policy = RUN_RANDOM;
        request.level = SIM_LEVEL_ANY;
        request.seed = seed;
    }
    struct trace *trace = run_record(&request, error, sizeof(error));

    if (trace == NULL)
        fail_msg("%s: %s", scenario->name, error);
    return trace;
}

static uint32_t named(const struct trace *trace, const char *wanted)
{
    char name[REGISTRY_NAME_MAX];

    for (uint32_t id = 1; id <= registry_count(trace->registry); id++)
        if (strcmp(registry_name(trace->registry, id, name), wanted) == 0)
            return id;
    fail_msg("nothing is called %s", wanted);
    return 0;
}

/* Everything that can be asked, as bytes. */
static char *snapshot(const struct world *world, size_t *length)
{
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, length);
    struct world_timer timers[8];

    assert_non_null(out);
    for (uint32_t id = 1; id <= registry_count(world_registry(world)); id++) {
        const struct world_thing *t = world_thing(world, id);

        (void)fprintf(out, "%u %u %u %u %d %d %lld %lld %lld %u %u\n", id, t->state, t->why,
                      t->status, t->known, t->asked, (long long)t->value, (long long)t->wake_ns,
                      (long long)t->timer_ns, t->event, t->object);
    }
    size_t count = world_timers(world, timers, 8);

    for (size_t i = 0; i < count && i < 8; i++)
        (void)fprintf(out, "at %lld: %u\n", (long long)timers[i].at_ns, timers[i].object);
    (void)fprintf(out, "%zu %zu %u %lld %zu\n", count, world_events(world), world_running(world),
                  (long long)world_now(world), world_printed(world));
    (void)fclose(out);
    return bytes;
}

static void same(const struct world *a, const struct world *b, const char *name)
{
    size_t a_length = 0;
    size_t b_length = 0;
    char *a_bytes = snapshot(a, &a_length);
    char *b_bytes = snapshot(b, &b_length);

    if (a_length != b_length || memcmp(a_bytes, b_bytes, a_length) != 0)
        fail_msg("%s differs after %zu events", name, world_events(a));
    free(a_bytes);
    free(b_bytes);
}

static void deadlock_is_seen_as_it_closes(void **state)
{
    struct trace *trace = record(&deadlock_abba, 0);
    struct world *world = world_new(trace);
    uint32_t a = named(trace, "lock A");
    uint32_t b = named(trace, "lock B");
    uint32_t ab = named(trace, "A to B");
    uint32_t ba = named(trace, "B to A");
    uint32_t waiters[2] = {0, 0};

    (void)state;
    assert_non_null(world);
    assert_int_equal(world_thing(world, ab)->state, WORLD_ABSENT);
    world_seek(world, trace->event_count);
    assert_int_equal(world_thing(world, a)->object, ab);
    assert_int_equal(world_thing(world, b)->object, ba);
    assert_int_equal(world_waiters(world, b, waiters, 2), 1);
    assert_int_equal(waiters[0], ab);
    assert_int_equal(world_waiters(world, a, waiters, 2), 1);
    assert_int_equal(waiters[0], ba);
    assert_int_equal(world_in_state(world, WORLD_WAITING, waiters, 2), 3);
    assert_int_equal(world_running(world), 0);
    assert_int_equal(world_printed(world), 2);
    assert_string_equal(world_line(world, 0), "A to B: first lock taken");
    world_seek(world, 0);
    assert_int_equal(world_thing(world, a)->object, 0);
    assert_int_equal(world_printed(world), 0);
    world_free(world);
    trace_free(trace);
}

static void sleepers_are_timers_until_they_wake(void **state)
{
    struct trace *trace = record(&deadlock_abba, 0);
    struct world *world = world_new(trace);
    struct world_timer timers[4];
    size_t at = 0;

    (void)state;
    while (trace->events[at].kind != SIM_EV_FIRE)
        at++;
    world_seek(world, at);
    assert_int_equal(world_timers(world, timers, 4), 2);
    assert_int_equal(timers[0].object, named(trace, "A to B"));
    assert_int_equal(timers[0].at_ns, trace->events[at].time_ns);
    assert_int_equal(timers[1].object, named(trace, "B to A"));
    assert_int_equal(world_timers(world, timers, 1), 2);
    world_seek(world, at + 4);
    assert_int_equal(world_timers(world, timers, 4), 0);
    world_free(world);
    trace_free(trace);
}

/* Is it the holder itself, or a task that took a mutex in the place of the thread which runs it? */
static bool holds_for(const struct trace *trace, uint32_t actor, uint32_t holder)
{
    const struct sim_object *object = registry_object(trace->registry, actor);

    return actor == holder ||
           (object != NULL && object->kind == SIM_OBJ_TASK && object->parent == holder);
}

/* Who resumes could run; who takes a lock finds it free; a variable holds what is read. */
static void check_event(const struct world *world, const struct trace *trace)
{
    const struct sim_event *e = &trace->events[world_events(world)];
    const char *name = trace->program;
    const struct world_thing *thing = world_thing(world, e->object == 0 ? e->actor : e->object);
    size_t i = world_events(world);

    switch (e->kind) {
    case SIM_EV_RESUME:
        if (world_thing(world, e->actor)->state != WORLD_READY &&
            world_thing(world, e->actor)->state != WORLD_CREATED)
            fail_msg("%s: event %zu resumes who is in state %u", name, i,
                     world_thing(world, e->actor)->state);
        break;
    case SIM_EV_ACQUIRE:
        if (thing->object != 0)
            fail_msg("%s: event %zu takes what %u holds", name, i, thing->object);
        break;
    case SIM_EV_RELEASE:
        if (thing->object == 0)
            fail_msg("%s: event %zu releases what nobody holds", name, i);
        break;
    case SIM_EV_BLOCK:
        if (e->value != 0 && !holds_for(trace, thing->object, (uint32_t)e->value))
            fail_msg("%s: event %zu meets another holder", name, i);
        break;
    case SIM_EV_READ:
    case SIM_EV_ATOMIC_LOAD:
        if (thing->known && thing->value != e->value)
            fail_msg("%s: event %zu reads what was not there", name, i);
        break;
    case SIM_EV_GET:
        if (thing->value < 0)
            fail_msg("%s: event %zu gets from an empty queue", name, i);
        break;
    default:
        break;
    }
}

static void every_scenario_agrees_with_its_own_trace(void **state)
{
    (void)state;
    for (size_t s = 0; scenarios[s] != NULL; s++)
        for (uint64_t seed = 0; seed < 3; seed++) {
            struct trace *trace = record(scenarios[s], seed);
            struct world *world = world_new(trace);

            assert_non_null(world);
            for (size_t i = 0; i < trace->event_count; i++) {
                world_seek(world, i);
                if (trace->events[i].actor != 0 || trace->events[i].object != 0)
                    check_event(world, trace);
            }
            world_free(world);
            trace_free(trace);
        }
}

static void jumping_equals_stepping(void **state)
{
    (void)state;
    for (size_t s = 0; scenarios[s] != NULL; s++) {
        struct trace *trace = record(scenarios[s], 7);
        struct world *stepped = world_new(trace);
        struct world *jumped = world_new(trace);
        struct prng prng;
        size_t stride = trace->event_count / 40 + 1;

        assert_non_null(stepped);
        assert_non_null(jumped);
        prng_seed(&prng, s);
        /* There and back again: copies are made on the way. */
        world_seek(jumped, trace->event_count);
        for (size_t i = 0; i <= trace->event_count; i++) {
            world_seek(stepped, i);
            if (i % stride != 0)
                continue;
            world_seek(jumped, prng_below(&prng, (uint32_t)trace->event_count + 1));
            world_seek(jumped, i);
            same(stepped, jumped, trace->program);
        }
        world_free(stepped);
        world_free(jumped);
        trace_free(trace);
    }
}

struct told {
    char text[4096];
};

static void note_line(void *arg, enum world_words kind, uint32_t object, const char *text)
{
    struct told *told = arg;
    size_t used = strlen(told->text);

    (void)object;
    (void)snprintf(told->text + used, sizeof(told->text) - used, "%s%s\n",
                   kind == WORLD_HEAD ? "" : "  ", text);
}

static void it_is_told_in_words(void **state)
{
    struct trace *trace = record(&deadlock_abba, 0);
    struct world *world = world_new(trace);
    struct told told = {{0}};
    struct world_teller teller = {.line = note_line, .arg = &told, .most = 2};

    (void)state;
    world_seek(world, trace->event_count);
    world_tell(world, &teller);
    assert_string_equal(told.text, "waiting\n"
                                   "  Task-1: awaits gather-1\n"
                                   "  A to B: waits for lock B, held by B to A\n"
                                   "  and 1 more\n"
                                   "locks and the like\n"
                                   "  lock A: held by A to B; waiting: B to A\n"
                                   "  lock B: held by B to A; waiting: A to B\n"
                                   "printed so far: 2 lines\n"
                                   "  A to B: first lock taken\n"
                                   "  B to A: first lock taken\n");
    world_free(world);
    trace_free(trace);
}

/* asyncio's loop runs whoever became ready first: that is the order that is told. */
static void the_next_to_run_is_told_first(void **state)
{
    static const struct sim_scenario *const programs[] = {&counter_race, &deadlock_abba,
                                                          &condition_wait_for};
    size_t compared = 0;

    (void)state;
    for (size_t p = 0; p < sizeof(programs) / sizeof(programs[0]); p++) {
        struct trace *trace = record(programs[p], 0);
        struct world *world = world_new(trace);

        for (size_t i = 0; i < trace->event_count && compared < 100 * (p + 1); i++) {
            uint32_t first = 0;

            world_seek(world, i);
            if (trace->events[i].kind != SIM_EV_RESUME || world_ready(world, &first, 1) < 2 ||
                registry_object(trace->registry, trace->events[i].actor)->kind != SIM_OBJ_TASK)
                continue;
            assert_int_equal(first, trace->events[i].actor);
            compared++;
        }
        world_free(world);
        trace_free(trace);
    }
    assert_true(compared > 50);
}

/* A million events by hand: workers that take turns on one variable. */
static struct trace *long_trace(uint32_t events, uint32_t tasks)
{
    struct trace *trace = trace_new();
    bool ok = trace != NULL;

    assert_true(ok);
    for (uint32_t i = 0; i < tasks; i++)
        ok = ok && registry_add(trace->registry, SIM_OBJ_TASK, NULL, 0, 0) != 0;
    uint32_t variable = registry_add(trace->registry, SIM_OBJ_VAR, "counter", 0, 0);

    for (uint32_t i = 0; ok && i < events; i++) {
        uint32_t actor = i / 3 % tasks + 1;
        struct sim_event event = {.step = i + 1, .actor = actor, .kind = SIM_EV_RESUME};

        if (i % 3 == 1) {
            event.kind = SIM_EV_WRITE;
            event.object = variable;
            event.value = i;
        } else if (i % 3 == 2) {
            event.kind = SIM_EV_SUSPEND;
            event.aux = SIM_WAIT_YIELD;
        }
        ok = trace_add_event(trace, &event);
    }
    assert_true(ok);
    return trace;
}

static void count_lines(void *arg, enum world_words kind, uint32_t object, const char *text)
{
    size_t *lines = arg;

    (void)kind;
    (void)object;
    assert_true(strlen(text) < 512);
    ++*lines;
}

/* A file may say anything that the reader lets through: any event, on anything, with long names. */
static void nonsense_is_told_without_harm(void **state)
{
    enum { OBJECTS = 3 * SIM_OBJECT_COUNT, EVENTS = 3000 };
    struct trace *trace = trace_new();
    struct prng prng;
    char name[REGISTRY_NAME_MAX];
    size_t lines = 0;
    const int64_t values[] = {0, 1, -1, 7, INT64_MAX, INT64_MIN};

    (void)state;
    assert_non_null(trace);
    prng_seed(&prng, 3);
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (uint32_t i = 0; i < OBJECTS; i++)
        assert_int_not_equal(
            registry_add(trace->registry, i % SIM_OBJECT_COUNT, i % 2 == 0 ? name : NULL, i / 2, 0),
            0);
    for (uint32_t i = 0; i < EVENTS; i++) {
        struct sim_event event = {.step = i,
                                  .time_ns = i,
                                  .actor = prng_below(&prng, OBJECTS + 1),
                                  .object = prng_below(&prng, OBJECTS + 1),
                                  .value = values[prng_below(&prng, 6)],
                                  .kind = (uint8_t)prng_below(&prng, SIM_EVENT_COUNT)};

        event.aux = event.kind == SIM_EV_SUSPEND ? (uint8_t)prng_below(&prng, SIM_WAIT_COUNT) : 0;
        assert_true(trace_add_event(trace, &event));
    }
    struct world *world = world_new(trace);
    struct world *other = world_new(trace);

    for (size_t i = 0; i <= EVENTS; i++) {
        world_seek(world, i);
        world_tell(world, &(struct world_teller){count_lines, &lines, 1 + i % 50});
    }
    assert_true(lines > EVENTS);
    for (size_t i = EVENTS; i > 0; i -= 100) {
        world_seek(other, i);
        world_seek(world, 0);
        world_seek(world, i);
        same(world, other, "nonsense");
    }
    world_free(world);
    world_free(other);
    trace_free(trace);
}

static double seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void a_million_events_are_jumped_through(void **state)
{
    enum { EVENTS = 1000000, TASKS = 10000, JUMPS = 100 };
    struct trace *trace = long_trace(EVENTS, TASKS);
    struct world *world = world_new(trace);
    struct prng prng;

    (void)state;
    assert_non_null(world);
    prng_seed(&prng, 1);
    world_seek(world, EVENTS);
    double before = seconds();

    for (int i = 0; i < JUMPS; i++) {
        uint32_t to = prng_below(&prng, EVENTS - 3) + 3;

        world_seek(world, to);
        uint32_t last = to - 1;

        while (last % 3 != 1)
            last--;
        assert_int_equal(world_thing(world, TASKS + 1)->value, last);
        assert_int_equal(world_running(world), to % 3 == 0 ? 0 : (to - 1) / 3 % TASKS + 1);
    }
    double each = (seconds() - before) / JUMPS;

    print_message("a jump takes %.3f ms\n", each * 1e3);
    /* Applying all events would take 20 ms and more; a jump must fit a frame many times over. */
    assert_true(each < 0.016);
    world_free(world);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deadlock_is_seen_as_it_closes),
        cmocka_unit_test(sleepers_are_timers_until_they_wake),
        cmocka_unit_test(every_scenario_agrees_with_its_own_trace),
        cmocka_unit_test(jumping_equals_stepping),
        cmocka_unit_test(it_is_told_in_words),
        cmocka_unit_test(the_next_to_run_is_told_first),
        cmocka_unit_test(nonsense_is_told_without_harm),
        cmocka_unit_test(a_million_events_are_jumped_through),
    };

    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}
