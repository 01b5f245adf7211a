/* What is to be tried: the other order of each race. */
#include "sim/policy/dpor_state.h"

/* Who stands before a held mutex for ever could have had it before its holder. */
static bool find_blocked(struct dpor *dpor)
{
    struct vclock clock = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < dpor->wanting_count; i++) {
        const struct dpor_wanting *wanting = &dpor->wanting[i];
        struct footprint *print = footprint_new(&dpor->prints, wanting->actor);

        ok = print != NULL &&
             footprint_add(&dpor->prints, &print, (struct touch){wanting->mutex, TOUCH_LOCK}) &&
             dpor_begin_clock(dpor, wanting->actor, &clock) &&
             dpor_order(dpor, print, &clock,
                        (struct dpor_race){.second = DPOR_NONE, .never = print});
        footprint_drop(&dpor->prints, print);
    }
    vclock_free(&clock);
    return ok;
}

/* What somebody who could go on would do; a task, or a callback, could do anything. */
static struct footprint *would_do(struct dpor *dpor, const struct sim_option *option)
{
    struct footprint *print = dpor_announced(dpor, option);

    if (print == NULL || !dpor->frames[dpor->open].of_task || option->op == SIM_EV_CLOCK)
        return print;
    print->partial = !dpor->threads;
    if (footprint_add(&dpor->prints, &print, (struct touch){TOUCH_ALL, TOUCH_WRITE}))
        return print;
    footprint_drop(&dpor->prints, print);
    return NULL;
}

/* Who could have gone on when the program ended could have done so before. */
static bool find_cut_off(struct dpor *dpor)
{
    const struct dpor_frame *frame = &dpor->frames[dpor->open];

    for (uint32_t i = 0; i < dpor->last_count; i++) {
        const struct sim_option *option = dpor_last(dpor, i);
        bool waits = dpor_waits(dpor, option);

        dpor->statistics.held |= waits;
        if (waits || dpor_actor(dpor, option) == frame->print->actor)
            continue;
        struct footprint *print = would_do(dpor, option);

        if (print == NULL ||
            !dpor_add_race(dpor, (struct dpor_race){dpor->open, DPOR_NONE, print, true}))
            return false;
    }
    return true;
}

/* A deadline could have passed before this step, and cannot after it. */
static bool plan_stopped_clock(struct dpor *dpor, uint32_t at)
{
    const struct dpor_frame *frame = &dpor->frames[at];

    if (!frame->could_time || frame->op == SIM_EV_CLOCK || at < dpor->first_new)
        return true;
    struct footprint *print = dpor_deadline(dpor, frame->time_object);

    return print != NULL && dpor_add_race(dpor, (struct dpor_race){at, DPOR_NONE, print, false});
}

/* A step after which no deadline can pass any more has stopped one that could have passed before;
 * and one that keeps its loop waiting has taken its place. */
static bool find_stopped_clock(struct dpor *dpor)
{
    uint32_t last = DPOR_NONE;

    for (uint32_t i = 0; i < dpor->count; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        if (!dpor_is_step(frame))
            continue;
        if (frame->until_ns > frame->now_ns && !plan_stopped_clock(dpor, i))
            return false;
        if (last != DPOR_NONE && !frame->could_time && !plan_stopped_clock(dpor, last))
            return false;
        last = i;
    }
    /* Where the program has ended, what could have gone on was cut off. */
    return last == DPOR_NONE || dpor->main_ended || plan_stopped_clock(dpor, last);
}

/* The steps after the first of a race that do not need it, and then the second. */
static bool other_order(struct dpor *dpor, const struct dpor_race *race)
{
    const struct dpor_frame *first = &dpor->frames[race->first];
    struct sequence *sequence = &dpor->sequence;

    sequence->count = 0;
    for (size_t i = first->steps_before + !first->print->silent; i < dpor->step_count; i++) {
        const struct dpor_step *step = &dpor->steps[i];

        if (vclock_get(&step->clock, first->actor) < first->index &&
            !sequence_push(sequence, step->print))
            return false;
    }
    if (race->never == NULL)
        return sequence_push(sequence, dpor->second);
    /* What the program's end has cut off comes some time before that end. */
    return sequence_push(sequence, race->never) &&
           (!race->cut_off || sequence_push(sequence, first->print));
}

