#include "sim/policy/surw.h"

#include <stdlib.h>

#include "sim/base/list.h"
#include "sim/base/vec.h"
#include "sim/policy/priorities.h"
#include "sim/trace/reader.h"

/* What comes later in the first execution is not counted. */
enum { ACCESSES_MAX = 1 << 20, ACTORS_MAX = 1 << 22 };

struct surw_access {
    uint32_t object; /* 0: none */
    uint32_t actor;
};

struct surw_actor {
    uint64_t left;  /* interesting operations, with those of all that it has yet to start */
    uint64_t total; /* the same at its start */
    uint32_t parent;
    bool born;
    bool preempted; /* it stands before an operation that is counted when it happens */
};

static struct surw_actor *actor_at(struct policy_surw *surw, uint32_t id)
{
    if (!vec_reserve_zeroed(&surw->actors, (size_t)id + 1, &surw->actor_capacity,
                            sizeof(*surw->actors))) {
        surw->sink.out_of_memory = true;
        return NULL;
    }
    if (id >= surw->actor_count)
        surw->actor_count = (size_t)id + 1;
    return &surw->actors[id];
}

/* ---- What the first execution did. ---- */

static int by_object(const void *a, const void *b)
{
    const struct surw_access *x = a;
    const struct surw_access *y = b;

    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    return x->actor < y->actor ? -1 : x->actor > y->actor;
}

static void add_shared(struct policy_surw *surw, uint32_t object)
{
    if (surw->shared_count > 0 && surw->shared[surw->shared_count - 1] == object)
        return;
    if (!vec_reserve(&surw->shared, surw->shared_count + 1, &surw->shared_capacity,
                     sizeof(*surw->shared))) {
        surw->sink.out_of_memory = true;
        return;
    }
    surw->shared[surw->shared_count++] = object;
}

static void sum_up(struct policy_surw *surw)
{
    surw->ready = true;
    if (surw->access_count == 0)
        return;
    qsort(surw->access, surw->access_count, sizeof(*surw->access), by_object);
    for (size_t i = 1; i < surw->access_count; i++) {
        const struct surw_access *last = &surw->access[i - 1];
        const struct surw_access *this = &surw->access[i];

        if (this->object != 0 && this->object == last->object && this->actor != last->actor)
            add_shared(surw, this->object);
    }
}

/* Count what each actor will do, children (whose ids are higher) with their parents. */
static void count_ahead(struct policy_surw *surw)
{
    for (size_t i = 0; i < surw->actor_count; i++) {
        surw->actors[i].total = 0;
        surw->actors[i].born = false;
        surw->actors[i].preempted = false;
    }
    for (size_t i = 0; i < surw->access_count; i++) {
        const struct surw_access *access = &surw->access[i];

        if (surw->object == 0 || access->object == surw->object)
            surw->actors[access->actor].total++;
    }
    for (size_t i = surw->actor_count; i-- > 1;) {
        struct surw_actor *actor = &surw->actors[i];

        if (actor->parent < i && actor->parent != 0)
            surw->actors[actor->parent].total += actor->total;
        actor->left = actor->total;
    }
    if (surw->actor_count > 0)
        surw->actors[0].left = surw->actors[0].total;
}

static void begin(struct policy *policy)
{
    struct policy_surw *surw = (struct policy_surw *)policy;

    surw->sink.out_of_memory = false;
    surw->number = surw->execution++;
    priorities_seed(&surw->prng, surw->seed, surw->number);
    surw->drawn = false;
    surw->object = 0;
    if (surw->number < SURW_PROFILE)
        return;
    if (!surw->ready)
        sum_up(surw);
    if (surw->shared_count > 0)
        surw->object = surw->shared[prng_below(&surw->prng, (uint32_t)surw->shared_count)];
    count_ahead(surw);
}

/* ---- What happens. ---- */

/* Is this event the operation before which an actor stood when others could go first? */
static bool is_operation(const struct sim_event *event, const struct surw_actor *actor)
{
    switch (event->kind) {
    case SIM_EV_RESUME:
        return !actor->preempted;
    case SIM_EV_ACQUIRE:
    case SIM_EV_RELEASE:
    case SIM_EV_COND_WAIT:
    case SIM_EV_NOTIFY:
    case SIM_EV_READ:
    case SIM_EV_WRITE:
    case SIM_EV_ATOMIC_LOAD:
    case SIM_EV_ATOMIC_STORE:
    case SIM_EV_ATOMIC_RMW:
    case SIM_EV_SUBMIT:
    case SIM_EV_WORK:
    case SIM_EV_COMPLETE:
    case SIM_EV_SETTLE:
    case SIM_EV_SEND:
    case SIM_EV_RECEIVE:
    case SIM_EV_FILE:
        return true;
    default:
        return false;
    }
}

