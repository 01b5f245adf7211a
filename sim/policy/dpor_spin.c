/* Threads and tasks that spin.
 *
 * One that has repeated itself FAIR_REPEATS times (spin.h) can go on when something has changed
 * that it looked at, as with a mutex that is released.  It then looks at all of that in one step,
 * which so comes after what woke it; without that, it could not have been taken (after Jonsson,
 * Lang, Sagonas: Awaiting for Godot, TACAS 2022, where loops that wait become waits).
 *
 * So does a task that gives way after each round, where it stands between two of them and its loop
 * may choose another.  Not where there are threads, too: a loop chooses where they cannot go on in
 * its place (dpor_turn.c).
 *
 * Where all who could go on spin, they go on after all, in turns.  That is a way without choices
 * which comes after everything before it, as when the clock moves, and so no part of the search.
 * If something changes there, the search goes on; if nothing does, the limit on steps ends the
 * execution, and the detectors say what it was. */
#include "sim/policy/dpor_state.h"

/* Who could be one that spins, and where it stands. */
static bool is_between_rounds(const struct dpor *dpor, const struct sim_option *option)
{
    return option->thread == 0 && !dpor->threads && dpor_is_kind(dpor, option->actor, SIM_OBJ_TASK);
}

/* If it is a task that gives way to others, its thread can go on. */
static bool is_within_round(const struct dpor *dpor, const struct sim_option *option)
{
    return option->thread != 0 &&
           (option->actor == option->thread || !spin_yields(&dpor->spin, option->actor));
}

/* Does it spin, whether or not something has changed? */
static bool spins(const struct dpor *dpor, const struct sim_option *option)
{
    if (dpor->spin.repeaters == 0 || option->actor == 0)
        return false;
    if (is_between_rounds(dpor, option))
        return spin_polls(&dpor->spin, option->actor);
    return is_within_round(dpor, option) &&
           spin_repeats(&dpor->spin, option->actor, option->object, option->op);
}

bool dpor_waits_surely(const struct dpor *dpor, const struct sim_option *option)
{
    return spins(dpor, option) && spin_sees_no_change(&dpor->spin, option->actor);
}

static bool all_wait(const struct dpor *dpor, const struct sim_choice *choice)
{
    bool all = dpor->spin.repeaters > 0 && !sim_choice_is_number(choice->kind);

    for (uint32_t i = 0; all && i < choice->count; i++)
        all = dpor_waits(dpor, &choice->options[i]);
    return all;
}

bool dpor_idles(struct dpor *dpor, const struct sim_choice *choice, uint32_t *option)
{
    bool steps = !sim_choice_is_number(choice->kind);

    if (dpor->idles && dpor->news && steps) {
        dpor->idles = false;
        dpor->released = true;
        spin_forget_all(&dpor->spin);
        return false;
    }
    if (!dpor->idles && all_wait(dpor, choice)) {
        dpor->statistics.held = true;
        dpor->idles = true;
        dpor->news = false;
    }
    if (!dpor->idles)
        return false;
    dpor->statistics.unseen |= !steps && choice->count > 1;
    /* The task that was ready first, as it comes. */
    *option = choice->kind == SIM_CHOICE_THREAD && choice->preempting && choice->count > 1;
    return true;
}

void dpor_wake(struct dpor *dpor, const struct sim_option *option, bool known)
{
    struct dpor_frame *frame = &dpor->frames[dpor->open];
    uint32_t place = 0;

    if (!spins(dpor, option))
        return;
    dpor->statistics.held = true;
    frame->woken = true;
    for (;;) {
        uint32_t id = known ? 0 : spin_looked_at(&dpor->spin, option->actor, &place);

        if (id == 0)
            break;
        if (!footprint_add(&dpor->prints, &frame->print,
                           (struct touch){identity_of(&dpor->identity, id), TOUCH_READ}))
            dpor->sink.out_of_memory = true;
    }
    spin_forget(&dpor->spin, option->actor);
}

/* Is there a change of the object, since the actor touched it, which does not need the first? */
static bool is_changed(const struct dpor *dpor, uint32_t object, const struct dpor_race *race)
{
    const struct dpor_history *history = &dpor->histories[object];
    const struct dpor_frame *first = &dpor->frames[race->first];
    uint32_t actor = dpor->frames[race->second].print->actor;

    for (size_t i = history->count; i-- > 0;) {
        const struct dpor_entry *entry = &history->at[i];
        const struct dpor_frame *frame = &dpor->frames[entry->frame];

        if (entry->frame >= race->second || entry->how >= TOUCH_END)
            continue;
        if (frame->print->actor == actor)
            return false;
        if (!touch_reads(entry->how) && frame->changed &&
            vclock_get(&frame->clock, first->print->actor) < first->index)
            return true;
    }
    return true;
}

bool dpor_can_wake(const struct dpor *dpor, const struct dpor_race *race)
{
    const struct footprint *print = dpor->frames[race->second].print;

    for (uint32_t i = 0; i < print->count; i++)
        if (print->touches[i].how < TOUCH_END &&
            print->touches[i].object < dpor->history_capacity &&
            is_changed(dpor, print->touches[i].object, race))
            return true;
    return false;
}
