/* A search by optimal DPOR as text, from which it can go on.  Clocks, races and histories are not
 * written: they are worked out again from what the steps touched. */
#include <inttypes.h>
#include <stdlib.h>

#include "sim/base/vec.h"
#include "sim/policy/dpor_state.h"

/* ---- Writing. ---- */

/* The end of a line: the actor, how often it touches something, and each object and how; NULL:
 * nothing. */
static void put_print(FILE *out, const struct footprint *print)
{
    if (print != NULL)
        (void)fprintf(out, " %u %u", print->actor, print->count);
    for (uint32_t i = 0; print != NULL && i < print->count; i++)
        (void)fprintf(out, " %u %u", print->touches[i].object, print->touches[i].how);
    (void)fputc('\n', out);
}

/* Those that are still to be written: the next of each level of the tree. */
struct levels {
    const struct wakeup_node **at; /* owned */
    size_t capacity;
};

/* A line for each node: how deep it stands, what is not known of its step, and that.  Returns false
 * when out of memory. */
static bool put_tree(FILE *out, const struct wakeup_node *tree)
{
    struct levels levels = {0};
    uint32_t depth = 0;

    if (!vec_reserve(&levels.at, 1, &levels.capacity, sizeof(levels.at[0])))
        return false;
    levels.at[0] = tree;
    for (;;) {
        const struct wakeup_node *node = levels.at[depth];

        if (node == NULL && depth == 0)
            break;
        if (node == NULL) {
            depth--;
            continue;
        }
        (void)fprintf(out, "t %u %d %d", depth, node->unseen, node->print->partial);
        put_print(out, node->print);
        levels.at[depth] = node->next;
        if (!vec_reserve(&levels.at, ++depth + 1, &levels.capacity, sizeof(levels.at[0])))
            break;
        levels.at[depth] = node->first;
    }
    free(levels.at);
    (void)fputs("t -\n", out);
    return depth == 0;
}

static bool put_step(FILE *out, const struct dpor_frame *frame)
{
    (void)fprintf(
        out, "s %u %u %u %d %d %d %d %d %d %d %d %d %u %u %u %u %u %u %d %" PRId64 " %" PRId64,
        frame->option, frame->offered, frame->op, frame->of_task, frame->wide, frame->unlisted,
        frame->shared, frame->has_clock, frame->last_resort, frame->could_time, frame->released,
        frame->alone, frame->early, frame->time_object, frame->prefixes, frame->tried, frame->width,
        frame->pieces, frame->print->silent, frame->now_ns, frame->until_ns);
    put_print(out, frame->print);
    (void)fprintf(out, "rest %d", frame->rest != NULL);
    put_print(out, frame->rest);
    (void)fprintf(out, "sleep %zu\n", frame->sleep_count);
    for (size_t i = 0; i < frame->sleep_count; i++) {
        const struct dpor_sleeper *sleeper = &frame->sleep[i];

        (void)fprintf(out, "z %d %d %d %d", sleeper->light, sleeper->one_of_many, sleeper->waits,
                      sleeper->woken);
        put_print(out, sleeper->print);
    }
    return put_tree(out, frame->siblings);
}

static void put_number(FILE *out, const struct dpor_frame *frame)
{
    (void)fprintf(out, "n %u %u %u %u %u %u %d\n", frame->option, frame->offered, frame->owner,
                  frame->nth, frame->start, frame->tries, frame->shared);
}

