/* Which steps happened before which, and which of them are in a race. */
#include "sim/base/vec.h"
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

static bool note(struct dpor *dpor, uint32_t id, uint32_t frame, uint32_t how)
{
    struct dpor_history *history = history_of(dpor, id);

    if (history == NULL ||
        !vec_reserve(&history->at, history->count + 1, &history->capacity, sizeof(*history->at)))
        return false;
    history->at[history->count++] = (struct dpor_entry){frame, how};
    return true;
}

/* The last step of an actor; NULL: it has taken none. */
static const struct dpor_entry *last_step(const struct dpor *dpor, uint32_t actor)
{
    if (actor >= dpor->history_capacity)
        return NULL;
    const struct dpor_history *history = &dpor->histories[actor];

    for (size_t i = history->count; i-- > 0;)
        if (history->at[i].how == HISTORY_STEP)
            return &history->at[i];
    return NULL;
}

bool dpor_has_begun(const struct dpor *dpor, uint32_t actor)
{
    return last_step(dpor, actor) != NULL;
}

bool dpor_clock_of_all(struct dpor *dpor, struct vclock *clock)
{
    for (uint32_t actor = 1; actor <= dpor->identity.count; actor++) {
        const struct dpor_entry *last = last_step(dpor, actor);

        if (last != NULL && !vclock_set(clock, actor, dpor->frames[last->frame].index))
            return false;
    }
    return true;
}

