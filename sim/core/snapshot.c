#include "sim/core/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/fiber_pool.h"
#include "sim/core/lines.h"
#include "sim/core/state.h"

#ifdef PICKGLASS_VALGRIND
#include <valgrind/memcheck.h>
#endif

/* In place of the number of a snapshot. */
#define NEWEST SIZE_MAX
#define NO_SNAPSHOT (SIZE_MAX - 1)

/* Limits: of snapshots, of lines in one, and of stacks in the pool. */
enum { SNAPSHOTS_MAX = 512, LINES_MAX = 1024, STACKS_MAX = 64 };

/* A snapshot is not taken of a stack that has not so much room left. */
enum { STACK_ROOM = 1024 };

/* To save costs as much as some choices that are run again, the more the larger it is; and of a
 * tree in which every nth choice is saved, one nth is.  So n grows with the root of the size. */
enum { SPACED_BYTES = 768 };

/* The sanitizer's shadow of a stack is not saved, nor are the registers of a ucontext. */
#if FIBER_ASAN || defined(FIBER_UCONTEXT)
enum { CAN_SAVE = false };
#else
enum { CAN_SAVE = true };
#endif

/* What a function that calls no other may keep below its stack pointer, unless it was told not to.
 */
#if defined(__x86_64__) && !defined(PICKGLASS_NO_RED_ZONE)
enum { RED_ZONE = 128 };
#else
enum { RED_ZONE = 0 };
#endif

struct snapshot {
    size_t place;
    size_t next_place; /* the first behind it that is worth saving */
    int note;
    const struct policy *asked;
    /* What cannot be put back if it stands elsewhere, or is longer, now. */
    const struct summary *summary;
    struct sim_thread **threads;
    struct timer **heap;
    size_t stacks;
    /* Of the simulation, beside its first line. */
    uint64_t enabled;
    char *cursor; /* of the arena */
    size_t choices;
    uint32_t first[SNAPSHOT_CHOICES]; /* of them */
    uint32_t thread_count;
    uint32_t object_count;
    size_t sleeps;
    size_t unused_count; /* of the pool */
    size_t untouched;
    struct lines lines;
    size_t other_count; /* of them, that are of no stacks: they come first */
};

/* Invariant: places grow; behind the first count stand some whose memory can be used again. */
struct snapshots {
    struct sim *sim;
    struct snapshot *at[SNAPSHOTS_MAX]; /* owned; NULL: not made yet */
    size_t count;
    size_t next_place; /* the first that is worth saving */
    size_t place;      /* of the one that is to be taken, or from which the run went on */
    int note;          /* the same */
    size_t from;       /* number of that from which the next run goes on, if it is not the newest */
    bool wide;         /* see lines_can_be_wide */
    bool watched;      /* by Valgrind */
};

struct snapshots *snapshots_new(struct sim *sim)
{
    struct schedule *schedule = &sim->schedule;
    struct snapshots *all = NULL;

    SIM_ASSERT(sim->snapshots == NULL);
    /* The first choices are copied, whether or not there are so many. */
    if (vec_reserve(&schedule->choices, SNAPSHOT_CHOICES, &schedule->capacity,
                    sizeof(*schedule->choices)))
        all = calloc(1, sizeof(*all));
    sim->snapshots = all;
    if (all == NULL)
        return NULL;
    memset(schedule->choices, 0, SNAPSHOT_CHOICES * sizeof(*schedule->choices));
    all->sim = sim;
#ifdef PICKGLASS_VALGRIND
    all->watched = RUNNING_ON_VALGRIND != 0;
#endif
    all->from = NEWEST;
    all->wide = lines_can_be_wide();
    return all;
}

void snapshots_free(struct snapshots *all)
{
    for (size_t i = 0; all != NULL && i < SNAPSHOTS_MAX && all->at[i] != NULL; i++) {
        lines_free(&all->at[i]->lines);
        free(all->at[i]);
    }
    free(all);
}

