#include "render/window_find.h"

#include <stdio.h>
#include <string.h>

#include "render/window_walk.h"

enum { SLICE = 8192 };

/* "Task-2: read counter = 1". */
static const char *event_words(const struct view *v, size_t event, char out[FOUND_WORDS_MAX])
{
    const struct sim_event *e = &v->trace->events[event];
    char name[REGISTRY_NAME_MAX];
    char label[LABEL_MAX];

    if (timeline_wait_label(v->timeline, event, label)[0] == '\0')
        (void)timeline_op_label(v->timeline, event, label);
    (void)snprintf(out, FOUND_WORDS_MAX, "%s: %s",
                   e->actor == 0 ? "the event loop"
                                 : registry_name(v->trace->registry, e->actor, name),
                   label);
    return out;
}

/* Whether an event says something that has the text: the first of its step, or a line printed. */
static bool event_has(const struct view *v, size_t event, const char *text,
                      char words[FOUND_WORDS_MAX])
{
    const struct sim_event *events = v->trace->events;

    if (event > 0 && events[event - 1].step == events[event].step &&
        events[event].kind != SIM_EV_PRINT)
        return false;
    return strcasestr(event_words(v, event, words), text) != NULL;
}

static void add(struct find *f, enum found_kind kind, size_t index, const char *words)
{
    struct found *found = &f->list[f->count++];

    found->kind = kind;
    found->index = index;
    (void)snprintf(found->words, sizeof(found->words), "%s", words);
}

static void find_names(struct find *f, const struct view *v)
{
    const struct registry *registry = v->trace->registry;
    char name[REGISTRY_NAME_MAX];
    char words[FOUND_WORDS_MAX];

    for (uint32_t id = 1; id <= registry_count(registry); id++) {
        uint32_t lane = v->timeline->lane_of[id - 1];

        (void)snprintf(words, sizeof(words), "%s %s",
                       sim_object_kind_name(registry_object(registry, id)->kind),
                       registry_name(registry, id, name));
        if (strcasestr(words, f->text) == NULL)
            continue;
        if (f->count == FOUND_NAMES_MOST) {
            f->more++;
            continue;
        }
        add(f, lane != UINT32_MAX ? FOUND_LANE : FOUND_OBJECT, lane != UINT32_MAX ? lane : id,
            words);
    }
}

static void begin(struct find *f, const struct view *v)
{
    f->count = 0;
    f->picked = 0;
    f->more = 0;
    f->left = 0;
    if (f->text[0] == '\0' || v->trace->event_count == 0)
        return;
    find_names(f, v);
    f->next = v->focus;
    f->left = v->trace->event_count;
}

const char *find_wanted(const struct find *f)
{
    return f != NULL && f->picks_out && f->text[0] != '\0' ? f->text : NULL;
}

bool find_has(const struct find *f, const char *words)
{
    const char *wanted = find_wanted(f);

    return wanted == NULL || strcasestr(words, wanted) != NULL;
}

void find_open(struct find *f, const struct view *v)
{
    f->open = true;
    f->fresh = true;
    f->picks_out = true;
    begin(f, v);
}

void find_type(struct find *f, const struct view *v, const char *text)
{
    size_t length = f->fresh ? 0 : strlen(f->text);

    f->fresh = false;
    if (length + strlen(text) < sizeof(f->text))
        memcpy(f->text + length, text, strlen(text) + 1);
    begin(f, v);
}

void find_erase(struct find *f, const struct view *v)
{
    size_t length = strlen(f->text);

    f->fresh = false;
    /* The bytes that continue a character go with it. */
    while (length > 0 && ((unsigned char)f->text[--length] & 0xC0) == 0x80)
        ;
    f->text[length] = '\0';
    begin(f, v);
}

bool find_work(struct find *f, const struct view *v)
{
    char words[FOUND_WORDS_MAX];

    for (int i = 0; i < SLICE && f->left > 0; i++) {
        size_t event = f->next;

        f->next = (event + 1) % v->trace->event_count;
        f->left--;
        if (!event_has(v, event, f->text, words))
            continue;
        add(f, FOUND_EVENT, event, words);
        if (f->count == FOUND_MOST)
            f->left = 0;
    }
    return f->left > 0;
}

void find_pick(struct find *f, int direction)
{
    if (f->count > 0)
        f->picked = (f->picked + (direction > 0 ? 1 : f->count - 1)) % f->count;
}

/* The next event with which an object has to do. */
static size_t event_of(const struct view *v, uint32_t id)
{
    for (size_t i = 0; i < v->trace->event_count; i++) {
        size_t at = (v->focus + 1 + i) % v->trace->event_count;

        if (v->trace->events[at].object == id || v->trace->events[at].actor == id)
            return at;
    }
    return SIZE_MAX;
}

bool find_go(const struct find *f, struct view *v, int index)
{
    if (index < 0 || index >= f->count)
        return false;
    const struct found *found = &f->list[index];

    if (found->kind == FOUND_EVENT)
        view_focus(v, found->index);
    else if (found->kind == FOUND_OBJECT)
        view_focus(v, event_of(v, (uint32_t)found->index));
    else
        view_focus(
            v, index_event_at(v->index, (uint32_t)found->index, v->timeline->column_of[v->focus]));
    return true;
}

bool find_beside(const struct find *f, struct view *v, int direction)
{
    size_t count = v->trace->event_count;
    size_t at = v->focus;
    char words[FOUND_WORDS_MAX];

    for (size_t i = 0; f->text[0] != '\0' && i + 1 < count; i++) {
        at = (at + (direction > 0 ? 1 : count - 1)) % count;
        if (v->trace->events[at].step == v->trace->events[v->focus].step ||
            !event_has(v, at, f->text, words))
            continue;
        view_focus(v, at);
        return true;
    }
    return false;
}
