/* Random programs of threads, mutexes and variables, run under random schedules: what the detectors
 * say of each run is what a slow and plain oracle says.
 *
 * The oracle knows happens-before as a set of earlier events for each event, the wait-for graph as
 * it is at the end, and the lock graph as every pair of nested requests; it shares nothing with the
 * detectors but the meaning of events. */
#include "tests/test.h"

#include <stdbool.h>
#include <string.h>

#include "sim/base/prng.h"
#include "sim/base/status.h"
#include "sim/detect/detect.h"

enum {
    PROGRAMS = 20000,
    THREADS = 4, /* main among them */
    VARS = 2,
    MUTEXES = 3,
    OPS_MAX = 40,
    EVENTS_MAX = 1024,
    WORDS = EVENTS_MAX / 64,
    ASKS_MAX = 512,
};

/* Ids. */
enum { FIRST_THREAD = 1, FIRST_VAR = 5, FIRST_MUTEX = 7, ATOMIC = 10, OBJECTS = 10 };

enum op_kind { OP_LOCK, OP_TRY, OP_UNLOCK, OP_READ, OP_WRITE, OP_LOAD, OP_RMW, OP_SPAWN, OP_JOIN };

struct op {
    enum op_kind kind;
    uint32_t object;
};

struct thread {
    struct op ops[OPS_MAX];
    int op_count;
    int pc;
    bool spawned;
    bool suspended;
    bool done;
    uint32_t waits_for; /* mutex or thread; 0: nothing */
};

struct world {
    struct prng prng;
    struct registry *reg;
    struct detectors *detectors;
    struct thread threads[THREADS];
    uint32_t holder[OBJECTS + 1];
    struct sim_event events[EVENTS_MAX];
    int count;
    uint64_t before[EVENTS_MAX][WORDS]; /* of each event: what happened before it */
};

static uint32_t below(struct world *w, uint32_t bound)
{
    return prng_below(&w->prng, bound);
}

/* Programs. */

static void add(struct thread *thread, enum op_kind kind, uint32_t object)
{
    assert_true(thread->op_count < OPS_MAX);
    thread->ops[thread->op_count++] = (struct op){kind, object};
}

/* One that may be taken again while it is held, once in a while. */
static void add_lock(struct world *w, struct thread *thread, bool held[MUTEXES])
{
    uint32_t mutex = below(w, MUTEXES);

    if (held[mutex] && below(w, 20) != 0)
        return;
    if (!held[mutex] && below(w, 8) == 0) {
        add(thread, OP_TRY, FIRST_MUTEX + mutex);
        add(thread, OP_UNLOCK, FIRST_MUTEX + mutex);
        return;
    }
    add(thread, OP_LOCK, FIRST_MUTEX + mutex);
    held[mutex] = true;
}

static void add_some(struct world *w, struct thread *thread, bool held[MUTEXES], uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mutex = below(w, MUTEXES);
        uint32_t what = below(w, 100);

        if (what < 35)
            add_lock(w, thread, held);
        else if (what < 60 && held[mutex]) {
            add(thread, OP_UNLOCK, FIRST_MUTEX + mutex);
            held[mutex] = false;
        } else if (what < 75)
            add(thread, OP_READ, FIRST_VAR + below(w, VARS));
        else if (what < 90)
            add(thread, OP_WRITE, FIRST_VAR + below(w, VARS));
        else if (what < 96)
            add(thread, what < 93 ? OP_LOAD : OP_RMW, ATOMIC);
    }
}