/* What a thread has yet to do is its own from now on. */
static void start_child(struct policy_surw *surw, uint32_t parent, uint32_t child)
{
    struct surw_actor *new = actor_at(surw, child);

    if (new == NULL)
        return;
    new->born = true;
    if (surw->number < SURW_PROFILE) {
        new->parent = child < ACTORS_MAX ? parent : 0;
        return;
    }
    struct surw_actor *old = &surw->actors[parent];
    uint64_t before = old->left;

    old->left -= new->total < before ? new->total : before;
    /* Who comes next may have been drawn for the child's sake. */
    if (surw->drawn && surw->intended == parent && before > 0 &&
        prng_next(&surw->prng) % before >= old->left)
        surw->intended = child;
}

static void record(struct policy_surw *surw, const struct sim_event *event)
{
    if (surw->access_count == ACCESSES_MAX || event->actor >= ACTORS_MAX)
        return;
    if (!vec_reserve(&surw->access, surw->access_count + 1, &surw->access_capacity,
                     sizeof(*surw->access))) {
        surw->sink.out_of_memory = true;
        return;
    }
    surw->access[surw->access_count++] = (struct surw_access){event->object, event->actor};
}

static void on_event(struct sink *sink, const struct sim_event *event)
{
    struct policy_surw *surw = container_of(sink, struct policy_surw, sink);
    struct surw_actor *actor = actor_at(surw, event->actor);

    if (actor == NULL)
        return;
    actor->born = true;
    if (event->kind == SIM_EV_SPAWN) {
        start_child(surw, event->actor, event->object);
        return;
    }
    bool operation = is_operation(event, actor);

    if (event->kind == SIM_EV_PREEMPT || event->kind == SIM_EV_RESUME)
        actor->preempted = event->kind == SIM_EV_PREEMPT;
    if (event->kind == SIM_EV_DONE)
        actor->left = 0;
    if (operation && surw->number < SURW_PROFILE)
        record(surw, event);
    if (!operation || surw->number < SURW_PROFILE)
        return;
    if (surw->object != 0 && event->object != surw->object)
        return;
    actor->left -= actor->left > 0;
    surw->drawn = false;
}

/* ---- Who goes next. ---- */

/* In proportion to what is left, of options or (options NULL) of all actors that are there; at
 * least 1 for each of the options.  Returns an index into them, or an id. */
static uint32_t draw(struct policy_surw *surw, const struct sim_choice *choice)
{
    size_t count = choice == NULL ? surw->actor_count : choice->count;
    uint64_t sum = 0;
    uint32_t taken = 0;

    for (size_t i = 0; i < count; i++) {
        const struct surw_actor *actor =
            &surw->actors[choice == NULL ? i : choice->options[i].actor];
        uint64_t weight = actor->born ? actor->left : 0;

        if (choice != NULL && weight == 0)
            weight = 1;
        sum += weight;
        /* Each takes the place of those before it with its share of the sum so far. */
        if (weight > 0 && prng_next(&surw->prng) % sum < weight)
            taken = (uint32_t)i;
    }
    return taken;
}

static bool waits(const struct policy_surw *surw, const struct sim_option *option)
{
    return option->object == surw->object && option->op != SIM_EV_RESUME &&
           option->actor != surw->intended;
}

