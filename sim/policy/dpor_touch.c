/* From events to touches. */
#include "sim/base/list.h"
#include "sim/policy/dpor_state.h"

enum {
    NOTHING,
    READS,
    WRITES,
    CANCELS,
    PRINTS,
    WORKS,
    LOOKS,
    TAKES,
    RELEASES,
    ENABLES,
    WAKES,
    ENDS,
    JOINS,
    WAITS,
    STOPS,
    CLOSES
};

/* What the kinds of events mean; the others touch nothing. */
static const uint8_t meanings[SIM_EVENT_COUNT] = {
    [SIM_EV_SPAWN] = ENABLES,
    [SIM_EV_WAKE] = WAKES,
    [SIM_EV_DONE] = ENDS,
    [SIM_EV_JOIN] = JOINS,
    [SIM_EV_SUSPEND] = WAITS,
    [SIM_EV_KILL] = STOPS,
    [SIM_EV_LOOP_CLOSE] = CLOSES,
    [SIM_EV_READ] = READS,
    [SIM_EV_ATOMIC_LOAD] = READS,
    [SIM_EV_TRY] = READS,
    [SIM_EV_WRITE] = WRITES,
    [SIM_EV_ATOMIC_STORE] = WRITES,
    [SIM_EV_ATOMIC_RMW] = WRITES,
    [SIM_EV_ACQUIRE] = TAKES,
    [SIM_EV_RELEASE] = RELEASES,
    [SIM_EV_CANCEL] = CANCELS,
    [SIM_EV_RESULT] = WRITES,
    [SIM_EV_SET] = WRITES,
    [SIM_EV_CLEAR] = WRITES,
    [SIM_EV_COND_WAIT] = WRITES,
    [SIM_EV_NOTIFY] = WRITES,
    [SIM_EV_SEM_ACQUIRE] = WRITES,
    [SIM_EV_SEM_RELEASE] = WRITES,
    [SIM_EV_BARRIER_ARRIVE] = WRITES,
    [SIM_EV_BARRIER_LEAVE] = WRITES,
    [SIM_EV_BARRIER_RESET] = WRITES,
    [SIM_EV_BARRIER_ABORT] = WRITES,
    [SIM_EV_PUT] = WRITES,
    [SIM_EV_GET] = WRITES,
    [SIM_EV_TASK_DONE] = WRITES,
    [SIM_EV_QUEUE_JOIN] = WRITES,
    [SIM_EV_SHUTDOWN] = WRITES,
    [SIM_EV_SUBMIT] = READS, /* and a LOOK says more */
    [SIM_EV_WORK] = WORKS,
    [SIM_EV_COMPLETE] = WRITES,
    [SIM_EV_SETTLE] = WRITES,
    [SIM_EV_CONNECT] = WRITES,
    [SIM_EV_ACCEPT] = WRITES,
    [SIM_EV_SEND] = WRITES,
    [SIM_EV_RECEIVE] = WRITES,
    [SIM_EV_CLOSE] = WRITES,
    [SIM_EV_EXIT] = WRITES,
    [SIM_EV_REAP] = WRITES,
    [SIM_EV_FILE] = WRITES,
    [SIM_EV_PRINT] = PRINTS,
    [SIM_EV_LOOK] = LOOKS,
    [SIM_EV_CLOCK] = WRITES,
};

/* Of these, only the touch and the change count: they start, wake or stop nobody. */
static const bool plain[SIM_EVENT_COUNT] = {
    [SIM_EV_READ] = true,         [SIM_EV_WRITE] = true,      [SIM_EV_ATOMIC_LOAD] = true,
    [SIM_EV_ATOMIC_STORE] = true, [SIM_EV_ATOMIC_RMW] = true, [SIM_EV_TRY] = true,
    [SIM_EV_RELEASE] = true,      [SIM_EV_PRINT] = true,      [SIM_EV_JOIN] = true,
    [SIM_EV_DONE] = true,
};