/* Join what can be in no race with the step: the release of a lock, the end of who is joined. */
static bool join_entry(struct dpor *dpor, struct vclock *clock, const struct dpor_entry *entry)
{
    return entry == NULL || vclock_join(clock, &dpor->frames[entry->frame].clock);
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

/* What its actor did before, what enabled it since, and all that happened before the clock moved.
 */
static bool begin_clock(struct dpor *dpor, uint32_t actor, uint32_t epoch, struct vclock *clock,
                        uint32_t *index)
{
    struct dpor_history *history = history_of(dpor, actor);

    *index = 1;
    if (history == NULL || !vclock_join(clock, &dpor->frames[epoch].before))
        return false;
    bool callback = dpor->threads && actor == dpor_callbacks(dpor);

    for (size_t i = history->count; i-- > 0;) {
        const struct dpor_entry *entry = &history->at[i];
        const struct dpor_frame *other = &dpor->frames[entry->frame];

        if (entry->how != HISTORY_STEP && (callback || entry->how != TOUCH_ENABLE))
            continue;
        if (!vclock_join(clock, &other->clock))
            return false;
        if (entry->how == HISTORY_STEP) {
            *index = other->index + 1;
            break;
        }
    }
    return true;
}

static bool add_rival(struct dpor *dpor, const struct dpor_entry *entry)
{
    if (!vec_reserve(&dpor->rivals, dpor->rival_count + 1, &dpor->rival_capacity,
                     sizeof(*dpor->rivals)))
        return false;
    dpor->rivals[dpor->rival_count++] = *entry;
    return true;
}

static bool is_taking(uint32_t how)
{
    return how == TOUCH_LOCK || how == TOUCH_TRY;
}

/* Whoever may have touched the object directly before; and the release that a lock waited for. */
static bool find_rivals(struct dpor *dpor, struct touch touch, const struct dpor_entry **release)
{
    const struct dpor_history *history = history_of(dpor, touch.object);

    if (history == NULL)
        return false;
    for (size_t i = history->count; i-- > 0;) {
        const struct dpor_entry *entry = &history->at[i];

        if (entry->how > TOUCH_END)
            continue;
        if (touch.how == TOUCH_LOCK && !is_taking(entry->how)) {
            if (entry->how == TOUCH_UNLOCK && *release == NULL)
                *release = entry;
            continue;
        }
        if (touch.how == TOUCH_READ && entry->how == TOUCH_READ)
            continue;
        /* Who releases it has taken it. */
        if (touch.how == TOUCH_UNLOCK && is_taking(entry->how))
            return true;
        if (!add_rival(dpor, entry))
            return false;
        if (entry->how != TOUCH_READ)
            return true;
    }
    return true;
}

/* The last step of an actor that touched something; NULL: none did. */
static const struct dpor_entry *last_touching_step(const struct dpor *dpor, uint32_t actor)
{
    if (actor >= dpor->history_capacity)
        return NULL;
    const struct dpor_history *history = &dpor->histories[actor];

    for (size_t i = history->count; i-- > 0;)
        if (history->at[i].how == HISTORY_STEP &&
            footprint_touches(dpor->frames[history->at[i].frame].print))
            return &history->at[i];
    return NULL;
}

/* The end of the program's first thread ends the program: every other actor's next step is lost. */
static bool find_all(struct dpor *dpor, uint32_t actor)
{
    for (uint32_t other = 1; other <= dpor->identity.count; other++) {
        const struct dpor_entry *last = other == actor ? NULL : last_touching_step(dpor, other);

        if (last != NULL && !add_rival(dpor, last))
            return false;
    }
    return true;
}

/* The latest first; there are few, and mostly in order already. */
static void sort_rivals(struct dpor *dpor)
{
    for (size_t i = 1; i < dpor->rival_count; i++) {
        struct dpor_entry entry = dpor->rivals[i];
        size_t at = i;

        for (; at > 0 && dpor->rivals[at - 1].frame < entry.frame; at--)
            dpor->rivals[at] = dpor->rivals[at - 1];
        dpor->rivals[at] = entry;
    }
}

static bool add_race(struct dpor *dpor, struct dpor_race race)
{
    if (!vec_reserve(&dpor->races, dpor->race_count + 1, &dpor->race_capacity,
                     sizeof(*dpor->races)))
        return false;
    dpor->races[dpor->race_count++] = race;
    return true;
}

/* A rival is in a race with the step if nothing orders them but the touch itself: the latest is
 * looked at first, and its clock holds whatever came between. */
static bool judge_rivals(struct dpor *dpor, struct vclock *clock, struct dpor_race race)
{
    sort_rivals(dpor);
    for (size_t i = 0; i < dpor->rival_count; i++) {
        const struct dpor_frame *other = &dpor->frames[dpor->rivals[i].frame];

        if (vclock_get(clock, other->print->actor) >= other->index)
            continue;
        race.first = dpor->rivals[i].frame;
        if (race.never != NULL)
            race.never->refs++;
        if (!add_race(dpor, race) || !vclock_join(clock, &other->clock))
            return false;
    }
    return true;
}

/* The rivals for what the step takes (a lock that it waits for), or for all the rest. */
static bool order_touches(struct dpor *dpor, const struct footprint *print, struct vclock *clock,
                          struct dpor_race race, bool takes)
{
    enum { RELEASES = 8 };
    const struct dpor_entry *releases[RELEASES];
    uint32_t waited = 0;

    dpor->rival_count = 0;
    for (uint32_t i = 0; i < print->count; i++) {
        struct touch touch = print->touches[i];
        const struct dpor_entry *release = NULL;
        bool ok = true;

        if ((touch.how == TOUCH_LOCK) != takes)
            continue;
        if (touch.how == TOUCH_JOIN)
            ok = join_entry(dpor, clock, last_step(dpor, touch.object));
        else if (touch.object == TOUCH_ALL)
            ok = find_all(dpor, print->actor);
        else if (touch.how <= TOUCH_END)
            ok = find_rivals(dpor, touch, &release);
        if (!ok)
            return false;
        if (release != NULL && waited < RELEASES)
            releases[waited++] = release;
    }
    if (!judge_rivals(dpor, clock, race))
        return false;
    for (uint32_t i = 0; i < waited; i++)
        if (!join_entry(dpor, clock, releases[i]))
            return false;
    return true;
}

/* Locks first: whatever was done before they were released is in no race with who waited for that.
 */
static bool order(struct dpor *dpor, const struct footprint *print, struct vclock *clock,
                  struct dpor_race race)
{
    return (!print->locks || order_touches(dpor, print, clock, race, true)) &&
           order_touches(dpor, print, clock, race, false);
}

/* Would anybody look for it?  Who joins takes the last step of who has ended; who only looks
 * whether it has ended looks for the end. */
static inline bool is_noted(struct touch touch)
{
    return touch.object != TOUCH_ALL && (touch.how <= TOUCH_END || touch.how == TOUCH_ENABLE);
}

bool dpor_finish(struct dpor *dpor, uint32_t at)
{
    struct dpor_frame *frame = &dpor->frames[at];
    const struct footprint *print = frame->print;
    uint32_t actor = print->actor;

    if (frame->finished)
        return true;
    vclock_reset(&frame->clock);
    if (!join_adding(dpor, print, &frame->clock) ||
        !begin_clock(dpor, actor, frame->epoch, &frame->clock, &frame->index) ||
        !order(dpor, print, &frame->clock, (struct dpor_race){.second = at}) ||
        !vclock_set(&frame->clock, actor, frame->index) || !note(dpor, actor, at, HISTORY_STEP))
        return false;
    for (uint32_t i = 0; i < print->count; i++) {
        struct touch touch = print->touches[i];

        if (touch.how == TOUCH_ADDED && !note_added(dpor, touch.object, at))
            return false;
        if (is_noted(touch) && !note(dpor, touch.object, at, touch.how))
            return false;
    }
    frame->finished = true;
    return dpor_note_turn(dpor, at);
}

/* Everything later has been taken back already. */
void dpor_unfinish(struct dpor *dpor, uint32_t at)
{
    struct dpor_frame *frame = &dpor->frames[at];
    const struct footprint *print = frame->print;

    for (uint32_t i = print->count; i-- > 0;) {
        dpor->call_count -= print->touches[i].how == TOUCH_ADDED;
        if (is_noted(print->touches[i]))
            dpor->histories[print->touches[i].object].count--;
    }
    dpor->histories[print->actor].count--;
    while (dpor->race_count > 0 && dpor->races[dpor->race_count - 1].second == at)
        dpor->race_count--;
    frame->finished = false;
}

/* ---- Planning. ---- */

/* Who stands before a held mutex for ever could have had it before its holder. */
static bool find_blocked(struct dpor *dpor)
{
    struct vclock clock = {0};
    bool ok = true;

    for (size_t i = 0; ok && i < dpor->wanting_count; i++) {
        const struct dpor_wanting *wanting = &dpor->wanting[i];
        struct footprint *print = footprint_new(&dpor->prints, wanting->actor);
        uint32_t epoch = dpor->frames[dpor->open].epoch;
        uint32_t index = 0;

        vclock_reset(&clock);
        ok = print != NULL &&
             footprint_add(&dpor->prints, &print, (struct touch){wanting->mutex, TOUCH_LOCK}) &&
             begin_clock(dpor, wanting->actor, epoch, &clock, &index) &&
             order(dpor, print, &clock, (struct dpor_race){.second = DPOR_NONE, .never = print});
        footprint_drop(&dpor->prints, print);
    }
    vclock_free(&clock);
    return ok;
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
        struct footprint *print = dpor_announced(dpor, option);

        if (print == NULL ||
            !add_race(dpor, (struct dpor_race){dpor->open, DPOR_NONE, print, true}))
            return false;
    }
    return true;
}

