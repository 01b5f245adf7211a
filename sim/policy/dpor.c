#include "sim/policy/dpor.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"
#include "sim/base/list.h"
#include "sim/policy/dpor_state.h"

enum { PLANS_MAX = 1 << 14 };

/* ---- A decision. ---- */

/* The option of an actor; choice->count: it cannot go on. */
static uint32_t find(struct dpor *dpor, const struct sim_choice *choice, uint32_t actor)
{
    uint32_t at = 0;

    while (at < choice->count && dpor_actor(dpor, &choice->options[at]) != actor)
        at++;
    return at < choice->count && dpor_waits(dpor, &choice->options[at]) ? choice->count : at;
}

/* The option that was planned, if one was and it is there; choice->count: none. */
static uint32_t planned(struct dpor *dpor, struct dpor_frame *frame,
                        const struct sim_choice *choice)
{
    struct wakeup_node *node = dpor->follow;

    if (node == NULL)
        return choice->count;
    uint32_t option = find(dpor, choice, node->print->actor);

    frame->siblings = node->next;
    dpor->follow = node->first;
    if (option < choice->count) {
        dpor->script = footprint_share(node->print);
    } else {
        dpor->statistics.infeasible++;
        wakeup_free(&dpor->nodes, &dpor->prints, &dpor->follow);
    }
    wakeup_node_free(&dpor->nodes, &dpor->prints, node);
    return option;
}

bool dpor_remember(struct dpor *dpor, const struct sim_choice *choice)
{
    if (!vec_reserve(&dpor->last, choice->count, &dpor->last_capacity, sizeof(*dpor->last)))
        return false;
    sim_choice_list(choice, dpor->last);
    dpor->last_count = choice->count;
    dpor->last_from = 0;
    dpor->listed = true;
    return true;
}

void dpor_forget_script(struct dpor *dpor)
{
    if (dpor->script != NULL)
        footprint_drop(&dpor->prints, dpor->script);
    dpor->script = NULL;
}

/* The step of the open frame begins; known: its footprint is. */
static void begin_step(struct dpor *dpor, const struct sim_choice *choice, bool known)
{
    const struct sim_option *option = &choice->options[dpor->frames[dpor->open].option];
    uint32_t id = option->actor;

    dpor->last_at = dpor->frames[dpor->open].option;
    dpor->released = false;
    dpor->pieces = 0;
    dpor->by_task = id != 0 && dpor_is_kind(dpor, id, SIM_OBJ_TASK);
    dpor_begin_step(dpor, known, choice->kind);
    if (dpor->spin.repeaters > 0)
        dpor_wake(dpor, option, known);
    /* Whoever gives up now stood before a mutex, and no step of his will tell of that. */
    if (!known && option->op == SIM_EV_CLOCK && dpor->has_clock &&
        !dpor->frames[dpor->open].last_resort)
        dpor->sink.out_of_memory |= !dpor_plan_before_clock(dpor);
}

/* Everybody who could go on sleeps. */
static uint32_t all_sleep(struct dpor *dpor, const struct dpor_frame *frame)
{
    dpor->statistics.asleep += dpor_owns(dpor);
    /* Beside threads, what a loop's thread does in one step depends on what others did before. */
    dpor->unwoken = dpor->beside;
    for (size_t i = 0; i < frame->sleep_count; i++)
        dpor->unwoken |= frame->sleep[i].light;
    return SIM_DIVERGE;
}

static bool is_offered(struct dpor *dpor, const struct sim_option *options, size_t count,
                       uint32_t actor)
{
    for (size_t i = 0; i < count; i++)
        if (dpor_actor(dpor, &options[i]) == actor)
            return true;
    return false;
}

/* Is it told nowhere else who made this option's actor go on?  The loop of an asyncio program's
 * first thread is woken without an event, and for a task that blocks its thread, the event is about
 * the thread. */
static bool is_woken_unnamed(const struct dpor *dpor, const struct sim_option *option)
{
    if (option->actor == FIRST_THREAD)
        return dpor->loops;
    return dpor->woke && dpor_is_kind(dpor, option->actor, SIM_OBJ_TASK);
}

