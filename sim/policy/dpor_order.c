/* Which steps happened before which, and which of them are in a race. */
#include "sim/policy/dpor_state.h"

/* The history of a stable id; NULL when out of memory. */
static struct dpor_history *history_of(struct dpor *dpor, uint32_t id)
{
    if (id >= dpor->history_capacity &&
        !vec_reserve_zeroed(&dpor->histories, (size_t)id + 1, &dpor->history_capacity,
                            sizeof(*dpor->histories)))
        return NULL;
    return &dpor->histories[id];
}

/* The last step of an actor; DPOR_NONE: it has taken none. */
static uint32_t last_step(const struct dpor *dpor, uint32_t actor)
{
    return actor < dpor->history_capacity ? dpor->histories[actor].last_step - 1 : DPOR_NONE;
}

bool dpor_has_begun(const struct dpor *dpor, uint32_t actor)
{
    return last_step(dpor, actor) != DPOR_NONE;
}

/* Does it change what it touches, for whoever looks for the last change? */
static inline bool is_changing(uint32_t how)
{
    return !touch_reads(how) && how <= TOUCH_END;
}

static inline bool note(struct dpor *dpor, struct touch touch, uint32_t frame)
{
    struct dpor_history *history = history_of(dpor, touch.object);

    if (history == NULL ||
        !vec_reserve(&history->at, history->count + 1, &history->capacity, sizeof(*history->at)))
        return false;
    struct dpor_entry *entry = &history->at[history->count];

    *entry = (struct dpor_entry){.frame = frame, .how = touch.how};
    if (history->count > 0)
        entry->changed = is_changing(entry[-1].how) ? history->count : entry[-1].changed;
    history->count++;
    return true;
}

bool dpor_clock_of_all(struct dpor *dpor, struct vclock *clock)
{
    for (uint32_t actor = 1; actor <= dpor->identity.count; actor++) {
        uint32_t last = last_step(dpor, actor);

        if (last != DPOR_NONE && !vclock_set(clock, actor, dpor->frames[last].index))
            return false;
    }
    return true;
}

/* Join what can be in no race with the step: the release of a lock, the end of who is joined. */
static bool join_frame(const struct dpor *dpor, struct vclock *clock, uint32_t frame)
{
    return frame == DPOR_NONE || vclock_join(clock, &dpor->frames[frame].clock);
}

/* The step that added this call to a loop's queue; NULL: none that was seen. */
static const struct dpor_call *adding(const struct dpor *dpor, uint32_t call)
{
    for (size_t i = dpor->call_count; i-- > 0;)
        if (dpor->calls[i].call == call)
            return &dpor->calls[i];
    return NULL;
}

/* Each call comes after the step that added it, and not after those that added others. */
static bool join_adding(struct dpor *dpor, const struct footprint *print, struct vclock *clock)
{
    for (uint32_t i = 0; i < print->count; i++) {
        if (print->touches[i].how != TOUCH_MADE)
            continue;
        const struct dpor_call *call = adding(dpor, print->touches[i].object);

        if (call != NULL && !vclock_join(clock, &dpor->frames[call->frame].clock))
            return false;
    }
    return true;
}

static bool note_added(struct dpor *dpor, uint32_t call, uint32_t frame)
{
    if (!vec_reserve(&dpor->calls, dpor->call_count + 1, &dpor->call_capacity,
                     sizeof(*dpor->calls)))
        return false;
    dpor->calls[dpor->call_count++] = (struct dpor_call){call, frame};
    return true;
}

/* What its actor did before, what enabled it since, and all that happened before the clock moved,
 * which the step before knows already if the clock has not moved since.  Inline in who finishes a
 * step. */
static inline __attribute__((always_inline)) bool begin_clock(struct dpor *dpor, uint32_t actor,
                                                              uint32_t epoch, struct vclock *clock,
                                                              uint32_t *index)
{
    const struct dpor_history *history = history_of(dpor, actor);

    if (history == NULL)
        return false;
    const struct dpor_frame *last =
        history->last_step == 0 ? NULL : &dpor->frames[history->last_step - 1];

    *index = last == NULL ? 1 : last->index + 1;
    for (size_t i = history->count; i-- > 0 && history->at[i].frame >= history->last_step;)
        if (history->at[i].how == TOUCH_ENABLE && !join_frame(dpor, clock, history->at[i].frame))
            return false;
    return ((last != NULL && last->epoch == epoch) ||
            vclock_join(clock, &dpor->frames[epoch].before)) &&
           (last == NULL || vclock_join(clock, &last->clock));
}