void snapshots_drop(struct snapshots *all, size_t place)
{
    while (all != NULL && all->count > 0 && all->at[all->count - 1]->place >= place)
        all->count--;
    if (all == NULL)
        return;
    all->from = NEWEST;
    all->next_place = all->count == 0 ? 0 : all->at[all->count - 1]->next_place;
}

/* ---- Is there nothing but what a snapshot holds? ---- */

/* A summary is kept, and no sink is told of anything, or not as long as answers are known. */
static bool is_silent(const struct sim *sim)
{
    return sim->plain && sim->mute && (sim->only == NULL || sim->answers != NULL);
}

/* No object has memory of its own. */
static bool is_simple(const struct sim *sim)
{
    const void *others =
        (const void *)((uintptr_t)sim->loops | (uintptr_t)sim->properties | (uintptr_t)sim->gils |
                       (uintptr_t)sim->network | (uintptr_t)sim->machine | (uintptr_t)sim->at_exit |
                       (uintptr_t)sim->close_generators);
    uint32_t odd = sim->rescue | sim->rescue_next | sim->usual_max_steps | sim->clock |
                   (uint32_t)(sim->alarms.count != 0);

    return others == NULL && odd == 0 && !(sim->gil_enabled | sim->priorities | sim->by_time) &&
           list_empty(&sim->protocols);
}

/* There is not much. */
static bool is_small(const struct sim *sim)
{
    return sim->thread_count <= SUMMARY_THREADS && sim->object_count + 1 < SUMMARY_IDS &&
           sim->sleeps.count <= SUMMARY_THREADS && sim->fibers->stacks <= STACKS_MAX;
}

bool snapshots_want(struct snapshots *all, size_t place, int note)
{
    const struct sim *sim = all->sim;

    if (!CAN_SAVE || place < all->next_place || !is_silent(sim) || !is_simple(sim) ||
        !is_small(sim))
        return false;
    all->next_place = place + 1;
    all->place = place;
    all->note = note;
    return true;
}

/* Not inline: its caller's frame is what is saved. */
__attribute__((noinline)) void snapshots_stop(struct snapshots *all)
{
    struct sim *sim = all->sim;

    sim->saves = true;
    fiber_switch(sim->running->fiber, &sim->host);
}

void snapshots_take(struct snapshots *all, size_t place)
{
    if (snapshots_want(all, place, 0))
        snapshots_stop(all);
}

size_t snapshots_count(const struct snapshots *all)
{
    return all->count;
}

size_t snapshots_size(const struct snapshots *all)
{
    size_t lines = 0;

    for (size_t i = 0; i < all->count; i++)
        lines += all->at[i]->lines.count;
    return lines * LINE;
}

bool snapshots_from(struct snapshots *all, size_t number, size_t place)
{
    bool there = number < all->count && all->at[number]->place == place;

    all->from = number;
    if (!there)
        snapshots_drop(all, 0);
    return there;
}

void snapshots_skip(struct snapshots *all)
{
    all->from = NO_SNAPSHOT;
}

size_t snapshots_place(const struct snapshots *all)
{
    return all->place;
}

int snapshots_note(const struct snapshots *all)
{
    return all->note;
}

/* ---- Save. ---- */

/* Whose capacity is a number of lines. */
static inline bool add_array(struct lines *lines, void *array, size_t size)
{
    char *from = array;

    return size == 0 || lines_add(lines, from, from + ((size + LINE - 1) & ~(size_t)(LINE - 1)));
}

/* Returns false, too, if somebody stands too near to the end of his stack, or on one that is no
 * thread's. */
static inline bool add_stacks(struct lines *lines, const struct sim *sim)
{
    const struct fiber_pool *pool = sim->fibers;
    size_t others = pool->stacks - pool->unused_count;

    for (uint32_t i = 0; i < sim->thread_count; i++) {
        struct fiber *fiber = sim->threads[i]->fiber;

        if (fiber == NULL)
            continue;
        others--;
        char *from = (char *)fiber->sp - RED_ZONE;

        from -= (uintptr_t)from & (LINE - 1);
        if (from < fiber->low + STACK_ROOM || !lines_add(lines, from, fiber + 1))
            return false;
    }
    return others == 0;
}