/* Whom did the open step make go on? */
static bool note_woken(struct dpor *dpor, const struct sim_choice *choice)
{
    struct dpor_frame *open = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    if ((!dpor->loops && !dpor->woke) || open == NULL || open->finished || dpor->released ||
        (open->until_ns != choice->now_ns && !dpor->has_clock) || choice->kind != SIM_CHOICE_THREAD)
        return true;
    for (uint32_t i = 0; i < choice->count; i++) {
        const struct sim_option *option = &choice->options[i];
        uint32_t actor = dpor_actor(dpor, option);

        if (option->actor != 0 && is_woken_unnamed(dpor, option) && open->print->actor != actor &&
            !is_offered(dpor, dpor->last, dpor->last_count, actor) &&
            !footprint_add(&dpor->prints, &open->print, (struct touch){actor, TOUCH_ENABLE}))
            return false;
    }
    return true;
}

/* Who can go on, and need not sleep; choice->count: nobody. */
static uint32_t first_awake(struct dpor *dpor, const struct dpor_frame *frame,
                            const struct sim_choice *choice)
{
    uint32_t option = 0;

    while (option < choice->count &&
           (dpor_sleeps(frame, dpor_actor(dpor, &choice->options[option])) ||
            dpor_waits(dpor, &choice->options[option])))
        option++;
    return option;
}

uint32_t dpor_open_step(struct dpor *dpor, struct dpor_frame *frame,
                        const struct sim_option *option, uint32_t at, uint32_t offered)
{
    frame->print = footprint_new(&dpor->prints, dpor_actor(dpor, option));
    if (frame->print == NULL)
        return dpor_out_of_memory(dpor);
    frame->option = at;
    frame->offered = offered;
    frame->op = option->op;
    dpor->open = dpor->count - 1;
    dpor->numbers = 0;
    dpor->depth++;
    return at;
}

uint32_t dpor_take(struct dpor *dpor, struct dpor_frame *frame, const struct sim_choice *choice)
{
    uint32_t option = planned(dpor, frame, choice);

    if (option == choice->count)
        option = first_awake(dpor, frame, choice);
    if (option == choice->count)
        return all_sleep(dpor, frame);
    return dpor_open_step(dpor, frame, &choice->options[option], option, choice->count);
}

/* Does the clock move, for nobody can go on?  Where time is late, it never does so before. */
static bool is_last_resort(const struct sim_choice *choice)
{
    return choice->kind == SIM_CHOICE_THREAD && choice->options[0].op == SIM_EV_CLOCK &&
           sim_choice_time_is_late(choice);
}

/* Does what comes now come after all that was before: does the clock move, or has it moved, because
 * nobody could go on, or does the open step stand alone? */
static bool comes_after_all(const struct dpor *dpor, const struct sim_choice *choice)
{
    const struct dpor_frame *open = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    return open != NULL && (open->alone || (dpor->has_clock ? is_last_resort(choice)
                                                            : open->until_ns != choice->now_ns));
}

/* What was planned is still to come if the open step was no more than the way to it.  Returns false
 * when out of memory. */
static bool plan_on(struct dpor *dpor)
{
    if (dpor->script == NULL || dpor->script->silent || !dpor->frames[dpor->open].print->silent)
        return true;
    struct wakeup_node *node =
        wakeup_node_new(&dpor->nodes, &dpor->prints, footprint_share(dpor->script));

    if (node == NULL)
        return false;
    node->first = dpor->follow;
    dpor->follow = node;
    return true;
}

/* Is it known only now what the open step does?  If numbers were chosen in it, that is one of the
 * things that it may do. */
static bool was_unseen(const struct dpor *dpor)
{
    const struct dpor_frame *open = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    return open != NULL && dpor->open >= dpor->first_new && open->of_task && !open->wide &&
           dpor->numbers == 0;
}