static void write_program(struct world *w)
{
    bool joins = below(w, 4) != 0;

    memset(w->threads, 0, sizeof(w->threads));
    for (uint32_t t = 0; t < THREADS; t++) {
        struct thread *thread = &w->threads[t];
        bool held[MUTEXES] = {false};

        if (t == 0)
            for (uint32_t child = 1; child < THREADS; child++) {
                add_some(w, thread, held, below(w, 3));
                add(thread, OP_SPAWN, FIRST_THREAD + child);
                if (joins && below(w, 6) == 0)
                    add(thread, OP_JOIN, FIRST_THREAD + child);
            }
        add_some(w, thread, held, t == 0 ? below(w, 5) : 2 + below(w, 9));
        for (uint32_t mutex = 0; mutex < MUTEXES; mutex++)
            if (held[mutex] && below(w, 12) != 0)
                add(thread, OP_UNLOCK, FIRST_MUTEX + mutex);
        for (uint32_t child = 1; t == 0 && joins && child < THREADS; child++)
            add(thread, OP_JOIN, FIRST_THREAD + child);
    }
    w->threads[0].spawned = true;
}

/* Runs. */

static void say(struct world *w, uint32_t actor, enum sim_event_kind kind, uint32_t object,
                unsigned aux, int64_t value)
{
    struct sink *sink = detectors_sink(w->detectors);

    assert_true(w->count < EVENTS_MAX);
    w->events[w->count] = (struct sim_event){.step = (uint32_t)w->count + 1,
                                             .actor = actor,
                                             .object = object,
                                             .kind = (uint8_t)kind,
                                             .aux = (uint8_t)aux,
                                             .value = value};
    sink->event(sink, &w->events[w->count]);
    w->count++;
}

static bool can_run(const struct world *w, const struct thread *thread)
{
    if (!thread->spawned || thread->done)
        return false;
    if (thread->waits_for == 0)
        return true;
    return thread->waits_for < FIRST_VAR ? w->threads[thread->waits_for - FIRST_THREAD].done
                                         : w->holder[thread->waits_for] == 0;
}

static void suspend(struct world *w, uint32_t id, enum sim_wait why, uint32_t object)
{
    struct thread *self = &w->threads[id - FIRST_THREAD];

    if (why == SIM_WAIT_LOCK)
        say(w, id, SIM_EV_BLOCK, object, 0, w->holder[object]);
    say(w, id, SIM_EV_SUSPEND, object, why, 0);
    self->waits_for = object;
    self->suspended = true;
}

static void lock(struct world *w, uint32_t id, const struct op *op)
{
    if (w->holder[op->object] != 0) {
        if (op->kind == OP_LOCK)
            suspend(w, id, SIM_WAIT_LOCK, op->object);
        return;
    }
    w->holder[op->object] = id;
    say(w, id, SIM_EV_ACQUIRE, op->object, op->kind == OP_TRY, 0);
}

static void unlock(struct world *w, uint32_t id, uint32_t mutex)
{
    if (w->holder[mutex] != id)
        return;
    w->holder[mutex] = 0;
    say(w, id, SIM_EV_RELEASE, mutex, 0, 0);
    for (uint32_t t = 0; t < THREADS; t++)
        if (w->threads[t].waits_for == mutex)
            say(w, id, SIM_EV_WAKE, FIRST_THREAD + t, 0, mutex);
}

static void perform(struct world *w, uint32_t id, const struct op *op)
{
    switch (op->kind) {
    case OP_LOCK:
    case OP_TRY:
        lock(w, id, op);
        break;
    case OP_UNLOCK:
        unlock(w, id, op->object);
        break;
    case OP_READ:
        say(w, id, SIM_EV_READ, op->object, 0, 0);
        break;
    case OP_WRITE:
        say(w, id, SIM_EV_WRITE, op->object, 0, 0);
        break;
    case OP_LOAD:
        say(w, id, SIM_EV_ATOMIC_LOAD, op->object, 0, 0);
        break;
    case OP_RMW:
        say(w, id, SIM_EV_ATOMIC_RMW, op->object, 0, 0);
        break;
    case OP_SPAWN:
        w->threads[op->object - FIRST_THREAD].spawned = true;
        say(w, id, SIM_EV_SPAWN, op->object, 0, 0);
        break;
    case OP_JOIN:
    default:
        if (w->threads[op->object - FIRST_THREAD].done)
            say(w, id, SIM_EV_JOIN, op->object, 0, 0);
        else
            suspend(w, id, SIM_WAIT_JOIN, op->object);
        break;
    }
}