_Static_assert(offsetof(struct sim, max_steps) == LINE, "a line is put back as a whole");

_Static_assert(offsetof(struct summary, ids) == LINE, "all else is in its first line");

/* Do its pieces still lie where they did? */
static bool fits(const struct snapshot *snapshot, const struct sim *sim)
{
    return snapshot->summary == sim->summary && snapshot->threads == sim->threads &&
           snapshot->heap == sim->sleeps.heap && snapshot->stacks == sim->fibers->stacks;
}

/* What is of no stacks.  Returns false if that cannot be put back. */
static bool add_others(struct lines *lines, struct sim *sim)
{
    const struct fiber_pool *pool = sim->fibers;
    struct summary *summary = sim->summary;
    char *arena = arena_only_chunk(&sim->arena);

    lines->count = 0;
    return arena != NULL && sim->arena.cursor - arena >= LINE &&
           lines_add(lines, sim, (char *)sim + LINE) &&
           lines_add(lines, summary, (char *)summary + LINE) &&
           lines_add(lines, &summary->ids[1], &summary->ids[sim->object_count + 1]) &&
           lines_add(lines, arena, sim->arena.cursor) &&
           add_array(lines, sim->threads, sim->thread_count * sizeof(struct sim_thread *)) &&
           add_array(lines, sim->sleeps.heap, sim->sleeps.count * sizeof(struct timer *)) &&
           add_array(lines, pool->unused, pool->unused_count * sizeof(uint32_t));
}

/* Is that the same memory as where this one was taken? */
static bool has_same_others(const struct snapshot *last, const struct sim *sim)
{
    return fits(last, sim) && last->cursor == sim->arena.cursor &&
           last->sleeps == sim->sleeps.count && last->unused_count == sim->fibers->unused_count &&
           last->thread_count == sim->thread_count && last->object_count == sim->object_count;
}

/* All that is to be put back; much as in the last one, if there is one.  Returns false if that
 * cannot be. */
static bool add_memory(struct snapshot *snapshot, const struct snapshot *last, struct sim *sim)
{
    struct lines *lines = &snapshot->lines;

    if (last != NULL && has_same_others(last, sim)) {
        if (!lines_copy(lines, &last->lines, last->other_count))
            return false;
    } else if (!add_others(lines, sim)) {
        return false;
    }
    snapshot->other_count = lines->count;
    return add_stacks(lines, sim) && lines->count <= LINES_MAX;
}

static void save_words(struct snapshot *snapshot, const struct sim *sim)
{
    snapshot->asked = sim->summary_asks;
    snapshot->summary = sim->summary;
    snapshot->threads = sim->threads;
    snapshot->heap = sim->sleeps.heap;
    snapshot->stacks = sim->fibers->stacks;
    snapshot->enabled = sim->enabled.words[0];
    snapshot->cursor = sim->arena.cursor;
    snapshot->choices = sim->schedule.count;
    memcpy(snapshot->first, sim->schedule.choices, sizeof(snapshot->first));
    snapshot->thread_count = sim->thread_count;
    snapshot->object_count = sim->object_count;
    snapshot->sleeps = sim->sleeps.count;
    snapshot->unused_count = sim->fibers->unused_count;
    snapshot->untouched = sim->fibers->untouched;
}

/* Every other one, of which the newest is one: those that are gone cost runs that are longer. */
static void thin(struct snapshots *all)
{
    size_t kept = 0;

    for (size_t i = 1; i < all->count; i += 2) {
        struct snapshot *snapshot = all->at[i];

        all->at[i] = all->at[kept];
        all->at[kept++] = snapshot;
    }
    all->count = kept;
}