static const bool accesses[SIM_EVENT_COUNT] = {
    [SIM_EV_READ] = true,    [SIM_EV_WRITE] = true,        [SIM_EV_ATOMIC_LOAD] = true,
    [SIM_EV_RELEASE] = true, [SIM_EV_ATOMIC_STORE] = true, [SIM_EV_ATOMIC_RMW] = true,
    [SIM_EV_ACQUIRE] = true,
};

/* Nothing that is looked at below. */
static const bool ignores[SIM_EVENT_COUNT] = {
    [SIM_EV_CHOICE] = true,
    [SIM_EV_PREEMPT] = true,
    [SIM_EV_FIRE] = true,
    [SIM_EV_END] = true,
};

/* Keep account of who stands before a mutex that is held. */
static void follow_wanting(struct dpor *dpor, const struct sim_event *event)
{
    bool on_thread = !dpor->turns && dpor_is_kind(dpor, event->actor, SIM_OBJ_TASK);
    uint32_t id = on_thread ? registry_object(dpor->registry, event->actor)->parent : event->actor;
    uint32_t actor = identity_of(&dpor->identity, id);

    if (event->kind == SIM_EV_BLOCK && dpor_is_kind(dpor, event->object, SIM_OBJ_MUTEX)) {
        dpor_want(dpor, (struct dpor_wanting){actor, identity_of(&dpor->identity, event->object)});
    } else if (event->kind == SIM_EV_RESUME || event->kind == SIM_EV_ACQUIRE) {
        for (uint32_t i = (uint32_t)dpor->wanting_count; i-- > 0;)
            if (dpor->wanting[i].actor == actor)
                dpor_want_no_more(dpor, i);
    }
}

/* What takes or releases a mutex; an asyncio lock is touched like any other object. */
static enum touch_how touch_of_mutex(const struct dpor *dpor, uint32_t object, unsigned meaning,
                                     uint8_t announced)
{
    if (!dpor_is_kind(dpor, object, SIM_OBJ_MUTEX))
        return TOUCH_WRITE;
    if (meaning == RELEASES)
        return TOUCH_UNLOCK;
    return announced == SIM_EV_TRY ? TOUCH_TRY : TOUCH_LOCK;
}

/* Does a wake-up say more than the touches do?  A deadline wakes by itself; who is woken by a mutex
 * or by the end of a thread touches that next, and may have come too late to be woken. */
static bool wakes(const struct dpor *dpor, const struct sim_event *event)
{
    return (event->time_ns == dpor->frames[dpor->open].until_ns || dpor->has_clock) &&
           !dpor_is_kind(dpor, (uint32_t)event->value, SIM_OBJ_MUTEX) &&
           !dpor_is_kind(dpor, (uint32_t)event->value, SIM_OBJ_THREAD);
}

/* Threads that wait for a mutex, a signal or an end touch nothing: tasks stand in a queue. */
static bool stands_in_queue(const struct dpor *dpor, uint32_t id)
{
    return !dpor_is_kind(dpor, id, SIM_OBJ_MUTEX) && !dpor_is_kind(dpor, id, SIM_OBJ_CONDVAR) &&
           !dpor_is_kind(dpor, id, SIM_OBJ_THREAD);
}

/* Who waits for a future only reads it; else it stands in a queue, in some place. */
static enum touch_how how_it_waits(const struct sim_event *event)
{
    return event->aux == SIM_WAIT_FUTURE ? TOUCH_READ : TOUCH_WRITE;
}

/* A task that was suspended looks, when it goes on, at what it waited for: it leaves the queue, if
 * it was cancelled, or takes what it was given. */
static void follow_waiting(struct dpor *dpor, const struct sim_event *event)
{
    uint32_t actor = identity_of(&dpor->identity, event->actor);

    if (!dpor_is_kind(dpor, event->actor, SIM_OBJ_TASK) || event->object == 0)
        return;
    if (!vec_reserve_zeroed(&dpor->waits, (size_t)actor + 1, &dpor->wait_capacity,
                            sizeof(*dpor->waits))) {
        dpor->sink.out_of_memory = true;
        return;
    }
    dpor_set_wait(
        dpor, actor,
        (struct touch){identity_of(&dpor->identity, event->object), (uint32_t)how_it_waits(event)});
}