bool dpor_save(const struct dpor *dpor, FILE *out)
{
    const struct identity *identity = &dpor->identity;

    (void)fprintf(out, "dpor %d %d %d %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\nids %u\n",
                  dpor->turns, dpor->beside, dpor->lists, dpor->statistics.unseen, dpor->prefix,
                  dpor->statistics.asleep, dpor->statistics.infeasible, dpor->statistics.listed,
                  identity->count);
    for (uint32_t id = 1; id <= identity->count; id++)
        (void)fprintf(out, "i %u %u\n", identity->keys[id].creator, identity->keys[id].nth);
    (void)fprintf(out, "frames %u\n", dpor->count);
    for (uint32_t i = 0; i < dpor->count; i++) {
        if (!dpor_is_step(&dpor->frames[i]))
            put_number(out, &dpor->frames[i]);
        else if (!put_step(out, &dpor->frames[i]))
            return false;
    }
    if (!put_tree(out, dpor->follow))
        return false;
    (void)fprintf(out, "script %d", dpor->script != NULL);
    put_print(out, dpor->script);
    return true;
}

/* ---- Reading. ---- */

static bool no_memory(struct reader *in)
{
    return reader_fail(in, "out of memory");
}

static bool get_flag(struct reader *in, bool *flag)
{
    uint32_t number = 0;
    bool ok = reader_u32(in, 1, &number);

    *flag = number == 1;
    return ok;
}

static bool get_count(struct reader *in, uint64_t *count)
{
    int64_t number = 0;
    bool ok = reader_number(in, 0, INT64_MAX, &number);

    *count = (uint64_t)number;
    return ok;
}

static bool get_touch(struct dpor *dpor, struct reader *in, struct touch *touch)
{
    if (!reader_u32(in, UINT32_MAX, &touch->object) || !reader_u32(in, TOUCH_MADE, &touch->how))
        return false;
    bool all = touch->object == TOUCH_ALL && touch->how == TOUCH_WRITE;

    if (touch_is_number(touch->how) || all ||
        (touch->object > 0 && touch->object <= dpor->identity.count))
        return true;
    return reader_fail(in, "an object that nobody has made");
}

/* What put_print has written; NULL after a message. */
static struct footprint *get_print(struct dpor *dpor, struct reader *in)
{
    struct footprint *print = NULL;
    uint32_t actor = 0;
    uint32_t count = 0;
    bool ok = reader_u32(in, dpor->identity.count, &actor) && reader_u32(in, UINT32_MAX, &count);

    if (!ok || actor == 0) {
        (void)reader_fail(in, "an actor that there is not");
        return NULL;
    }
    print = footprint_new(&dpor->prints, actor);
    if (print == NULL)
        (void)no_memory(in);
    for (uint32_t i = 0; ok && print != NULL && i < count; i++) {
        struct touch touch = {0};

        ok = get_touch(dpor, in, &touch) &&
             (footprint_add(&dpor->prints, &print, touch) || no_memory(in));
    }
    if (print != NULL && ok && reader_end(in))
        return print;
    footprint_drop(&dpor->prints, print);
    return NULL;
}

/* A line that begins with the word, and has a footprint if a flag says so. */
static bool get_any_print(struct dpor *dpor, struct reader *in, const char *word,
                          struct footprint **print)
{
    bool there = false;

    if (!reader_next_line(in) || !reader_word(in, word) || !get_flag(in, &there))
        return false;
    if (!there)
        return reader_end(in);
    *print = get_print(dpor, in);
    return *print != NULL;
}

/* Where the next node of each level goes. */
struct places {
    struct wakeup_node ***at; /* owned */
    size_t capacity;
};

/* Is this the line that ends a tree? */
static bool tree_ends(struct reader *in)
{
    return in->line_end - in->at == 2 && in->at[0] == ' ' && in->at[1] == '-';
}

static bool get_node(struct dpor *dpor, struct reader *in, struct places *places, uint32_t *deepest)
{
    uint32_t depth = 0;
    bool unseen = false;
    bool partial = false;

    if (!reader_u32(in, *deepest, &depth) || !get_flag(in, &unseen) || !get_flag(in, &partial))
        return false;
    struct footprint *print = get_print(dpor, in);

    if (print == NULL)
        return false;
    print->partial = partial;
    struct wakeup_node *node = wakeup_node_new(&dpor->nodes, &dpor->prints, print);

    if (node == NULL)
        return no_memory(in);
    node->unseen = unseen;
    *places->at[depth] = node;
    if (!vec_reserve(&places->at, (size_t)depth + 2, &places->capacity, sizeof(places->at[0])))
        return no_memory(in);
    places->at[depth] = &node->next;
    places->at[depth + 1] = &node->first;
    *deepest = depth + 1;
    return true;
}