/* Room for the next; NULL when out of memory. */
static struct snapshot *next(struct snapshots *all)
{
    if (all->count == SNAPSHOTS_MAX)
        thin(all);
    if (all->at[all->count] == NULL)
        all->at[all->count] = calloc(1, sizeof(struct snapshot));
    return all->at[all->count];
}

/* So many choices on, the next is worth saving. */
static size_t spacing(size_t size)
{
    size_t spacing = 1;

    while (SPACED_BYTES * spacing * spacing < size)
        spacing++;
    return spacing;
}

void snapshots_save(struct sim *sim)
{
    struct snapshots *all = sim->snapshots;
    struct snapshot *snapshot = next(all);

    sim->saves = false;
    const struct snapshot *last = all->count == 0 ? NULL : all->at[all->count - 1];

    if (snapshot == NULL || !add_memory(snapshot, last, sim) ||
        !lines_save(&snapshot->lines, all->wide))
        return;
    save_words(snapshot, sim);
    snapshot->place = all->place;
    snapshot->note = all->note;
    snapshot->next_place = all->place + spacing(snapshot->lines.count * LINE);
    all->next_place = snapshot->next_place;
    all->count++;
}

/* ---- Restore. ---- */

static void restore_words(const struct snapshot *snapshot, struct sim *sim)
{
    sim->enabled.words[0] = snapshot->enabled;
    sim->arena.cursor = snapshot->cursor;
    sim->schedule.count = snapshot->choices;
    sim->sleeps.count = snapshot->sleeps;
    sim->fibers->unused_count = snapshot->unused_count;
    sim->fibers->untouched = snapshot->untouched;
    /* Known only at the end of a run. */
    sim->fibers->overrun = NULL;
    sim->result = sim_none();
}

/* Of the run that was saved, which need not be those of the last one. */
static inline void restore_choices(const struct snapshot *snapshot, struct sim *sim)
{
    SIM_ASSERT(snapshot->choices <= SNAPSHOT_CHOICES);
    memcpy(sim->schedule.choices, snapshot->first, sizeof(snapshot->first));
}

/* As Valgrind sees it, whoever stood on a stack has left it.  It wants a red zone, used or not. */
static void allow_stacks(const struct snapshot *snapshot)
{
#ifdef PICKGLASS_VALGRIND
    enum { ZONE = 128 };

    for (size_t i = snapshot->other_count; i < snapshot->lines.count; i++)
        (void)VALGRIND_MAKE_MEM_UNDEFINED(snapshot->lines.at[i] - ZONE, LINE + ZONE);
#else
    (void)snapshot;
#endif
}

bool snapshots_ready(const struct sim *sim)
{
    const struct snapshots *all = sim->snapshots;

    return all->count > 0 && sim->summary == sim->summary_next && sim->policy != NULL &&
           sim->policy->answers == NULL && is_silent(sim) && is_simple(sim) &&
           sim->arena.current == sim->arena.first;
}

/* There is none that fits. */
static bool begin_at_the_beginning(struct snapshots *all)
{
    all->place = 0;
    all->note = 0;
    return false;
}

bool snapshots_restore(struct sim *sim)
{
    return is_silent(sim) ? snapshots_go_on(sim) : begin_at_the_beginning(sim->snapshots);
}

bool snapshots_go_on(struct sim *sim)
{
    struct snapshots *all = sim->snapshots;

    if (all->count == 0 || all->from == NO_SNAPSHOT)
        return begin_at_the_beginning(all);
    const struct snapshot *snapshot = all->at[all->from < all->count ? all->from : all->count - 1];

    if (snapshot->asked != sim->summary_asks || !fits(snapshot, sim)) {
        snapshots_drop(all, 0);
        return begin_at_the_beginning(all);
    }
    if (__builtin_expect(all->watched, 0))
        allow_stacks(snapshot);
    lines_restore(&snapshot->lines, all->wide);
    restore_words(snapshot, sim);
    if (all->from != NEWEST)
        restore_choices(snapshot, sim);
    all->from = NEWEST;
    all->place = snapshot->place;
    all->note = snapshot->note;
    return true;
}