/* Beside other threads, what a task or a callback does in one turn is more than one step, and the
 * loop has nobody else's turn in between: as with a mutex, which the first step takes. */
static void take_turn(struct dpor *dpor, uint32_t actor, enum sim_choice_kind kind)
{
    if (!dpor->turns || !dpor->threads)
        return;
    uint32_t turns = dpor_own(dpor, DPOR_OWN_TURNS);

    if (kind == SIM_CHOICE_TASK)
        dpor_touch(dpor, turns, TOUCH_LOCK);
    else if (dpor_is_callbacks(dpor, actor) || dpor->by_task)
        dpor_touch(dpor, turns, TOUCH_UNLOCK);
}

void dpor_begin_step(struct dpor *dpor, bool known, enum sim_choice_kind kind)
{
    uint32_t actor = dpor->frames[dpor->open].print->actor;
    struct touch waited = {0};

    dpor->woke = false;
    dpor->selects = false;
    if (actor < dpor->wait_capacity && dpor->waits[actor].object != 0) {
        waited = dpor->waits[actor];
        dpor_set_wait(dpor, actor, (struct touch){0});
    }
    if (known)
        return;
    dpor_touch(dpor, waited.object, (enum touch_how)waited.how);
    /* Whoever cancels a task changes what it does next. */
    if (kind == SIM_CHOICE_TASK && !dpor_is_callbacks(dpor, actor))
        dpor_touch(dpor, actor, TOUCH_READ);
    take_turn(dpor, actor, kind);
}

void dpor_begin_turn(struct dpor *dpor)
{
    if (dpor->open != DPOR_NONE && dpor->open >= dpor->first_new)
        dpor_touch(dpor, identity_of(&dpor->identity, DPOR_CLOCK), TOUCH_WRITE);
}

static void end(struct dpor *dpor, const struct sim_event *event, uint32_t object)
{
    /* Anybody may look at a task; a thread's end is only waited for. */
    dpor_touch(dpor, object,
               dpor_is_kind(dpor, event->object, SIM_OBJ_THREAD) ? TOUCH_END : TOUCH_WRITE);
    if (event->object != 1 || !dpor_is_kind(dpor, 1, SIM_OBJ_THREAD))
        return;
    dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
    dpor->main_ended = true;
}

/* Whoever is cancelled leaves the queue in which it stands. */
void dpor_cancel(struct dpor *dpor, uint32_t object)
{
    dpor_touch(dpor, object, TOUCH_WRITE);
    if (object < dpor->wait_capacity)
        dpor_touch(dpor, dpor->waits[object].object, TOUCH_WRITE);
}

/* May it wake somebody who spins? */
static void note_change(struct dpor *dpor, const struct sim_event *event)
{
    /* It matters only to what somebody looks at. */
    bool of_task = event->kind == SIM_EV_LOOK && dpor_is_kind(dpor, event->actor, SIM_OBJ_TASK);
    enum spin_change change = spin_see(&dpor->spin, event, of_task);

    if (dpor->idles)
        dpor->news |= change == SPIN_CHANGED;
    else if (change != SPIN_SAME && dpor->open != DPOR_NONE)
        dpor->frames[dpor->open].changed = true;
}

/* From here on there are threads beside those that run a loop.  The turn in which the first one
 * starts is the first that others must wait for. */
static void begin_threads(struct dpor *dpor)
{
    dpor->threads = true;
    dpor->beside = true;
    if (dpor->open == DPOR_NONE || dpor->open < dpor->first_new ||
        !dpor->frames[dpor->open].of_task)
        return;
    take_turn(dpor, dpor->frames[dpor->open].print->actor, SIM_CHOICE_TASK);
    dpor->sink.out_of_memory |= !dpor_split_turn(dpor, &dpor->frames[dpor->open]);
}