static void step(struct world *w, uint32_t id)
{
    struct thread *self = &w->threads[id - FIRST_THREAD];

    if (self->suspended) {
        say(w, id, SIM_EV_RESUME, 0, 0, 0);
        self->suspended = false;
        self->waits_for = 0;
    }
    if (self->pc < self->op_count) {
        perform(w, id, &self->ops[self->pc]);
        self->pc += !self->suspended;
        return;
    }
    self->done = true;
    say(w, id, SIM_EV_DONE, id, SIM_OK, 0);
}

/* Some runs are cut short: what nobody can get out of then is a deadlock all the same. */
static enum sim_outcome run(struct world *w)
{
    struct sink *sink = detectors_sink(w->detectors);
    int limit = below(w, 2) == 0 ? 20 + (int)below(w, 40) : EVENTS_MAX;
    bool stopped = false;

    memset(w->holder, 0, sizeof(w->holder));
    w->count = 0;
    sink->begin(sink, w->reg);
    say(w, 0, SIM_EV_SPAWN, FIRST_THREAD, 0, 0);
    for (;;) {
        uint32_t enabled[THREADS];
        uint32_t count = 0;

        for (uint32_t t = 0; t < THREADS; t++)
            if (can_run(w, &w->threads[t]))
                enabled[count++] = FIRST_THREAD + t;
        stopped = count > 0 && w->count >= limit;
        if (count == 0 || stopped)
            break;
        step(w, enabled[below(w, count)]);
    }
    enum sim_outcome outcome = stopped              ? SIM_OUTCOME_STEPS
                               : w->threads[0].done ? SIM_OUTCOME_FINISHED
                                                    : SIM_OUTCOME_STUCK;

    say(w, FIRST_THREAD, SIM_EV_END, 0, outcome, 0);
    return outcome;
}

/* The oracle: happens-before. */

static bool is_before(const struct world *w, int i, int j)
{
    return (w->before[j][i / 64] >> (i % 64) & 1) != 0;
}

static void put_before(struct world *w, int i, int j)
{
    for (int word = 0; word < WORDS; word++)
        w->before[j][word] |= w->before[i][word];
    w->before[j][i / 64] |= UINT64_C(1) << (i % 64);
}

/* Does event i by itself come before a later event j? */
static bool leads_to(const struct sim_event *i, const struct sim_event *j, bool locks)
{
    bool i_leaves = i->kind == SIM_EV_ATOMIC_RMW || (locks && i->kind == SIM_EV_RELEASE);
    bool j_takes = j->kind == SIM_EV_ATOMIC_RMW || j->kind == SIM_EV_ATOMIC_LOAD ||
                   (locks && j->kind == SIM_EV_ACQUIRE);

    return (i->actor == j->actor && i->actor != 0) ||
           (i->kind == SIM_EV_SPAWN && i->object == j->actor) ||
           (i->kind == SIM_EV_DONE && j->kind == SIM_EV_JOIN && j->object == i->actor) ||
           (i_leaves && j_takes && i->object == j->object);
}

static void order_events(struct world *w, bool locks)
{
    memset(w->before, 0, sizeof(w->before));
    for (int j = 0; j < w->count; j++)
        for (int i = 0; i < j; i++)
            if (!is_before(w, i, j) && leads_to(&w->events[i], &w->events[j], locks))
                put_before(w, i, j);
}

static bool is_access(const struct sim_event *event)
{
    return event->kind == SIM_EV_READ || event->kind == SIM_EV_WRITE;
}

