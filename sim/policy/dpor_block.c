/* A turn of a loop that keeps its loop waiting, beside which there is no thread: a task or a
 * callback sleeps as a thread does, or computes.
 *
 * All of it is one step, on the only thread there is, that moves the clock.  Where other deadlines
 * can come meanwhile, so that there is a choice, it is several, and other turns come before or
 * after all of them. */
#include "sim/policy/dpor_state.h"

/* Where deadlines are choices: does the turn wait, or has it gone on since? */
static bool is_kept_waiting(const struct dpor *dpor, const struct sim_choice *choice)
{
    return choice->kind == SIM_CHOICE_THREAD && dpor_has_loop_alone(dpor) && dpor->has_clock &&
           dpor->open != DPOR_NONE &&
           (dpor->frames[dpor->open].of_task || dpor->frames[dpor->open].alone);
}

/* Can nothing come but the deadline for which the open turn waits? */
static bool waits_for_clock(const struct dpor *dpor, const struct sim_choice *choice)
{
    return is_kept_waiting(dpor, choice) && dpor->frames[dpor->open].of_task &&
           choice->count == 1 && choice->options[0].op == SIM_EV_CLOCK;
}

/* Does the only thread there is go on with the turn of a task, or a callback? */
static bool goes_on(const struct dpor *dpor, const struct sim_choice *choice)
{
    if (choice->kind != SIM_CHOICE_THREAD || choice->count > 1 || dpor->threads ||
        choice->options[0].op == SIM_EV_CLOCK)
        return false;
    return dpor_is_kind(dpor, choice->options[0].actor, SIM_OBJ_TASK) ||
           (dpor->open != DPOR_NONE && dpor->frames[dpor->open].of_task);
}

/* If it is later than before, and not because the loop has waited for more to do, then the open
 * step has moved the clock. */
static void note_time(struct dpor *dpor, int64_t now_ns)
{
    struct dpor_frame *open = dpor->open == DPOR_NONE ? NULL : &dpor->frames[dpor->open];

    if (open == NULL || dpor->open < dpor->first_new || !open->of_task || dpor->selects ||
        now_ns == open->until_ns)
        return;
    open->until_ns = now_ns;
    if (!dpor->has_clock)
        dpor_touch(dpor, dpor_own(dpor, DPOR_OWN_TIME), TOUCH_WRITE);
}

bool dpor_turn_goes_on(struct dpor *dpor, const struct sim_choice *choice)
{
    if (!goes_on(dpor, choice) && !waits_for_clock(dpor, choice))
        return false;
    note_time(dpor, choice->now_ns);
    return true;
}

bool dpor_stands_alone(struct dpor *dpor, const struct sim_choice *choice)
{
    if (!is_kept_waiting(dpor, choice))
        return false;
    dpor->frames[dpor->open].alone = true;
    if (dpor->open >= dpor->first_new)
        dpor_touch(dpor, TOUCH_ALL, TOUCH_WRITE);
    return true;
}