/* A step that no execution before this one took from here. */
static uint32_t new_step(struct dpor *dpor, const struct sim_choice *choice)
{
    if (!note_woken(dpor, choice))
        return dpor_out_of_memory(dpor);
    bool alone = dpor_stands_alone(dpor, choice);
    bool after_all = comes_after_all(dpor, choice);

    if ((dpor->open != DPOR_NONE && (!dpor_finish(dpor, dpor->open) || !plan_on(dpor))) ||
        (after_all && !dpor_plan_before_clock(dpor)) ||
        (was_unseen(dpor) && !dpor_sort_plans(dpor)))
        return dpor_out_of_memory(dpor);
    dpor_narrow_open(dpor);
    dpor_forget_script(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL)
        return dpor_out_of_memory(dpor);
    frame->last_resort = is_last_resort(choice);
    if (!dpor_inherit_sleep(dpor, frame) || !dpor_begin_epoch(dpor, frame, choice->now_ns) ||
        !dpor_remember(dpor, choice))
        return dpor_out_of_memory(dpor);
    if (dpor->parts > 1 && !dpor_share_out(dpor, frame))
        return SIM_DIVERGE;
    uint32_t option = dpor_take(dpor, frame, choice);

    if (!sim_is_option(option))
        return option;
    frame->of_task = choice->kind == SIM_CHOICE_TASK;
    frame->alone = alone;
    frame->has_clock = dpor->has_clock;
    frame->could_time = choice->options[choice->count - 1].op == SIM_EV_CLOCK;
    frame->early = sim_choice_early_left(choice);
    frame->time_object = identity_of(&dpor->identity, choice->options[choice->count - 1].object);
    if (frame->wide && !dpor_widen(dpor, frame, choice))
        return dpor_out_of_memory(dpor);
    begin_step(dpor, choice, false);
    return option;
}

/* The value itself, or the first that leads a way that does not sleep. */
static uint32_t first_way(const struct dpor_frame *open, uint32_t nth, uint32_t value,
                          uint32_t count)
{
    uint32_t way = 0;

    if (!dpor_sleeps_that_way(open, nth, value))
        return value;
    while (way < count && dpor_sleeps_that_way(open, nth, way))
        way++;
    return way < count ? way : value;
}

static uint32_t new_number(struct dpor *dpor, const struct sim_choice *choice)
{
    struct dpor_frame *frame = dpor_push(dpor);
    uint32_t value = 0;

    if (frame == NULL)
        return dpor_out_of_memory(dpor);
    if (dpor->script == NULL || !footprint_choice(dpor->script, dpor->numbers, &value) ||
        value >= choice->count)
        value = 0;
    if (dpor->open != DPOR_NONE)
        value = first_way(&dpor->frames[dpor->open], dpor->numbers, value, choice->count);
    frame->owner = dpor->open;
    frame->nth = dpor->numbers++;
    frame->start = value;
    frame->option = value;
    frame->offered = choice->count;
    frame->shared = dpor->open != DPOR_NONE && dpor->frames[dpor->open].shared;
    dpor->depth++;
    return value;
}

/* The open step goes the way that this number stands for. */
static bool add_number(struct dpor *dpor, uint32_t value)
{
    return dpor->open == DPOR_NONE || dpor->open < dpor->first_new ||
           footprint_add(&dpor->prints, &dpor->frames[dpor->open].print,
                         (struct touch){value, TOUCH_CHOICE});
}

/* A decision of the last execution, once more; the last of them differs. */
static uint32_t repeat(struct dpor *dpor, const struct sim_choice *choice)
{
    struct dpor_frame *frame = &dpor->frames[dpor->depth];

    frame->mark = dpor->here;
    if (frame->unlisted && !dpor_widen(dpor, frame, choice))
        return dpor_out_of_memory(dpor);
    if (dpor->lists && dpor->depth + 1 == dpor->kept) {
        dpor->statistics.listed++;
        return SIM_DIVERGE;
    }
    if (dpor_is_step(frame)) {
        if (dpor->depth >= dpor->first_new && !dpor_remember(dpor, choice))
            return dpor_out_of_memory(dpor);
        if (dpor->depth + 1 == dpor->kept && dpor->depth == dpor->first_new) {
            frame->option = find(dpor, choice, frame->print->actor);
            if (frame->option < choice->count)
                frame->op = choice->options[frame->option].op;
        }
        dpor->open = dpor->depth;
        dpor->numbers = 0;
    } else {
        dpor->numbers = frame->nth + 1;
    }
    if (frame->option >= choice->count) {
        dpor->statistics.infeasible++;
        return dpor_try_all(dpor, dpor->depth, choice) ? SIM_DIVERGE : dpor_out_of_memory(dpor);
    }
    if (frame->offered != choice->count ||
        dpor_is_step(frame) == sim_choice_is_number(choice->kind)) {
        dpor->statistics.nondeterministic = true;
        return SIM_DIVERGE;
    }
    if (dpor_is_step(frame))
        begin_step(dpor, choice, dpor->depth < dpor->first_new);
    else if (!add_number(dpor, frame->option))
        return dpor_out_of_memory(dpor);
    dpor->depth++;
    return dpor->frames[dpor->depth - 1].option;
}