/* Does a touch meet the first step of a race, or one that comes after it? */
static bool meets(const struct dpor *dpor, const struct dpor_race *race, struct touch touch)
{
    const struct dpor_frame *first = &dpor->frames[race->first];

    for (uint32_t i = race->first; i < race->second; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        if (dpor_is_step(frame) && vclock_get(&frame->clock, first->actor) >= first->index &&
            footprint_meets(frame->print, touch))
            return true;
    }
    return false;
}

/* What a task does is known as far as the first thing that it would find otherwise: with that it
 * does something, too, and what follows could be anything. */
static struct footprint *known_part(struct dpor *dpor, const struct dpor_race *race)
{
    const struct footprint *print = dpor->frames[race->second].print;
    struct footprint *part = footprint_new(&dpor->prints, print->actor);
    bool known = true;

    for (uint32_t i = 0; part != NULL && i < print->count; i++) {
        struct touch touch = print->touches[i];

        if ((known || touch.how == TOUCH_CHOICE) && !footprint_add(&dpor->prints, &part, touch)) {
            footprint_drop(&dpor->prints, part);
            return NULL;
        }
        known = known && !meets(dpor, race, touch);
    }
    if (part != NULL)
        part->partial = true;
    return part;
}

/* The second step of a race as it may be without the first, which it depends on: what tries may
 * take.  Of a turn beside threads, which is more than one step, nothing is known. */
static struct footprint *without_first(struct dpor *dpor, const struct dpor_race *race)
{
    const struct dpor_frame *frame = &dpor->frames[race->second];
    bool tries = frame->op == SIM_EV_ATOMIC_RMW || frame->op == SIM_EV_TRY || frame->varies;

    if (frame->of_task && !dpor->threads)
        return known_part(dpor, race);
    if (!tries && !frame->of_task)
        return footprint_share(frame->print);
    struct footprint *print = footprint_copy(&dpor->prints, frame->print);

    if (print == NULL)
        return NULL;
    if (tries)
        footprint_write_all(print);
    if (!frame->of_task ||
        footprint_add(&dpor->prints, &print, (struct touch){TOUCH_ALL, TOUCH_WRITE}))
        return print;
    footprint_drop(&dpor->prints, print);
    return NULL;
}

/* May the open step begin the sequence?  Then the rest is to follow it. */
static bool follows_open(const struct sequence *sequence, void *arg)
{
    struct dpor *dpor = arg;
    const struct footprint *print = dpor->frames[dpor->open].print;
    size_t at = sequence_find(sequence, print->actor);

    if (!sequence_weak_initial(sequence, print))
        return false;
    dpor->rest.count = 0;
    for (size_t i = 0; i < sequence->count; i++)
        if (i != at && !sequence_push(&dpor->rest, sequence->at[i]))
            dpor->sink.out_of_memory = true;
    if (!wakeup_insert(&dpor->nodes, &dpor->prints, &dpor->follow, &dpor->rest, false))
        dpor->sink.out_of_memory = true;
    return true;
}

bool dpor_sort_plans(struct dpor *dpor)
{
    dpor->sequence.count = 0;
    return wakeup_take_out(&dpor->nodes, &dpor->prints, &dpor->frames[dpor->open].siblings,
                           &dpor->sequence, follows_open, dpor) &&
           !dpor->sink.out_of_memory;
}

bool dpor_insert(struct dpor *dpor, struct dpor_frame *frame, bool open)
{
    if (dpor_covers(frame, &dpor->sequence))
        return true;
    return wakeup_insert(&dpor->nodes, &dpor->prints, &frame->siblings, &dpor->sequence, open);
}