/* Did it happen before the step whose clock this is, as far as is known? */
static inline bool is_ordered(const struct vclock *clock, const struct dpor_frame *other)
{
    return vclock_get(clock, other->actor) >= other->index;
}

/* Somebody with whom the step may be in a race, to be judged after others have been found. */
static bool add_rival(struct dpor *dpor, struct vclock *clock, struct dpor_race race)
{
    if (is_ordered(clock, &dpor->frames[race.first]))
        return true;
    if (!vec_reserve(&dpor->rivals, dpor->rival_count + 1, &dpor->rival_capacity,
                     sizeof(*dpor->rivals)))
        return false;
    dpor->rivals[dpor->rival_count++] = race.first;
    return true;
}

static bool is_taking(uint32_t how)
{
    return how == TOUCH_LOCK || how == TOUCH_TRY;
}

/* The latest entry before the given place, counted from 1, that may be a rival of the touch, or is
 * the release that it waited for; 0: none. */
static inline size_t rival_before(const struct dpor_history *history, struct touch touch, size_t at)
{
    if (at > 0 && touch_reads(touch.how) && !is_changing(history->at[at - 1].how))
        return history->at[at - 1].changed;
    while (at > 0 && history->at[at - 1].how > TOUCH_END)
        at--;
    return at;
}

typedef bool (*rival_fn)(struct dpor *dpor, struct vclock *clock, struct dpor_race race);

/* Whoever may have touched the object directly before, as the first of a race, the latest first;
 * and the release that a lock waited for.  Inline, with a constant function. */
static inline __attribute__((always_inline)) bool each_rival(struct dpor *dpor, struct touch touch,
                                                             uint32_t *release, rival_fn fn,
                                                             struct vclock *clock,
                                                             struct dpor_race race)
{
    const struct dpor_history *history = history_of(dpor, touch.object);

    if (history == NULL)
        return false;
    size_t at = history->count;

    while ((at = rival_before(history, touch, at)) > 0) {
        const struct dpor_entry *entry = &history->at[--at];

        if (touch.how == TOUCH_LOCK && !is_taking(entry->how)) {
            if (entry->how == TOUCH_UNLOCK && *release == DPOR_NONE)
                *release = entry->frame;
            continue;
        }
        /* Who releases it has taken it. */
        if (touch.how == TOUCH_UNLOCK && is_taking(entry->how))
            return true;
        race.first = entry->frame;
        if (!fn(dpor, clock, race))
            return false;
        if (!touch_reads(entry->how))
            return true;
    }
    return true;
}

/* The last step of an actor that touched something; DPOR_NONE: none did. */
static uint32_t last_touching_step(const struct dpor *dpor, uint32_t actor)
{
    uint32_t last = last_step(dpor, actor);

    while (last != DPOR_NONE && !footprint_touches(dpor->frames[last].print))
        last = dpor->frames[last].step_before - 1;
    return last;
}

/* The end of the program's first thread ends the program: every other actor's next step is lost. */
static bool find_all(struct dpor *dpor, uint32_t actor, struct vclock *clock)
{
    for (uint32_t other = 1; other <= dpor->identity.count; other++) {
        uint32_t last = other == actor ? DPOR_NONE : last_touching_step(dpor, other);

        if (last != DPOR_NONE && !add_rival(dpor, clock, (struct dpor_race){.first = last}))
            return false;
    }
    return true;
}

/* The latest first; there are few, and mostly in order already. */
static void sort_rivals(struct dpor *dpor)
{
    for (size_t i = 1; i < dpor->rival_count; i++) {
        uint32_t frame = dpor->rivals[i];
        size_t at = i;

        for (; at > 0 && dpor->rivals[at - 1] < frame; at--)
            dpor->rivals[at] = dpor->rivals[at - 1];
        dpor->rivals[at] = frame;
    }
}

bool dpor_add_race(struct dpor *dpor, struct dpor_race race)
{
    if (!vec_reserve(&dpor->races, dpor->race_count + 1, &dpor->race_capacity,
                     sizeof(*dpor->races))) {
        footprint_drop(&dpor->prints, race.never);
        return false;
    }
    dpor->races[dpor->race_count++] = race;
    return true;
}

/* A rival is in a race with the step if nothing orders them but the touch itself: the latest is
 * looked at first, and its clock holds whatever came between. */
static bool judge(struct dpor *dpor, struct vclock *clock, struct dpor_race race)
{
    const struct dpor_frame *other = &dpor->frames[race.first];

    if (is_ordered(clock, other))
        return true;
    if (race.never != NULL)
        race.never->refs++;
    return dpor_add_race(dpor, race) && vclock_join(clock, &other->clock);
}

