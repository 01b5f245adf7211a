#include "sim/core/choose.h"

#include <stdlib.h>

#include "sim/core/snapshot.h"
#include "sim/core/task_state.h"

struct sim_option *sim_options(struct sim *sim, size_t count)
{
    if (count > sim->option_capacity) {
        size_t capacity = count < 16 ? 16 : 2 * count;
        struct sim_option *options = realloc(sim->options, capacity * sizeof(*options));

        if (options == NULL)
            sim_out_of_memory(sim);
        sim->options = options;
        sim->option_capacity = capacity;
    }
    return sim->options;
}

/* Who takes a step when the thread goes on. */
static inline uint32_t actor_of(const struct sim_thread *thread)
{
    return thread->task != NULL ? task_id(thread->task) : thread->id;
}

static inline struct sim_option option_of(const struct sim_thread *thread)
{
    return (struct sim_option){.actor = actor_of(thread),
                               .object = thread->op_object,
                               .thread = thread->id,
                               .op = thread->op};
}

/* List the runnable threads, of which there are no more than bits in a word. */
static inline void list_few(const struct sim *sim, struct sim_option *options, uint32_t from)
{
    uint64_t upper = UINT64_MAX << from % ENABLED_BITS;

    for (uint64_t word = sim->enabled.words[0] & upper; word != 0; word &= word - 1)
        *options++ = option_of(sim->threads[__builtin_ctzll(word)]);
    for (uint64_t word = sim->enabled.words[0] & ~upper; word != 0; word &= word - 1)
        *options++ = option_of(sim->threads[__builtin_ctzll(word)]);
}

/* List the runnable threads with indexes from one to below another.  Returns how many. */
static inline uint32_t list_between(const struct sim *sim, struct sim_option *options,
                                    uint32_t from, uint32_t end)
{
    uint32_t count = 0;

    for (uint32_t at = from / ENABLED_BITS; at * ENABLED_BITS < end; at++) {
        uint64_t word = sim->enabled.words[at];

        if (at == from / ENABLED_BITS)
            word &= UINT64_MAX << from % ENABLED_BITS;
        if (end - at * ENABLED_BITS < ENABLED_BITS)
            word &= (UINT64_C(1) << end % ENABLED_BITS) - 1;
        for (; word != 0; word &= word - 1)
            options[count++] =
                option_of(sim->threads[at * ENABLED_BITS + (uint32_t)__builtin_ctzll(word)]);
    }
    return count;
}

/* List the runnable threads: from the running one on, in cyclic order of index. */
static void list_all(const struct sim *sim, struct sim_option *options, uint32_t from)
{
    if (sim->thread_count <= ENABLED_BITS) {
        list_few(sim, options, from);
        return;
    }
    uint32_t count = list_between(sim, options, from, sim->thread_count);

    count += list_between(sim, options + count, 0, from);
    SIM_ASSERT(count == sim->runnable);
}

__attribute__((noinline)) struct sim_option *sim_options_runnable(struct sim *sim, uint32_t from)
{
    struct sim_option *options = sim_options(sim, sim->thread_count + 1);

    list_all(sim, options, from);
    return options;
}

const struct sim_option *sim_choice_options(const struct sim_choice *choice)
{
    SIM_ASSERT(choice->options != NULL || choice->kind == SIM_CHOICE_THREAD);
    return choice->options != NULL ? choice->options
                                   : sim_options_runnable(choice->sim, choice->from);
}

void sim_choice_list(const struct sim_choice *choice, struct sim_option *options)
{
    if (choice->options != NULL)
        memcpy(options, choice->options, choice->count * sizeof(*options));
    else
        list_all(choice->sim, options, choice->from);
}

struct sim_option sim_choice_first(const struct sim_choice *choice)
{
    const struct sim *sim = choice->sim;

    if (choice->preempting)
        return option_of(sim->running);
    uint32_t first = enabled_nth(&sim->enabled, sim->thread_count, choice->from, 0);

    return option_of(sim->threads[first]);
}

uint32_t sim_choice_actor(const struct sim_choice *choice, uint32_t option)
{
    const struct sim *sim = choice->sim;

    if (choice->options != NULL)
        return choice->options[option].actor;
    return actor_of(
        sim->threads[enabled_nth(&sim->enabled, sim->thread_count, choice->from, option)]);
}

void sim_choice_refused(struct sim *sim, uint32_t taken)
{
    SIM_ASSERT(taken == SIM_DIVERGE || taken == SIM_NO_MEMORY);
    sim_abandon(sim, taken == SIM_DIVERGE ? SIM_OUTCOME_DIVERGED : SIM_OUTCOME_NO_MEMORY);
}

__attribute__((noinline)) uint32_t sim_draw_saved_apart(struct sim *sim, bool preempting)
{
    return sim_draw_saved(sim, preempting);
}

void sim_answers_broken(struct sim *sim)
{
    sim->answers->broken = true;
    sim_abandon(sim, SIM_OUTCOME_DIVERGED);
}

uint32_t sim_answers_draw(struct policy *policy, uint32_t count, bool preempting)
{
    struct sim *sim = container_of(policy, struct sim, repeater);
    uint32_t place = sim->answers->next;

    (void)preempting;
    if (place == sim->answers->save && sim->policy->snapshots != NULL) {
        snapshots_take(sim->policy->snapshots, place);
        /* It may be a later run by now. */
        sim->answers->next = place;
    }
    return sim_answer_again(sim, count);
}

void sim_answers_end(struct sim *sim)
{
    sim->answers = NULL;
    if (sim->summary == NULL || sim->only == NULL)
        return;
    memcpy(sim->wanted, sim->wanted_then, sizeof(sim->wanted));
    registry_keep(sim->registry, sim->object_count);
    sim->summary_asks = sim->policy;
    sim->plain = false;
    sim->mute = false;
}

void sim_pass(struct sim *sim)
{
    struct sim_passes *passes = sim->policy->passes;

    passes->taken++;
    passes->last = option_of(sim->running);
    if (sim->runnable > 1 && !schedule_push(&sim->schedule, 0))
        sim_out_of_memory(sim);
}

uint32_t sim_choose_number(struct sim *sim, uint32_t count)
{
    SIM_ASSERT(count > 0);
    if (!sim->lists_options)
        return sim_choose(sim, SIM_CHOICE_NUMBER, NULL, count);
    struct sim_option *options = sim_options(sim, count);

    for (uint32_t i = 0; i < count; i++)
        options[i] = (struct sim_option){.actor = sim_actor(sim), .op = SIM_EV_CHOICE};
    return sim_choose(sim, SIM_CHOICE_NUMBER, options, count);
}