static uint32_t decide(struct dpor *dpor, const struct sim_choice *choice)
{
    uint32_t answer = SIM_DIVERGE;

    if (choice->kind == SIM_CHOICE_TASK && !dpor->turns) {
        dpor->turns = true;
        if (dpor->count > 0) {
            dpor->begin_again = true;
            return SIM_DIVERGE;
        }
    }
    if (dpor_turn_goes_on(dpor, choice))
        return 0;
    if ((dpor->idles || dpor->spin.repeaters > 0) && dpor_idles(dpor, choice, &answer))
        return answer;
    if (dpor_goes_on(dpor, choice, &answer))
        return answer;
    if (choice->kind == SIM_CHOICE_TIME)
        dpor_begin_turn(dpor);
    if (dpor->depth < dpor->kept) {
        answer = repeat(dpor, choice);
    } else if (sim_choice_is_number(choice->kind)) {
        answer = new_number(dpor, choice);
        if (sim_is_option(answer) && !add_number(dpor, answer))
            answer = dpor_out_of_memory(dpor);
    } else {
        answer = new_step(dpor, choice);
    }
    return answer;
}

/* Is something missing of what it was told, or had to remember? */
static inline bool lacks_memory(const struct dpor *dpor)
{
    return dpor->sink.out_of_memory | dpor->identity.out_of_memory | dpor->spin.out_of_memory;
}

/* What no execution before this one has decided in the same place.  Not inline: answers that are
 * given again need no room for it. */
static __attribute__((noinline)) uint32_t answer_anew(struct dpor *dpor,
                                                      const struct sim_choice *given)
{
    uint32_t answer = SIM_DIVERGE;

    dpor->known.broken = dpor->again;
    if (dpor->again)
        return SIM_DIVERGE;
    dpor->passing.offered = 0;
    dpor_see_passes(dpor);
    if (dpor_goes_on_at_once(dpor, given)) {
        dpor->call++;
        return dpor_note_answer(dpor, (struct sim_answer){0, given->count})
                   ? 0
                   : dpor_out_of_memory(dpor);
    }
    dpor->passes = false;
    sim_choice_tell(given, &dpor->sink);
    dpor->skips = false;
    dpor_learn(dpor);
    dpor->here = dpor_mark(dpor);
    dpor->call++;
    if (__builtin_expect(lacks_memory(dpor), 0))
        return dpor_out_of_memory(dpor);
    if (dpor_is_plain(dpor, given)) {
        answer = dpor_step_plainly(dpor, given);
    } else {
        struct sim_choice choice = *given;

        if (!sim_choice_is_number(choice.kind))
            choice.options = sim_choice_options(given);
        answer = decide(dpor, &choice);
    }
    if (!dpor_note_answer(dpor, (struct sim_answer){answer, given->count}))
        answer = dpor_out_of_memory(dpor);
    dpor->gave_up = !sim_is_option(answer);
    return answer;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *given)
{
    struct dpor *dpor = (struct dpor *)policy;

    if (dpor->known.next < dpor->known.count)
        return dpor_answer_again(dpor, given);
    return answer_anew(dpor, given);
}

static void begin_run(struct policy *policy)
{
    struct dpor *dpor = (struct dpor *)policy;

    if (dpor->again) {
        dpor_say_again(dpor);
        return;
    }
    dpor->numbers = 0;
    dpor->main_ended = false;
    dpor->gave_up = false;
    dpor->passes = false;
    dpor->unwoken = false;
    dpor->last_count = 0;
    dpor->released = false;
    dpor_rewind(dpor);
    dpor_say_again(dpor);
}