/* A step after which no deadline can pass any more has stopped one that could have passed before.
 */
static bool find_stopped_clock(struct dpor *dpor)
{
    uint32_t last = DPOR_NONE;

    for (uint32_t i = 0; i < dpor->count; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        if (!dpor_is_step(frame))
            continue;
        const struct dpor_frame *stopped =
            last == DPOR_NONE || frame->could_time ? NULL : &dpor->frames[last];

        if (stopped != NULL && stopped->could_time && stopped->op != SIM_EV_CLOCK &&
            last >= dpor->first_new) {
            struct footprint *print = dpor_deadline(dpor, stopped->time_object);

            if (print == NULL || !add_race(dpor, (struct dpor_race){last, DPOR_NONE, print, false}))
                return false;
        }
        last = i;
    }
    return true;
}

/* The steps after the first of a race that do not need it, and then the second. */
static bool other_order(struct dpor *dpor, const struct dpor_race *race)
{
    const struct dpor_frame *first = &dpor->frames[race->first];
    struct sequence *sequence = &dpor->sequence;

    sequence->count = 0;
    for (uint32_t i = race->first + 1; i < dpor->count; i++) {
        const struct dpor_frame *frame = &dpor->frames[i];

        if (dpor_is_step(frame) && frame->finished && !frame->print->silent &&
            vclock_get(&frame->clock, first->print->actor) < first->index &&
            !sequence_push(sequence, frame->print))
            return false;
    }
    if (race->never == NULL)
        return sequence_push(sequence, dpor->second);
    /* What the program's end has cut off comes some time before that end. */
    return sequence_push(sequence, race->never) &&
           (!race->cut_off || sequence_push(sequence, first->print));
}