static uint32_t selectively(struct policy_surw *surw, const struct sim_choice *choice)
{
    uint32_t free_to_go = 0;
    uint32_t taken = 0;

    if (!surw->drawn) {
        surw->intended = draw(surw, NULL);
        surw->drawn = true;
    }
    for (uint32_t i = 0; i < choice->count; i++)
        if (!waits(surw, &choice->options[i]) && prng_below(&surw->prng, ++free_to_go) == 0)
            taken = i;
    if (free_to_go > 0)
        return taken;
    /* Whoever was drawn is blocked, or ended early. */
    taken = draw(surw, choice);
    surw->intended = choice->options[taken].actor;
    return taken;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_surw *surw = (struct policy_surw *)policy;

    for (uint32_t i = 0; i < choice->count; i++)
        if (actor_at(surw, choice->options[i].actor) == NULL)
            return SIM_NO_MEMORY;
    if (surw->sink.out_of_memory)
        return SIM_NO_MEMORY;
    if (surw->number < SURW_PROFILE)
        return 0;
    if (sim_choice_is_number(choice->kind))
        return prng_below(&surw->prng, choice->count);
    for (uint32_t i = 0; i < choice->count; i++)
        surw->actors[choice->options[i].actor].born = true;
    return surw->object == 0 ? draw(surw, choice) : selectively(surw, choice);
}

void policy_surw_init(struct policy_surw *surw, uint64_t seed)
{
    *surw = (struct policy_surw){
        .policy = {.begin = begin, .choose = choose}, .sink = {.event = on_event}, .seed = seed};
}

void policy_surw_free(struct policy_surw *surw)
{
    free(surw->access);
    free(surw->shared);
    free(surw->actors);
    policy_surw_init(surw, surw->seed);
}

/* ---- Between runs. ---- */

/* Accesses of the same actor to the same object stand together once they are summed up. */
static size_t alike(const struct policy_surw *surw, size_t from)
{
    size_t end = from + 1;

    while (end < surw->access_count && by_object(&surw->access[from], &surw->access[end]) == 0)
        end++;
    return end;
}

void policy_surw_save(struct policy_surw *surw, FILE *out)
{
    size_t uses = 0;
    size_t children = 0;

    if (surw->access_count > 0 && !surw->ready)
        sum_up(surw);
    for (size_t i = 0; i < surw->access_count; i = alike(surw, i))
        uses++;
    for (size_t i = 0; i < surw->actor_count; i++)
        children += surw->actors[i].parent != 0;
    (void)fprintf(out, "uses %zu\n", uses);
    for (size_t i = 0; i < surw->access_count; i = alike(surw, i))
        (void)fprintf(out, "u %u %u %zu\n", surw->access[i].object, surw->access[i].actor,
                      alike(surw, i) - i);
    (void)fprintf(out, "children %zu\n", children);
    for (size_t i = 0; i < surw->actor_count; i++)
        if (surw->actors[i].parent != 0)
            (void)fprintf(out, "p %zu %u\n", i, surw->actors[i].parent);
}

static bool load_use(struct policy_surw *surw, struct reader *in)
{
    struct surw_access access = {0};
    uint32_t times = 0;

    if (!reader_key(in, "u") || !reader_u32(in, UINT32_MAX, &access.object) ||
        !reader_u32(in, ACTORS_MAX - 1, &access.actor) ||
        !reader_u32(in, ACCESSES_MAX - (uint32_t)surw->access_count, &times) || !reader_end(in))
        return false;
    if (actor_at(surw, access.actor) == NULL ||
        !vec_reserve(&surw->access, surw->access_count + times, &surw->access_capacity,
                     sizeof(*surw->access)))
        return reader_fail(in, "out of memory");
    while (times-- > 0)
        surw->access[surw->access_count++] = access;
    return true;
}

static bool load_child(struct policy_surw *surw, struct reader *in)
{
    uint32_t child = 0;
    uint32_t parent = 0;

    if (!reader_key(in, "p") || !reader_u32(in, ACTORS_MAX - 1, &child) ||
        !reader_u32(in, ACTORS_MAX - 1, &parent) || !reader_end(in))
        return false;
    if (actor_at(surw, child) == NULL || actor_at(surw, parent) == NULL)
        return reader_fail(in, "out of memory");
    surw->actors[child].parent = parent;
    return true;
}

bool policy_surw_load(struct policy_surw *surw, struct reader *in)
{
    uint32_t uses = 0;
    uint32_t children = 0;

    if (!reader_key(in, "uses") || !reader_u32(in, ACCESSES_MAX, &uses) || !reader_end(in))
        return false;
    while (uses-- > 0)
        if (!load_use(surw, in))
            return false;
    if (!reader_key(in, "children") || !reader_u32(in, ACTORS_MAX, &children) || !reader_end(in))
        return false;
    while (children-- > 0)
        if (!load_child(surw, in))
            return false;
    return true;
}