/* Are there threads beside those that run a loop? */
static void note_threads(struct dpor *dpor, const struct sim_event *event)
{
    if (event->kind == SIM_EV_RESUME && event->actor == 1)
        dpor->loops = false;
    if (event->kind == SIM_EV_SPAWN && event->object != 1 && !dpor->threads &&
        dpor_is_kind(dpor, event->object, SIM_OBJ_THREAD))
        begin_threads(dpor);
}

/* Does a turn go on that has kept its loop waiting, with no other thread beside it? */
static bool wakes_itself(const struct dpor *dpor, const struct sim_event *event)
{
    return dpor_has_loop_alone(dpor) && dpor->frames[dpor->open].of_task &&
           dpor_is_kind(dpor, event->object, SIM_OBJ_THREAD);
}

static void wake(struct dpor *dpor, const struct sim_event *event, uint32_t object)
{
    if (!wakes(dpor, event) || wakes_itself(dpor, event))
        return;
    dpor_touch(dpor, object, TOUCH_ENABLE);
    dpor->woke = true;
    /* A thread that makes a task ready, as one that adds a call. */
    if (dpor->turns && dpor->threads && !dpor->by_task &&
        dpor_is_kind(dpor, event->object, SIM_OBJ_TASK))
        dpor_touch(dpor, dpor_callbacks(dpor, 0), TOUCH_WRITE);
}

/* That there are tasks, or none any more, matters to a loop that closes. */
static void touch_tasks(struct dpor *dpor, const struct sim_event *event, enum touch_how how)
{
    if (how == TOUCH_WRITE || dpor_is_kind(dpor, event->object, SIM_OBJ_TASK))
        dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_TASKS), how);
}

/* If there are tasks that it cancels, it matters to each what it had done before. */
static void close_loop(struct dpor *dpor, const struct sim_event *event)
{
    if (!dpor_has_loop_alone(dpor) || event->value > 0)
        dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
    else
        touch_tasks(dpor, event, TOUCH_WRITE);
}

/* Nobody else looks at what was printed; but if all comes to an end before, it is not. */
static void print(struct dpor *dpor)
{
    dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_OUTPUT), TOUCH_READ);
}

/* What does the open step touch by this? */
static void follow(struct dpor *dpor, const struct sim_event *event, unsigned meaning)
{
    uint32_t object = identity_of(&dpor->identity, event->object);

    switch (meaning) {
    case READS:
        dpor_touch(dpor, object, TOUCH_READ);
        break;
    case TAKES:
    case RELEASES:
        dpor_touch(dpor, object,
                   touch_of_mutex(dpor, event->object, meaning, dpor->frames[dpor->open].op));
        break;
    case ENABLES:
        dpor_touch(dpor, object, TOUCH_ENABLE);
        touch_tasks(dpor, event, TOUCH_READ);
        break;
    case WAKES:
        wake(dpor, event, object);
        break;
    case ENDS:
        end(dpor, event, object);
        touch_tasks(dpor, event, TOUCH_READ);
        break;
    case JOINS:
        dpor_touch(dpor, object, event->aux != 0 ? TOUCH_READ : TOUCH_JOIN);
        break;
    case WAITS:
        if (stands_in_queue(dpor, event->object))
            dpor_touch(dpor, object, how_it_waits(event));
        break;
    case WORKS: /* the pool is looked at before */
        dpor_touch(dpor, identity_of(&dpor->identity, (uint32_t)event->value), TOUCH_WRITE);
        break;
    case PRINTS:
        print(dpor);
        break;
    case CANCELS:
        dpor_cancel(dpor, object);
        break;
    case LOOKS:
        dpor_look(dpor, event, object);
        break;
    case STOPS:
        dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
        break;
    case CLOSES:
        close_loop(dpor, event);
        break;
    default:
        dpor_touch(dpor, object, TOUCH_WRITE);
        break;
    }
}