static bool get_tree(struct dpor *dpor, struct reader *in, struct wakeup_node **tree)
{
    struct places places = {0};
    uint32_t deepest = 0;
    bool ok = vec_reserve(&places.at, 1, &places.capacity, sizeof(places.at[0])) || no_memory(in);
    bool ended = false;

    if (ok)
        places.at[0] = tree;
    while (ok && !ended) {
        ok = reader_next_line(in) && reader_word(in, "t");
        ended = ok && tree_ends(in);
        ok = ok && (ended || get_node(dpor, in, &places, &deepest));
    }
    free(places.at);
    return ok;
}

static bool get_sleep(struct dpor *dpor, struct reader *in, struct dpor_frame *frame)
{
    uint32_t count = 0;

    if (!reader_next_line(in) || !reader_word(in, "sleep") || !reader_u32(in, UINT32_MAX, &count) ||
        !reader_end(in))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct dpor_sleeper sleeper = {0};

        if (!reader_next_line(in) || !reader_word(in, "z") || !get_flag(in, &sleeper.light) ||
            !get_flag(in, &sleeper.one_of_many) || !get_flag(in, &sleeper.waits) ||
            !get_flag(in, &sleeper.woken))
            return false;
        sleeper.print = get_print(dpor, in);
        if (sleeper.print == NULL)
            return false;
        if (!dpor_fall_asleep(frame, sleeper)) {
            footprint_drop(&dpor->prints, sleeper.print);
            return no_memory(in);
        }
    }
    return true;
}

static bool get_step(struct dpor *dpor, struct reader *in, struct dpor_frame *frame)
{
    uint32_t op = 0;
    bool silent = false;
    int64_t now_ns = 0;
    int64_t until_ns = 0;
    int64_t last_ns = dpor->open == DPOR_NONE ? 0 : dpor->frames[dpor->open].until_ns;

    if (!reader_u32(in, UINT32_MAX - 1, &frame->option) ||
        !reader_u32(in, UINT32_MAX - 1, &frame->offered) ||
        !reader_u32(in, SIM_EVENT_COUNT - 1, &op) || !get_flag(in, &frame->of_task) ||
        !get_flag(in, &frame->wide) || !get_flag(in, &frame->unlisted) ||
        !get_flag(in, &frame->shared) || !get_flag(in, &frame->has_clock) ||
        !get_flag(in, &frame->last_resort) || !get_flag(in, &frame->could_time) ||
        !get_flag(in, &dpor->released) || !get_flag(in, &frame->alone) ||
        !reader_u32(in, UINT32_MAX, &frame->early) ||
        !reader_u32(in, UINT32_MAX, &frame->time_object) ||
        !reader_u32(in, UINT32_MAX, &frame->prefixes) ||
        !reader_u32(in, UINT32_MAX, &frame->tried) || !reader_u32(in, UINT32_MAX, &frame->width) ||
        !reader_u32(in, UINT32_MAX, &frame->pieces) || !get_flag(in, &silent) ||
        !reader_number(in, last_ns, INT64_MAX, &now_ns) ||
        !reader_number(in, now_ns, INT64_MAX, &until_ns))
        return false;
    frame->op = (uint8_t)op;
    dpor->has_clock = frame->has_clock;
    if (frame->option > frame->offered || frame->offered == 0)
        return reader_fail(in, "a step that nobody could take");
    if (!dpor_begin_epoch(dpor, frame, now_ns))
        return no_memory(in);
    frame->until_ns = until_ns;
    frame->print = get_print(dpor, in);
    if (frame->print != NULL)
        frame->print->silent &= silent;
    return frame->print != NULL && get_any_print(dpor, in, "rest", &frame->rest) &&
           get_sleep(dpor, in, frame) && get_tree(dpor, in, &frame->siblings);
}