/* The variables with a race: bits by id. */
static uint32_t racy(const struct world *w)
{
    uint32_t found = 0;

    for (int j = 0; j < w->count; j++)
        for (int i = 0; i < j; i++) {
            const struct sim_event *a = &w->events[i];
            const struct sim_event *b = &w->events[j];

            if (is_access(a) && is_access(b) && a->object == b->object && a->actor != b->actor &&
                (a->kind == SIM_EV_WRITE || b->kind == SIM_EV_WRITE) && !is_before(w, i, j))
                found |= 1U << a->object;
        }
    return found;
}

/* The oracle: who waits for whom at the end. */

static uint32_t awaited(const struct world *w, uint32_t id)
{
    const struct thread *thread = &w->threads[id - FIRST_THREAD];

    if (!thread->suspended)
        return 0;
    return thread->waits_for < FIRST_VAR ? thread->waits_for : w->holder[thread->waits_for];
}

/* Those on a cycle; and those who wait for a mutex of one who has ended: bits by id. */
static uint32_t deadlocked(const struct world *w)
{
    uint32_t found = 0;

    for (uint32_t start = FIRST_THREAD; start < FIRST_VAR; start++) {
        uint32_t at = start;

        for (int i = 0; i < THREADS && at != 0; i++) {
            at = awaited(w, at);
            if (at == start)
                found |= 1U << start;
        }
    }
    return found;
}

static uint32_t abandoned(const struct world *w)
{
    uint32_t found = 0;

    for (uint32_t id = FIRST_THREAD; id < FIRST_VAR; id++) {
        uint32_t holder = awaited(w, id);

        if (holder != 0 && w->threads[id - FIRST_THREAD].waits_for >= FIRST_VAR &&
            w->threads[holder - FIRST_THREAD].done)
            found |= 1U << id;
    }
    return found;
}

/* The oracle: the lock graph. */

struct ask {
    int event;
    uint32_t thread;
    uint32_t from;
    uint32_t to;
    uint32_t held; /* bits by id, without from */
};

static int collect_asks(const struct world *w, struct ask asks[ASKS_MAX])
{
    uint32_t held[FIRST_VAR] = {0};
    int count = 0;

    for (int i = 0; i < w->count; i++) {
        const struct sim_event *event = &w->events[i];
        bool waits =
            event->kind == SIM_EV_BLOCK || (event->kind == SIM_EV_ACQUIRE && event->aux == 0);

        for (uint32_t from = FIRST_MUTEX; waits && from < FIRST_MUTEX + MUTEXES; from++) {
            uint32_t others = held[event->actor] & ~(1U << event->object);

            if ((others >> from & 1) == 0)
                continue;
            assert_true(count < ASKS_MAX);
            asks[count++] = (struct ask){.event = i,
                                         .thread = event->actor,
                                         .from = from,
                                         .to = event->object,
                                         .held = others & ~(1U << from)};
        }
        if (event->kind == SIM_EV_ACQUIRE)
            held[event->actor] |= 1U << event->object;
        if (event->kind == SIM_EV_RELEASE)
            held[event->actor] &= ~(1U << event->object);
    }
    return count;
}

static bool side_by_side(const struct world *w, const struct ask *a, const struct ask *b)
{
    return a->thread != b->thread && (a->held & b->held) == 0 &&
           !is_before(w, a->event, b->event) && !is_before(w, b->event, a->event);
}

/* The lowest lock of each cycle: bits by id.  There are three mutexes: a cycle has two or three. */
static uint32_t inverted(const struct world *w)
{
    static struct ask asks[ASKS_MAX];
    int count = collect_asks(w, asks);
    uint32_t found = 0;

    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++) {
            if (asks[i].to != asks[j].from || asks[i].from >= asks[j].from ||
                !side_by_side(w, &asks[i], &asks[j]))
                continue;
            if (asks[j].to == asks[i].from)
                found |= 1U << asks[i].from;
            for (int k = 0; k < count; k++)
                if (asks[j].to == asks[k].from && asks[k].to == asks[i].from &&
                    asks[k].from > asks[i].from && side_by_side(w, &asks[i], &asks[k]) &&
                    side_by_side(w, &asks[j], &asks[k]))
                    found |= 1U << asks[i].from;
        }
    return found;
}