struct dpor *dpor_new(void)
{
    struct dpor *dpor = calloc(1, sizeof(*dpor));

    /* Ids are looked up wherever they come from: there is room for them, or there is no search. */
    if (dpor == NULL || !identity_make_room(&dpor->identity) ||
        !vec_reserve_zeroed(&dpor->kinds, 1, &dpor->kind_capacity, sizeof(*dpor->kinds))) {
        dpor_free(dpor);
        return NULL;
    }
    dpor->policy = (struct policy){.every = true,
                                   .blind = true,
                                   .begin = begin_run,
                                   .choose = choose,
                                   .answers = &dpor->known,
                                   .passes = &dpor->passing};
    dpor->known.sink = &dpor->sink;
    dpor_sink_init(dpor);
    dpor->open = DPOR_NONE;
    dpor->parts = 1;
    dpor->plans_max = PLANS_MAX;
    return dpor;
}

void dpor_free(struct dpor *dpor)
{
    if (dpor == NULL)
        return;
    dpor_drop_never(dpor);
    dpor_forget_script(dpor);
    wakeup_free(&dpor->nodes, &dpor->prints, &dpor->follow);
    while (dpor->count > 0)
        dpor_pop(dpor);
    for (size_t i = 0; i < dpor->frame_capacity; i++) {
        vclock_free(&dpor->frames[i].clock);
        vclock_free(&dpor->frames[i].before);
        free(dpor->frames[i].sleep);
    }
    for (size_t i = 0; i < dpor->history_capacity; i++)
        free(dpor->histories[i].at);
    free(dpor->frames);
    free(dpor->histories);
    free(dpor->steps);
    free(dpor->calls);
    free(dpor->races);
    free(dpor->rivals);
    free(dpor->kinds);
    free(dpor->answers);
    free(dpor->undo);
    free(dpor->stops);
    free(dpor->wanting);
    free(dpor->waits);
    free(dpor->last);
    sequence_free(&dpor->sequence);
    sequence_free(&dpor->rest);
    wakeup_pool_free(&dpor->nodes);
    footprint_pool_free(&dpor->prints);
    identity_free(&dpor->identity);
    spin_free(&dpor->spin);
    free(dpor);
}

struct policy *dpor_policy(struct dpor *dpor)
{
    return &dpor->policy;
}

struct sink *dpor_sink(struct dpor *dpor)
{
    return &dpor->sink;
}

void dpor_limit(struct dpor *dpor, uint64_t plans)
{
    dpor->plans_max = plans;
}

void dpor_divide(struct dpor *dpor, uint32_t part, uint32_t parts)
{
    SIM_ASSERT(part < parts && dpor->count == 0);
    dpor->part = part;
    dpor->parts = parts;
}

bool dpor_owns(const struct dpor *dpor)
{
    return dpor->prefix % dpor->parts == dpor->part;
}

uint64_t dpor_choices(const struct dpor *dpor)
{
    return dpor->call + dpor->passing.taken;
}

bool dpor_gave_up(const struct dpor *dpor)
{
    return dpor->gave_up || dpor->known.broken;
}

double dpor_share(const struct dpor *dpor)
{
    double share = 0;
    double weight = 1;

    for (uint32_t i = 0; i < dpor->count; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];
        uint32_t done = dpor_is_step(frame) ? frame->tried : frame->tries;
        double all = dpor_is_step(frame) ? done + 1.0 : frame->offered;

        for (const struct wakeup_node *node = frame->siblings; node != NULL; node = node->next)
            all++;
        weight /= all;
        share += done * weight;
    }
    return dpor->count == 0 ? 1 : share;
}

struct dpor_statistics dpor_statistics(const struct dpor *dpor)
{
    struct dpor_statistics statistics = dpor->statistics;

    statistics.out_of_memory = lacks_memory(dpor);
    statistics.memory = dpor->prints.made + dpor->nodes.made + dpor->frame_capacity;
    return statistics;
}