/* The second step of a race as it may be without the first, which it depends on: what tries may
 * take, and what a task does can be anything. */
static struct footprint *without_first(struct dpor *dpor, const struct dpor_race *race)
{
    const struct dpor_frame *frame = &dpor->frames[race->second];
    bool tries = frame->op == SIM_EV_ATOMIC_RMW || frame->op == SIM_EV_TRY || frame->varies;

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

bool dpor_insert(struct dpor *dpor, struct dpor_frame *frame, bool open)
{
    for (size_t i = 0; i < frame->sleep_count; i++)
        if (dpor_covers(&frame->sleep[i], &dpor->sequence))
            return true;
    return wakeup_insert(&dpor->nodes, &dpor->prints, &frame->siblings, &dpor->sequence, open);
}

static bool plan_sequence(struct dpor *dpor, const struct dpor_race *race)
{
    return other_order(dpor, race) && dpor_insert(dpor, &dpor->frames[race->first], race->cut_off);
}

static bool plan(struct dpor *dpor, const struct dpor_race *race)
{
    if (dpor->frames[race->first].wide)
        return true;
    if (race->never != NULL)
        return plan_sequence(dpor, race);
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

/* Is the open step the turn of a task, and was this option, which was not taken, another one? */
static bool is_overtaken(struct dpor *dpor, const struct sim_option *option)
{
    const struct dpor_frame *open = &dpor->frames[dpor->open];

    return open->of_task && !dpor->threads && dpor_actor(dpor, option) != open->print->actor;
}

/* Who was ready while the open step blocked the loop could have had its turn before it; what a turn
 * does can be anything. */
static bool find_overtaken(struct dpor *dpor)
{
    for (uint32_t i = 0; i < dpor->last_count; i++) {
        const struct sim_option *option = dpor_last(dpor, i);

        if (!is_overtaken(dpor, option))
            continue;
        struct footprint *print = dpor_announced(dpor, option);

        if (print == NULL ||
            !footprint_add(&dpor->prints, &print, (struct touch){TOUCH_ALL, TOUCH_WRITE}) ||
            !add_race(dpor, (struct dpor_race){dpor->open, DPOR_NONE, print, false}))
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

bool dpor_plan(struct dpor *dpor)
{
    if (dpor->open == DPOR_NONE)
        return true;
    if (!find_blocked(dpor) || (dpor->has_clock && !find_stopped_clock(dpor)) ||
        (dpor->main_ended && !find_cut_off(dpor)))
        return false;
    for (size_t i = 0; i < dpor->race_count; i++)
        if (dpor->races[i].second >= dpor->first_new && !plan(dpor, &dpor->races[i]))
            return false;
    return true;
}