/* Could the clock go so often?  Who takes the first step of the race can go on all the while. */
static bool has_time(const struct dpor *dpor, const struct dpor_frame *first)
{
    uint32_t clock = identity_of(&dpor->identity, DPOR_CLOCK);
    uint32_t steps = 0;

    for (size_t i = 0; i < dpor->sequence.count; i++)
        steps += dpor->sequence.at[i]->actor == clock;
    return steps <= first->early;
}

static bool plan_sequence(struct dpor *dpor, const struct dpor_race *race)
{
    if (!other_order(dpor, race))
        return false;
    if (dpor->has_clock && !has_time(dpor, &dpor->frames[race->first]))
        return true;
    return dpor_insert(dpor, &dpor->frames[race->first], race->cut_off);
}

static bool plan(struct dpor *dpor, const struct dpor_race *race)
{
    if (dpor->frames[race->first].wide)
        return true;
    if (race->never != NULL)
        return plan_sequence(dpor, race);
    /* All that came before the clock did. */
    if (dpor->frames[race->second].last_resort)
        return true;
    if (dpor->frames[race->second].woken && !dpor_can_wake(dpor, race))
        return true;
    dpor->second = without_first(dpor, race);
    bool ok = dpor->second != NULL &&
              (dpor_is_turn(&dpor->frames[race->first]) ? dpor_plan_before_turn(dpor, race)
                                                        : plan_sequence(dpor, race));

    footprint_drop(&dpor->prints, dpor->second);
    dpor->second = NULL;
    return ok;
}

void dpor_drop_never(struct dpor *dpor)
{
    while (dpor->race_count > 0 && dpor->races[dpor->race_count - 1].never != NULL)
        footprint_drop(&dpor->prints, dpor->races[--dpor->race_count].never);
}

/* Who was ready when a turn began that stands alone could have had his before it. */
static bool find_overtaken(struct dpor *dpor)
{
    struct dpor_frame *open = &dpor->frames[dpor->open];

    if (!open->alone || !open->of_task || dpor->threads)
        return true;
    /* If they are more than may be planned at all, each is tried in its turn. */
    if (dpor->nodes.used + dpor->last_count > dpor->plans_max) {
        dpor_make_wide(dpor, open);
        return true;
    }
    for (uint32_t i = 0; i < dpor->last_count; i++) {
        const struct sim_option *option = dpor_last(dpor, i);

        if (dpor_actor(dpor, option) == open->print->actor)
            continue;
        struct footprint *print = would_do(dpor, option);

        if (print == NULL ||
            !dpor_add_race(dpor, (struct dpor_race){dpor->open, DPOR_NONE, print, false}))
            return false;
    }
    return true;
}

bool dpor_plan_before_clock(struct dpor *dpor)
{
    size_t from = dpor->race_count;
    bool ok = find_blocked(dpor) && find_overtaken(dpor);

    for (size_t i = from; ok && i < dpor->race_count; i++)
        ok = plan(dpor, &dpor->races[i]);
    dpor_drop_never(dpor);
    return ok;
}

/* Has its other order been planned by an execution before this one?  It is the same again, but for
 * a task, which may then touch something that others have touched since. */
static bool may_be_new(const struct dpor *dpor, const struct dpor_race *race)
{
    return race->second >= dpor->first_new ||
           (dpor->frames[race->second].of_task && !dpor->threads);
}

bool dpor_plan(struct dpor *dpor)
{
    if (dpor->open == DPOR_NONE)
        return true;
    if (!find_overtaken(dpor) || !find_blocked(dpor) ||
        (dpor->has_clock && !find_stopped_clock(dpor)) || (dpor->main_ended && !find_cut_off(dpor)))
        return false;
    for (size_t i = 0; i < dpor->race_count; i++)
        if (may_be_new(dpor, &dpor->races[i]) && !plan(dpor, &dpor->races[i]))
            return false;
    return true;
}