static bool judge_rivals(struct dpor *dpor, struct vclock *clock, struct dpor_race race)
{
    for (size_t i = 0; i < dpor->rival_count; i++) {
        race.first = dpor->rivals[i];
        if (!judge(dpor, clock, race))
            return false;
    }
    return true;
}

/* Find the rivals of one touch, or join what it comes after anyway. */
static bool order_touch(struct dpor *dpor, const struct footprint *print, struct touch touch,
                        struct vclock *clock, uint32_t *release)
{
    if (touch.how == TOUCH_JOIN)
        return join_frame(dpor, clock, last_step(dpor, touch.object));
    if (touch.object == TOUCH_ALL)
        return find_all(dpor, print->actor, clock);
    return touch.how > TOUCH_END ||
           each_rival(dpor, touch, release, add_rival, clock, (struct dpor_race){0});
}

/* It could have gone before the last step that touches all. */
static bool find_stop(struct dpor *dpor, const struct footprint *print, struct vclock *clock)
{
    return dpor->stop_count == 0 || !footprint_touches(print) ||
           add_rival(dpor, clock, (struct dpor_race){.first = dpor->stops[dpor->stop_count - 1]});
}

static bool judge_all(struct dpor *dpor, struct vclock *clock, struct dpor_race race)
{
    if (dpor->rival_count > 1)
        sort_rivals(dpor);
    return judge_rivals(dpor, clock, race);
}

/* The step would have waited here for the first change since its actor has touched the object last:
 * what it has touched before could be another's turn, and the rest is in no race with what comes
 * before that change. */
static bool await_change(struct dpor *dpor, uint32_t actor, struct touch touch,
                         struct vclock *clock, struct dpor_race race)
{
    const struct dpor_history *history = history_of(dpor, touch.object);
    uint32_t first = DPOR_NONE;

    if (history == NULL || !judge_all(dpor, clock, race))
        return false;
    dpor->rival_count = 0;
    for (size_t at = history->count;
         at-- > 0 && dpor->frames[history->at[at].frame].actor != actor;)
        if (is_changing(history->at[at].how))
            first = history->at[at].frame;
    return join_frame(dpor, clock, first);
}

/* The rivals for what the step takes (a lock that it waits for), or for all the rest. */
static bool order_touches(struct dpor *dpor, const struct footprint *print, struct vclock *clock,
                          struct dpor_race race, bool takes)
{
    enum { RELEASES = 8 };
    uint32_t releases[RELEASES];
    uint32_t waited = 0;

    dpor->rival_count = 0;
    if (!takes && !find_stop(dpor, print, clock))
        return false;
    for (uint32_t i = 0; i < print->count; i++) {
        struct touch touch = print->touches[i];
        uint32_t release = DPOR_NONE;

        if ((touch.how == TOUCH_LOCK) != takes)
            continue;
        if (touch.how == TOUCH_AWAIT && !await_change(dpor, print->actor, touch, clock, race))
            return false;
        if (!order_touch(dpor, print, touch, clock, &release))
            return false;
        if (release != DPOR_NONE && waited < RELEASES)
            releases[waited++] = release;
    }
    if (!judge_all(dpor, clock, race))
        return false;
    for (uint32_t i = 0; i < waited; i++)
        if (!join_frame(dpor, clock, releases[i]))
            return false;
    return true;
}

/* The rivals of a step that touches one thing are found in order. */
static bool order_single(struct dpor *dpor, struct touch touch, struct vclock *clock,
                         struct dpor_race race)
{
    uint32_t release = DPOR_NONE;

    return each_rival(dpor, touch, &release, judge, clock, race) &&
           join_frame(dpor, clock, release);
}

/* Is it the end of a thread of which nobody has asked yet whether it has ended? */
static inline bool is_unseen_end(const struct dpor *dpor, struct touch touch)
{
    if (touch.how != TOUCH_END)
        return false;
    const struct dpor_history *history = &dpor->histories[touch.object];

    return rival_before(history, touch, history->count) == 0;
}

/* Does it touch one thing alone for which there may be rivals, and that first? */
static inline bool is_single(const struct dpor *dpor, const struct footprint *print)
{
    return dpor->stop_count == 0 &&
           (print->count == 1 || (print->count == 2 && is_unseen_end(dpor, print->touches[1]))) &&
           print->touches[0].how < TOUCH_END && print->touches[0].how != TOUCH_AWAIT &&
           print->touches[0].object != TOUCH_ALL;
}

/* Locks first: whatever was done before they were released is in no race with who waited for that.
 */