/* May time pass in the turn of a task or a callback, beside threads?  There a turn is many steps,
 * and who is ready meanwhile is not known here. */
static bool blocks_loop(const struct dpor *dpor, const struct sim_event *event)
{
    bool blocks = (event->kind == SIM_EV_BLOCK && !stands_in_queue(dpor, event->object)) ||
                  (event->kind == SIM_EV_SUSPEND &&
                   (event->aux == SIM_WAIT_BLOCKING || event->aux == SIM_WAIT_COMPUTE));

    return blocks && dpor->turns && dpor->threads && dpor->open != DPOR_NONE &&
           (dpor_is_kind(dpor, event->actor, SIM_OBJ_TASK) || dpor->by_task ||
            dpor->frames[dpor->open].of_task);
}

static void see(struct dpor *dpor, const struct sim_event *event)
{
    unsigned meaning = meanings[event->kind];

    /* Whoever goes on has touched nothing yet. */
    if (event->kind == SIM_EV_RESUME && !dpor->loops && dpor->wanting_count == 0)
        return;
    note_change(dpor, event);
    if (!plain[event->kind]) {
        if (event->kind == SIM_EV_BLOCK || dpor->wanting_count > 0)
            follow_wanting(dpor, event);
        note_threads(dpor, event);
        if (blocks_loop(dpor, event))
            dpor_block_loop(dpor);
        if (meaning == WAITS)
            follow_waiting(dpor, event);
    }
    if (meaning != NOTHING && dpor->open != DPOR_NONE && dpor->open >= dpor->first_new &&
        !dpor->idles)
        follow(dpor, event, meaning);
}

/* What is in the registry now. */
static void learn_all(struct dpor *dpor, uint32_t count)
{
    uint32_t known = dpor->identity.known;

    if (!vec_reserve_zeroed(&dpor->kinds, (size_t)count + 1, &dpor->kind_capacity,
                            sizeof(*dpor->kinds))) {
        dpor->sink.out_of_memory = true;
        return;
    }
    for (uint32_t id = known + 1; id <= count; id++) {
        dpor->kinds[id] = (uint8_t)registry_object(dpor->registry, id)->kind;
        dpor->tasks |= dpor->kinds[id] == SIM_OBJ_TASK;
    }
    identity_learn(&dpor->identity, count,
                   dpor->open == DPOR_NONE ? 1 : dpor->frames[dpor->open].print->actor);
    if (known < DPOR_CLOCK && count >= DPOR_CLOCK)
        dpor->has_clock = dpor_is_kind(dpor, DPOR_CLOCK, SIM_OBJ_CLOCK);
}

void dpor_learn(struct dpor *dpor)
{
    uint32_t count = registry_count(dpor->registry);

    if (count != dpor->identity.known)
        learn_all(dpor, count);
}

static void begin_events(struct sink *sink, const struct registry *registry)
{
    struct dpor *dpor = container_of(sink, struct dpor, sink);

    dpor->registry = registry;
}

/* An access to a variable or a mutex, which is most of what happens: as see, of a step that is new.
 */
static inline void see_access(struct dpor *dpor, struct dpor_frame *frame,
                              const struct sim_event *event)
{
    unsigned meaning = meanings[event->kind];
    enum touch_how how = meaning == READS ? TOUCH_READ
                         : meaning == WRITES
                             ? TOUCH_WRITE
                             : touch_of_mutex(dpor, event->object, meaning, frame->op);
    struct touch touch = {identity_of(&dpor->identity, event->object), (uint32_t)how};

    frame->changed |= spin_see_access(&dpor->spin, event) != SPIN_SAME;
    if (!footprint_add(&dpor->prints, &frame->print, touch))
        dpor->sink.out_of_memory = true;
}