/* What the detectors say. */

struct verdict {
    uint32_t racy;
    uint32_t deadlocked;
    uint32_t abandoned;
    uint32_t inverted;
};

static struct verdict listen(struct world *w)
{
    struct verdict said = {0};
    size_t count = 0;
    const struct sim_finding *findings = detectors_findings(w->detectors, &count);

    for (size_t i = 0; i < count; i++) {
        const struct sim_finding *finding = &findings[i];

        if (finding->kind == SIM_FINDING_DATA_RACE)
            said.racy |= 1U << finding->steps[0].object;
        if (finding->kind == SIM_FINDING_DEADLOCK || finding->kind == SIM_FINDING_SELF_DEADLOCK)
            for (int edge = 0; edge < finding->edge_count; edge++)
                said.deadlocked |= 1U << finding->edges[edge].waiter;
        if (finding->kind == SIM_FINDING_ABANDONED_LOCK)
            said.abandoned |= 1U << finding->edges[0].waiter;
        if (finding->kind == SIM_FINDING_LOCK_ORDER)
            said.inverted |= 1U << finding->steps[0].object;
    }
    return said;
}

static struct registry *new_registry(void)
{
    struct registry *reg = registry_new();

    assert_non_null(reg);
    for (uint32_t id = 1; id <= OBJECTS; id++)
        (void)registry_add(reg,
                           id < FIRST_VAR     ? SIM_OBJ_THREAD
                           : id < FIRST_MUTEX ? SIM_OBJ_VAR
                           : id < ATOMIC      ? SIM_OBJ_MUTEX
                                              : SIM_OBJ_ATOMIC,
                           NULL, id < FIRST_VAR ? id != FIRST_THREAD : 0, 0);
    return reg;
}

static void detectors_and_oracle_agree(void **state)
{
    static struct world w;
    int seen[5] = {0};

    (void)state;
    w.reg = new_registry();
    w.detectors = detectors_new();
    assert_non_null(w.detectors);
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        prng_seed(&w.prng, seed);
        write_program(&w);
        enum sim_outcome outcome = run(&w);
        struct verdict said = listen(&w);
        struct verdict is = {.deadlocked = deadlocked(&w), .abandoned = abandoned(&w)};
        bool stuck = is.deadlocked != 0 || is.abandoned != 0 || outcome == SIM_OUTCOME_STUCK;

        order_events(&w, true);
        is.racy = racy(&w);
        order_events(&w, false);
        /* Where it came to the worst, what could have been is not told. */
        is.inverted = stuck ? 0 : inverted(&w);
        if (memcmp(&said, &is, sizeof(is)) != 0)
            fail_msg("seed %d: races %x and %x, deadlocks %x and %x, abandoned %x and %x, "
                     "inversions %x and %x",
                     (int)seed, said.racy, is.racy, said.deadlocked, is.deadlocked, said.abandoned,
                     is.abandoned, said.inverted, is.inverted);
        seen[0] += is.racy != 0;
        seen[1] += is.deadlocked != 0;
        seen[2] += is.abandoned != 0;
        seen[3] += is.inverted != 0;
        seen[4] += outcome == SIM_OUTCOME_STEPS && is.deadlocked != 0;
    }
    /* Each happens often enough to mean something, and so does its absence. */
    for (int i = 0; i < 4; i++)
        assert_in_range(seen[i], PROGRAMS / 100, PROGRAMS - PROGRAMS / 100);
    assert_in_range(seen[4], 100, PROGRAMS);
    detectors_free(w.detectors);
    registry_free(w.reg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detectors_and_oracle_agree),
    };

    return cmocka_run_group_tests_name("detect_random", tests, NULL, NULL);
}