static bool get_number(struct dpor *dpor, struct reader *in, struct dpor_frame *frame)
{
    if (!reader_u32(in, UINT32_MAX - 1, &frame->option) ||
        !reader_u32(in, UINT32_MAX - 1, &frame->offered) ||
        !reader_u32(in, UINT32_MAX, &frame->owner) || !reader_u32(in, UINT32_MAX, &frame->nth) ||
        !reader_u32(in, UINT32_MAX, &frame->start) || !reader_u32(in, UINT32_MAX, &frame->tries) ||
        !get_flag(in, &frame->shared) || !reader_end(in))
        return false;
    if (frame->option >= frame->offered || frame->start >= frame->offered ||
        frame->tries >= frame->offered)
        return reader_fail(in, "a number that is too large");
    return frame->owner == dpor->open || reader_fail(in, "a number that no step has asked for");
}

static bool get_frame(struct dpor *dpor, struct reader *in)
{
    if (!reader_next_line(in))
        return false;
    bool step = in->at < in->line_end && *in->at == 's';

    if (!reader_word(in, step ? "s" : "n"))
        return false;
    /* All steps but the last have ended. */
    if (step && dpor->open != DPOR_NONE && !dpor_finish(dpor, dpor->open))
        return no_memory(in);
    struct dpor_frame *frame = dpor_push(dpor);

    if (frame == NULL)
        return no_memory(in);
    if (!step)
        return get_number(dpor, in, frame);
    if (!get_step(dpor, in, frame))
        return false;
    dpor->open = dpor->count - 1;
    return true;
}

static bool get_ids(struct dpor *dpor, struct reader *in)
{
    uint32_t count = 0;

    if (!reader_next_line(in) || !reader_word(in, "ids") ||
        !reader_u32(in, UINT32_MAX - 1, &count) || !reader_end(in))
        return false;
    for (uint32_t id = 1; id <= count; id++) {
        struct identity_key key = {0};

        if (!reader_next_line(in) || !reader_word(in, "i") ||
            !reader_u32(in, id - 1, &key.creator) || !reader_u32(in, UINT32_MAX, &key.nth) ||
            !reader_end(in))
            return false;
        uint32_t given = identity_intern(&dpor->identity, key.creator, key.nth);

        if (given == 0)
            return no_memory(in);
        if (given != id)
            return reader_fail(in, "an object that was made before");
    }
    return true;
}

bool dpor_load(struct dpor *dpor, struct reader *in)
{
    uint32_t frames = 0;

    if (!reader_next_line(in) || !reader_word(in, "dpor") || !get_flag(in, &dpor->turns) ||
        !get_flag(in, &dpor->beside) || !get_flag(in, &dpor->lists) ||
        !get_flag(in, &dpor->statistics.unseen) || !get_count(in, &dpor->prefix) ||
        !get_count(in, &dpor->statistics.asleep) || !get_count(in, &dpor->statistics.infeasible) ||
        !get_count(in, &dpor->statistics.listed) || !reader_end(in) || !get_ids(dpor, in) ||
        !reader_next_line(in) || !reader_word(in, "frames") ||
        !reader_u32(in, UINT32_MAX - 1, &frames) || !reader_end(in))
        return false;
    for (uint32_t i = 0; i < frames; i++)
        if (!get_frame(dpor, in))
            return false;
    /* The step that is at work, or has another number, does not know yet what it touches. */
    dpor->first_new = dpor->open == DPOR_NONE ? 0 : dpor->open;
    dpor->kept = dpor->count;
    dpor->open = DPOR_NONE;
    return get_tree(dpor, in, &dpor->follow) && get_any_print(dpor, in, "script", &dpor->script);
}