static inline __attribute__((always_inline)) bool
order(struct dpor *dpor, const struct footprint *print, struct vclock *clock, struct dpor_race race)
{
    if (is_single(dpor, print))
        return order_single(dpor, print->touches[0], clock, race);
    return (!print->locks || order_touches(dpor, print, clock, race, true)) &&
           order_touches(dpor, print, clock, race, false);
}

bool dpor_order(struct dpor *dpor, const struct footprint *print, struct vclock *clock,
                struct dpor_race race)
{
    return order(dpor, print, clock, race);
}

/* Would anybody look for it?  Who joins takes the last step of who has ended; who only looks
 * whether it has ended looks for the end. */
static inline bool is_noted(struct touch touch)
{
    return touch.object != TOUCH_ALL && (touch.how <= TOUCH_END || touch.how == TOUCH_ENABLE);
}

/* It touches all, and others may go on after it: what those do could have been before.  Beside
 * threads all ends with such a step; and who keeps a loop waiting is looked after elsewhere. */
static bool note_stop(struct dpor *dpor, uint32_t at)
{
    if (!dpor_has_loop_alone(dpor) || dpor->frames[at].alone)
        return true;
    if (!vec_reserve(&dpor->stops, dpor->stop_count + 1, &dpor->stop_capacity,
                     sizeof(*dpor->stops)))
        return false;
    dpor->stops[dpor->stop_count++] = at;
    return true;
}

/* It stands where whoever comes later looks for it. */
static bool note_step(struct dpor *dpor, const struct footprint *print, uint32_t at)
{
    struct dpor_history *history = &dpor->histories[print->actor];

    dpor->frames[at].step_before = history->last_step;
    history->last_step = at + 1;
    for (uint32_t i = 0; i < print->count; i++) {
        struct touch touch = print->touches[i];

        if (touch.how == TOUCH_ADDED && !note_added(dpor, touch.object, at))
            return false;
        if (touch.object == TOUCH_ALL && !note_stop(dpor, at))
            return false;
        if (is_noted(touch) && !note(dpor, touch, at))
            return false;
    }
    return true;
}

static bool add_step(struct dpor *dpor, struct dpor_frame *frame)
{
    if (!vec_reserve(&dpor->steps, dpor->step_count + 1, &dpor->step_capacity,
                     sizeof(*dpor->steps)))
        return false;
    dpor->steps[dpor->step_count++] =
        (struct dpor_step){frame->print, {frame->clock.at, frame->clock.count, 0}};
    return true;
}

bool dpor_finish(struct dpor *dpor, uint32_t at)
{
    struct dpor_frame *frame = &dpor->frames[at];
    const struct footprint *print = frame->print;
    uint32_t actor = print->actor;

    if (frame->finished)
        return true;
    frame->actor = actor;
    vclock_reset(&frame->clock);
    if ((print->calls && !join_adding(dpor, print, &frame->clock)) ||
        !begin_clock(dpor, actor, frame->epoch, &frame->clock, &frame->index) ||
        !order(dpor, print, &frame->clock, (struct dpor_race){.second = at}) ||
        !vclock_set(&frame->clock, actor, frame->index) || !note_step(dpor, print, at))
        return false;
    frame->finished = true;
    frame->steps_before = (uint32_t)dpor->step_count;
    if (!print->silent && !add_step(dpor, frame))
        return false;
    return !dpor_is_turn(frame) || dpor_note_turn(dpor, at);
}

/* Everything later has been taken back already. */
void dpor_unfinish(struct dpor *dpor, uint32_t at)
{
    struct dpor_frame *frame = &dpor->frames[at];
    const struct footprint *print = frame->print;

    for (uint32_t i = 0; i < print->count; i++) {
        dpor->call_count -= print->touches[i].how == TOUCH_ADDED;
        if (is_noted(print->touches[i]))
            dpor->histories[print->touches[i].object].count--;
    }
    if (dpor->stop_count > 0 && dpor->stops[dpor->stop_count - 1] == at)
        dpor->stop_count--;
    dpor->histories[frame->actor].last_step = frame->step_before;
    dpor->step_count = frame->steps_before;
    while (dpor->race_count > 0 && dpor->races[dpor->race_count - 1].second == at)
        dpor->race_count--;
    frame->finished = false;
}

/* What has not come would come after this. */
bool dpor_begin_clock(struct dpor *dpor, uint32_t actor, struct vclock *clock)
{
    uint32_t index = 0;

    vclock_reset(clock);
    return begin_clock(dpor, actor, dpor->frames[dpor->open].epoch, clock, &index);
}