/* The same of what is news to everybody, and no access. */
static inline void see_news(struct dpor *dpor, struct dpor_frame *frame,
                            const struct sim_event *event)
{
    frame->changed = true;
    spin_see_news(&dpor->spin, event->actor);
    if (event->kind == SIM_EV_PRINT)
        print(dpor);
    else
        dpor_touch(dpor, identity_of(&dpor->identity, event->object),
                   event->kind == SIM_EV_JOIN ? TOUCH_JOIN : TOUCH_END);
}

/* Is it an access?  But whoever takes a mutex may be one of those who stood before it. */
static inline bool is_access(const struct dpor *dpor, uint8_t kind)
{
    return accesses[kind] && (kind != SIM_EV_ACQUIRE || dpor->wanting_count == 0);
}

/* Has a thread written something, ended, or waited for the end of another?  The first one's end is
 * more than that. */
static inline bool is_news(const struct dpor *dpor, const struct sim_event *event)
{
    return event->kind == SIM_EV_PRINT || (event->kind == SIM_EV_JOIN && event->aux == 0) ||
           (event->kind == SIM_EV_DONE && event->object != FIRST_THREAD &&
            dpor_is_kind(dpor, event->object, SIM_OBJ_THREAD));
}

/* All of them are of one step: it is told of them before the next. */
static void events(struct sink *sink, const struct sim_event *at, size_t count)
{
    struct dpor *dpor = container_of(sink, struct dpor, sink);

    if (dpor->skips)
        return;
    dpor_see_passes(dpor);
    dpor_learn(dpor);
    bool is_new = dpor->open != DPOR_NONE && dpor->open >= dpor->first_new && !dpor->idles;

    for (const struct sim_event *event = at; event < at + count; event++) {
        if (is_new && is_access(dpor, event->kind))
            see_access(dpor, &dpor->frames[dpor->open], event);
        else if (is_new && is_news(dpor, event))
            see_news(dpor, &dpor->frames[dpor->open], event);
        else
            see(dpor, event);
    }
}

static void event(struct sink *sink, const struct sim_event *event)
{
    events(sink, event, 1);
}

void dpor_sink_init(struct dpor *dpor)
{
    dpor->sink = (struct sink){.begin = begin_events,
                               .event = event,
                               .events = events,
                               .ignores = ignores,
                               .wordless = true};
}

struct footprint *dpor_deadline(struct dpor *dpor, uint32_t object)
{
    uint32_t clock = identity_of(&dpor->identity, DPOR_CLOCK);
    struct footprint *print = footprint_new(&dpor->prints, clock);

    if (object == 0)
        object = TOUCH_ALL;
    if (print != NULL)
        print->partial = object == TOUCH_ALL && dpor_has_loop_alone(dpor);
    if (print == NULL ||
        (footprint_add(&dpor->prints, &print, (struct touch){clock, TOUCH_WRITE}) &&
         footprint_add(&dpor->prints, &print, (struct touch){object, TOUCH_WRITE})))
        return print;
    footprint_drop(&dpor->prints, print);
    return NULL;
}

struct footprint *dpor_announced(struct dpor *dpor, const struct sim_option *option)
{
    uint32_t object = identity_of(&dpor->identity, option->object);

    if (option->op == SIM_EV_CLOCK)
        return dpor_deadline(dpor, object);
    struct footprint *print = footprint_new(&dpor->prints, dpor_actor(dpor, option));
    unsigned meaning = meanings[option->op];
    enum touch_how how = meaning == READS      ? TOUCH_READ
                         : meaning == TAKES    ? touch_of_mutex(dpor, option->object, meaning, 0)
                         : meaning == RELEASES ? touch_of_mutex(dpor, option->object, meaning, 0)
                         : meaning == JOINS    ? TOUCH_JOIN
                                               : TOUCH_WRITE;

    if (print == NULL || object == 0 || meaning == NOTHING || meaning == ENABLES)
        return print;
    if (footprint_add(&dpor->prints, &print, (struct touch){object, (uint32_t)how}))
        return print;
    footprint_drop(&dpor->prints, print);
    return NULL;
}
