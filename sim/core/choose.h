/* The one place where anything is decided that could be decided otherwise. */
#ifndef SIM_CORE_CHOOSE_H
#define SIM_CORE_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/policy.h"
#include "sim/core/state.h"

/* Room for count options, valid until the next call. */
struct sim_option *sim_options(struct sim *sim, size_t count);

/* The runnable threads, from this index on in cyclic order, with room for one more. */
struct sim_option *sim_options_runnable(struct sim *sim, uint32_t from);

/* A policy has answered with no number of an option.  Never returns. */
_Noreturn void sim_choice_refused(struct sim *sim, uint32_t taken);

/* A choice has another number of options than before: end the run.  The last known answer has been
 * given: from now on the policy is asked. */
_Noreturn void sim_answers_broken(struct sim *sim);
void sim_answers_end(struct sim *sim);

/* May the running thread go on without asking?  And take that choice: one alone is none. */
static inline bool sim_may_pass(const struct sim *sim)
{
    const struct sim_passes *passes = sim->policy == NULL ? NULL : sim->policy->passes;

    return passes != NULL && passes->offered == sim->runnable && !sim->news;
}

void sim_pass(struct sim *sim);

/* As a policy that draws them. */
uint32_t sim_answers_draw(struct policy *policy, uint32_t count, bool preempting);

/* The answer that is known. */
static inline uint32_t sim_answer_again(struct sim *sim, uint32_t count)
{
    struct sim_answers *answers = sim->answers;
    const struct sim_answer *answer = &answers->at[answers->next];

    if (__builtin_expect(answer->offered != count, 0))
        sim_answers_broken(sim);
    if (++answers->next == answers->count)
        sim_answers_end(sim);
    return answer->option;
}

/* Ask the policy which of count options comes next, and record the answer.  One
 * alone is no choice: the answer is 0.  options may be NULL unless sim->lists_options.  Inline:
 * between two choices of an exploration there is little else. */
static inline uint32_t sim_choose_from(struct sim *sim, struct sim_choice choice)
{
    const struct sim_option *options = choice.options;
    struct policy *asked = sim->policy;
    uint32_t count = choice.count;
    uint32_t taken = 0;

    if (count <= sim->unasked)
        return 0;
    if (sim->answers != NULL) {
        taken = sim_answer_again(sim, count);
    } else if (asked != NULL) {
        choice.index = (uint32_t)sim->schedule.count;
        choice.now_ns = sim->now_ns;
        choice.sim = sim;
        if (sim->summary != NULL) {
            if (summary_spins(sim->summary) || choice.gives_way)
                sim_refuse(sim);
            asked = sim->summary_asks;
        } else if (sim->learner != NULL) {
            if (sim->quiet >= asked->patience || choice.gives_way)
                sim_tell_one(sim, sim->learner_at);
            else
                asked = asked->deputy;
        } else if (__builtin_expect(sim->asks_late, 0)) {
            sim_tell(sim);
        }
        taken = asked->choose(asked, &choice);
    }
    if (__builtin_expect(taken >= count, 0))
        sim_choice_refused(sim, taken);
    if (count < 2)
        return 0;
    if (__builtin_expect(!schedule_push(&sim->schedule, taken), 0))
        sim_out_of_memory(sim);
    sim_note(sim, SIM_EV_CHOICE, .actor = sim_actor(sim),
             .object = options == NULL ? 0 : options[taken].actor, .aux = (unsigned)choice.kind,
             .value = (int64_t)(((uint64_t)taken << 32) | count));
    return taken;
}

/* Let the host save the simulation; and ask again, maybe in a later run. */
static inline __attribute__((always_inline)) uint32_t sim_draw_saved(struct sim *sim,
                                                                     bool preempting)
{
    uint32_t count = sim->runnable;

    sim->saves = true;
    fiber_switch(sim->running->fiber, &sim->host);
    return sim->summary_asks->draw(sim->summary_asks, count, preempting);
}

/* The same, not inline. */
uint32_t sim_draw_saved_apart(struct sim *sim, bool preempting);

/* Ask for one of the threads that can run, where that is plain: nobody looks at them.  There are
 * two, or an answer is known.  switches: whoever asks may switch to another thread right there, so
 * that it makes no difference to it to be saved there, too. */
static inline __attribute__((always_inline)) uint32_t
sim_draw_thread(struct sim *sim, bool preempting, bool switches)
{
    struct policy *asked = sim->summary_asks;
    uint32_t count = sim->runnable;

    if (__builtin_expect(summary_spins(sim->summary), 0))
        sim_refuse(sim);
    uint32_t taken = asked->draw(asked, count, preempting);

    /* Few returns go another way than the processor expects if nothing is called to be saved. */
    if (__builtin_expect(taken == SIM_SAVE, 0))
        taken = switches ? sim_draw_saved(sim, preempting) : sim_draw_saved_apart(sim, preempting);
    if (__builtin_expect(taken >= count, 0))
        sim_choice_refused(sim, taken);
    if (count < 2)
        return 0;
    if (__builtin_expect(!schedule_push(&sim->schedule, taken), 0))
        sim_out_of_memory(sim);
    return taken;
}

/* The same, of anything but threads. */
static inline uint32_t sim_choose(struct sim *sim, enum sim_choice_kind kind,
                                  const struct sim_option *options, uint32_t count)
{
    return sim_choose_from(sim,
                           (struct sim_choice){.kind = kind, .count = count, .options = options});
}

#endif
