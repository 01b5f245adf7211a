/* Where an execution begins as the last one did, nothing new is to be learnt: the simulation gives
 * the same answers itself, without a look at options or events, and the search goes on from what it
 * knew at the first decision that may differ.  What changes from event to event is noted, so that
 * it can be taken back to there. */
#include "sim/core/snapshot.h"
#include "sim/policy/dpor_state.h"

static bool note(struct dpor *dpor, struct dpor_undo undo)
{
    if (!vec_reserve(&dpor->undo, dpor->undo_count + 1, &dpor->undo_capacity,
                     sizeof(*dpor->undo))) {
        dpor->sink.out_of_memory = true;
        return false;
    }
    dpor->undo[dpor->undo_count++] = undo;
    return true;
}

void dpor_set_wait(struct dpor *dpor, uint32_t actor, struct touch touch)
{
    struct touch *wait = &dpor->waits[actor];

    if (note(dpor, (struct dpor_undo){UNDO_WAIT, actor, wait->object, wait->how}))
        *wait = touch;
}

void dpor_want(struct dpor *dpor, struct dpor_wanting wanting)
{
    if (!vec_reserve(&dpor->wanting, dpor->wanting_count + 1, &dpor->wanting_capacity,
                     sizeof(*dpor->wanting)))
        dpor->sink.out_of_memory = true;
    else if (note(dpor, (struct dpor_undo){.kind = UNDO_WANT}))
        dpor->wanting[dpor->wanting_count++] = wanting;
}

void dpor_want_no_more(struct dpor *dpor, uint32_t at)
{
    struct dpor_wanting *wanting = &dpor->wanting[at];

    if (note(dpor, (struct dpor_undo){UNDO_WANT_NO_MORE, at, wanting->actor, wanting->mutex}))
        *wanting = dpor->wanting[--dpor->wanting_count];
}

static void take_back(struct dpor *dpor, const struct dpor_undo *undo)
{
    switch (undo->kind) {
    case UNDO_WAIT:
        dpor->waits[undo->at] = (struct touch){undo->first, undo->second};
        break;
    case UNDO_WANT:
        dpor->wanting_count--;
        break;
    case UNDO_WANT_NO_MORE:
        dpor->wanting[dpor->wanting_count++] = dpor->wanting[undo->at];
        dpor->wanting[undo->at] = (struct dpor_wanting){undo->first, undo->second};
        break;
    }
}

struct dpor_mark dpor_mark(const struct dpor *dpor)
{
    return (struct dpor_mark){.call = dpor->call,
                              .ids = dpor->identity.known,
                              .undo = dpor->undo_count,
                              .spin_undo = dpor->spin.undo_count,
                              .threads = dpor->threads,
                              .loops = dpor->loops,
                              .idles = dpor->idles,
                              .news = dpor->news};
}

/* The first decision at which something is to be seen. */
static uint32_t first_to_see(struct dpor *dpor)
{
    uint32_t first = dpor->first_new;

    for (uint32_t i = 0; dpor->unlisted && i < first; i++)
        if (dpor->frames[i].unlisted)
            first = i;
    dpor->unlisted = false;
    return first;
}

void dpor_rewind(struct dpor *dpor)
{
    uint32_t first = first_to_see(dpor);
    bool known = first < dpor->count && first > 0 && dpor->frames[first].mark.call > 0;
    struct dpor_mark mark = known ? dpor->frames[first].mark : (struct dpor_mark){.loops = true};

    while (dpor->undo_count > mark.undo)
        take_back(dpor, &dpor->undo[--dpor->undo_count]);
    spin_rewind(&dpor->spin, mark.spin_undo);
    if (known)
        identity_rewind(&dpor->identity, mark.ids);
    else
        identity_begin(&dpor->identity);
    dpor->threads = mark.threads;
    dpor->loops = mark.loops;
    dpor->idles = mark.idles;
    dpor->news = mark.news;
    dpor->depth = known ? first : 0;
    dpor->open = dpor->depth == 0 ? DPOR_NONE : dpor->depth - 1;
    while (dpor->open != DPOR_NONE && !dpor_is_step(&dpor->frames[dpor->open]))
        dpor->open = dpor->frames[dpor->open].owner;
    dpor->pieces = dpor->open == DPOR_NONE ? 0 : dpor->frames[dpor->open].pieces;
    dpor->call = mark.call;
}

/* Before which of the known answers the simulation is worth saving: there the next execution that
 * begins as this one does will part from it, as far as is planned now. */
static uint32_t place_to_save(const struct dpor *dpor)
{
    uint32_t at = dpor->depth;

    if (at == dpor->count)
        return UINT32_MAX;
    while (at > 0 && dpor->frames[at].siblings == NULL)
        at--;
    return dpor->frames[at].mark.call - 1;
}

void dpor_say_again(struct dpor *dpor)
{
    dpor->passing = (struct sim_passes){0};
    dpor->known.at = dpor->answers;
    dpor->known.count = dpor->call;
    dpor->known.next = 0;
    dpor->known.broken = false;
    dpor->known.save = place_to_save(dpor);
    dpor->skips = dpor->call > 0;
    /* Behind that, this execution may be another. */
    snapshots_drop(dpor->policy.snapshots, dpor->known.count);
}

uint32_t dpor_answer_again(struct dpor *dpor, const struct sim_choice *choice)
{
    const struct sim_answer *answer = &dpor->answers[dpor->known.next];

    dpor->known.broken = choice->count != answer->offered;
    dpor->known.next++;
    return dpor->known.broken ? SIM_DIVERGE : answer->option;
}

void dpor_again(struct dpor *dpor)
{
    dpor_see_passes(dpor);
    dpor->again = dpor->call > dpor->known.count;
}
