/* The report as lines of text, for a terminal or the log of a machine that shows no pictures. */
#include "render/text.h"

#include <stdlib.h>
#include <string.h>

#include "render/story.h"
#include "render/text_page.h"
#include "sim/base/status.h"

enum { NAME_MOST = 24, LABEL_LEAST = 12 };

/* The cell in which a column begins. */
static int cell_of(const struct page *page, uint32_t column)
{
    return page_cell(axis_x(&page->report.axis, column));
}

static void write_head(struct page *page)
{
    const struct report *r = &page->report;
    char text[FONT_TEXT_MAX];
    char place[LABEL_MAX];
    char identity[REPORT_IDENTITY_MAX];

    (void)snprintf(text, sizeof(text), "%s: %s", report_badge(r), report_sentence(r));
    row_wrap(&page->row, page->out, 2, text);
    row_wrap(&page->row, page->out, 2,
             report_identity(r, row_sign(&page->row, SIGN_DOT), identity));
    for (int i = 0; r->finding != NULL && i < r->finding->step_count; i++) {
        (void)snprintf(text, sizeof(text), "%d. %s%s", i + 1, r->finding->steps[i].caption,
                       story_place(r->trace, &r->finding->steps[i], place));
        row_wrap(&page->row, page->out, 3, text);
    }
    size_t next = explored_next(r->trace, 0);

    for (int i = 0; i < EXPLORED_TOLD_MOST && next < r->trace->event_count;
         i++, next = explored_next(r->trace, next + 1)) {
        char words[EXPLORED_WORDS_MAX];

        (void)snprintf(text, sizeof(text), "Tried at %s.",
                       explored_words(r->trace, &r->trace->events[next], words));
        row_wrap(&page->row, page->out, 2, text);
    }
    (void)fputc('\n', page->out);
}

static void write_axis(struct page *page)
{
    const struct axis *axis = &page->report.axis;
    struct row times = {.ascii = page->row.ascii, .width = page->row.width};
    uint32_t shown_step = 0;
    int64_t shown_ns = -1;
    int next = page->x0;
    int next_time = page->x0;
    char text[LABEL_MAX];

    row_clear(&page->row);
    (void)row_text(&page->row, 0, page->x0, "step");
    (void)row_text(&times, 0, page->x0, "time");
    for (int i = 0; i < axis->count; i++) {
        bool exact = false;
        const struct sim_event *e =
            timeline_event_at(page->report.timeline, axis->slots[i].column, &exact);
        int x = cell_of(page, axis->slots[i].column);

        if (axis->slots[i].folded && x >= next) {
            row_put(&page->row, x - 2, SIGN_FOLD);
            next = x;
        } else if (axis->slots[i].squeezed && x + 1 >= next) {
            row_put(&page->row, x + 1, SIGN_FOLD);
            next = x + 3;
        }
        if (e == NULL || !exact)
            continue;
        (void)snprintf(text, sizeof(text), "%u", e->step);
        int length = row_length(&page->row, text);

        if (x >= next && x + length <= page->x1 + 1 && e->step != shown_step)
            next = x + row_text(&page->row, x, length, text) + 1;
        shown_step = e->step;
        length = row_length(&times, timeline_time(e->time_ns, text));
        if (e->time_ns != shown_ns && x >= next_time && x + length <= page->x1 + 1) {
            next_time = x + row_text(&times, x, length, text) + 1;
            shown_ns = e->time_ns;
        }
    }
    row_print(&page->row, page->out);
    row_print(&times, page->out);
}

/* A label on a rail: one sign of the rail, a blank, the words, a blank. */
static void put_label(struct page *page, int from, int to, const char *label)
{
    int room = to - from - 3;
    int length = row_length(&page->row, label);

    if (length == 0 || (length > room && room < LABEL_LEAST))
        return;
    (void)row_text(&page->row, from + 1, 1, " ");
    int end = from + 2 + row_text(&page->row, from + 2, room, label);

    (void)row_text(&page->row, end, 1, " ");
}

static void put_spans(struct page *page, const struct lane *lane)
{
    const struct timeline *t = page->report.timeline;
    int8_t states[ROW_MAX];
    char label[LABEL_MAX];

    memset(states, -1, sizeof(states));
    for (uint32_t i = 0; i < lane->span_count; i++) {
        const struct span *span = &t->spans[lane->first_span + i];
        int from = cell_of(page, span->from);
        int to = cell_of(page, span->to);

        /* What takes less than a cell is shown as long as nothing there matters more. */
        if (to == from &&
            axis_x(&page->report.axis, span->to) > axis_x(&page->report.axis, span->from))
            to++;
        for (int x = from; x < to && x <= page->x1; x++) {
            if (span->state <= states[x])
                continue;
            states[x] = (int8_t)span->state;
            row_put(&page->row, x, (enum sign)span->state);
        }
        page->report.states[span->state] |= from < to;
        if (span->state == LANE_AWAITING || span->state == LANE_BLOCKED)
            put_label(page, from, to, timeline_wait_label(t, span->event, label));
    }
}

/* The operations whose words fit. */
static void put_ops(struct page *page, uint32_t lane)
{
    const struct timeline *t = page->report.timeline;
    const struct axis *axis = &page->report.axis;
    char label[LABEL_MAX];

    for (size_t i = 0; i < t->op_count; i++) {
        const struct op *op = &t->ops[i];
        int at = axis_slot(axis, op->column);

        if (op->lane != lane || at == axis->count || axis->slots[at].column != op->column)
            continue;
        int from = cell_of(page, op->column) + 1;
        int room = cell_of(page, op->column + 1) - from;

        if (row_length(&page->row, timeline_op_label(t, op->event, label)) > room)
            (void)timeline_op_short(t, op->event, label);
        if (row_length(&page->row, label) <= room)
            (void)row_text(&page->row, from, room, label);
    }
}

static void put_end(struct page *page, const struct lane *lane)
{
    const struct axis *axis = &page->report.axis;
    int how = lane->status == SIM_OK ? 0 : lane->status == SIM_CANCELLED ? 1 : 2;

    if (lane->ended == UINT32_MAX || axis->count == 0 ||
        lane->ended > axis->slots[axis->count - 1].column + 1)
        return;
    page->report.ends[how] = true;
    row_put(&page->row, cell_of(page, lane->ended), (enum sign)(SIGN_DONE + how));
}

static void put_marks(struct page *page, uint32_t lane)
{
    const struct sim_finding *f = page->report.finding;
    int last = -1;

    for (int i = 0; f != NULL && i < f->step_count; i++) {
        uint32_t column = timeline_column_of_step(page->report.timeline, f->steps[i].step);

        if (story_lane(page->report.timeline, &f->steps[i]) != lane ||
            !axis_has(&page->report.axis, column))
            continue;
        int x = cell_of(page, column);

        last = x == last ? x + 1 : x;
        row_mark(&page->row, last, i + 1);
    }
}

static void write_holds(struct page *page, uint32_t lane, uint32_t hold_row)
{
    const struct timeline *t = page->report.timeline;
    char name[REGISTRY_NAME_MAX];
    bool any = false;

    row_clear(&page->row);
    for (size_t i = 0; i < t->hold_count; i++) {
        const struct hold *hold = &t->holds[i];
        int from = cell_of(page, hold->from);
        int to = cell_of(page, hold->to) - 1;

        if (hold->lane != lane || hold->row != hold_row || to <= from)
            continue;
        for (int x = from; x <= to; x++)
            row_put(&page->row, x, x == from ? SIGN_HELD_FROM : x == to ? SIGN_HELD_TO : SIGN_HELD);
        put_label(page, from, to, registry_name(t->trace->registry, hold->object, name));
        any = true;
    }
    if (any)
        row_print(&page->row, page->out);
    page->report.holds |= any;
}

static void write_lane(struct page *page, uint32_t index, bool whole)
{
    const struct timeline *t = page->report.timeline;
    const struct lane *lane = &t->lanes[index];
    char name[REGISTRY_NAME_MAX];

    row_clear(&page->row);
    (void)row_text(&page->row, 0, page->x0 - 1,
                   registry_name(t->trace->registry, lane->actor, name));
    put_spans(page, lane);
    if (whole)
        put_ops(page, index);
    put_end(page, lane);
    put_marks(page, index);
    row_print(&page->row, page->out);
    for (uint32_t row = 0; whole && row < lane->hold_rows; row++)
        write_holds(page, index, row);
}

static void write_others(struct page *page)
{
    const struct report *r = &page->report;
    uint32_t others = r->timeline->lane_count - (uint32_t)r->involved_count;

    if (others == 0)
        return;
    bool listed = others <= OTHERS_MAX && r->options->only_count == 0;
    char text[LABEL_MAX];

    (void)fprintf(page->out, "and %s%s\n", report_count_others(r, text), listed ? ":" : "");
    for (uint32_t lane = 0; listed && lane < r->timeline->lane_count; lane++)
        if (!report_has_lane(r, lane))
            write_lane(page, lane, false);
}

/* The signs that were used. */
static void write_legend(struct page *page)
{
    static const char *const names[] = {"created", "ready",     "running", "awaiting", "blocked",
                                        "done",    "cancelled", "failed",  "held"};
    const struct report *r = &page->report;
    char text[FONT_TEXT_MAX] = "";

    for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++) {
        bool used = i < LANE_STATE_COUNT ? r->states[i]
                    : i < SIGN_HELD_FROM ? r->ends[i - LANE_STATE_COUNT]
                                         : r->holds;
        size_t length = strlen(text);
        const char *sign = row_sign(&page->row, i == SIGN_HELD_FROM ? SIGN_HELD : (enum sign)i);

        if (used)
            (void)snprintf(text + length, sizeof(text) - length, "%s%s %s", length > 0 ? ", " : "",
                           sign, names[i]);
    }
    (void)fputc('\n', page->out);
    row_wrap(&page->row, page->out, 0, text);
}

static void place(struct page *page, const uint32_t *values, int value_count)
{
    struct report *r = &page->report;
    char name[REGISTRY_NAME_MAX];
    uint32_t others = r->timeline->lane_count - (uint32_t)r->involved_count;

    page->x0 = (int)strlen("step");
    for (uint32_t lane = 0; lane < r->timeline->lane_count; lane++) {
        if ((others > OTHERS_MAX || r->options->only_count > 0) && !report_has_lane(r, lane))
            continue;
        int length = row_length(
            &page->row, registry_name(r->trace->registry, r->timeline->lanes[lane].actor, name));

        if (length > page->x0)
            page->x0 = length < NAME_MOST ? length : NAME_MOST;
    }
    for (int i = 0; i < value_count; i++) {
        int length = row_length(&page->row, registry_name(r->trace->registry, values[i], name));

        if (length > page->x0)
            page->x0 = length < NAME_MOST ? length : NAME_MOST;
    }
    page->x0 += 2;
    for (int i = 0; i < r->involved_count; i++)
        axis_want(&r->axis, r->timeline, NULL, r->involved[i], 0);
    if (report_is_stuck(r))
        axis_want_end(&r->axis);
    axis_place(&r->axis, page->x0 * AXIS_CELL, (page->row.width - 1) * AXIS_CELL);
    page->x1 = (int)(r->axis.x1 / AXIS_CELL + 0.001);
}

bool render_text(const struct trace *trace, const struct render_options *options, bool ascii,
                 FILE *out)
{
    struct page page = {.row = {.ascii = ascii, .width = options->width}, .out = out};

    if (!report_begin(&page.report, trace, options))
        return false;
    uint32_t values[REPORT_ROWS_MAX];

    /* Which values have rows depends on what is shown, and where that begins on their names. */
    place(&page, NULL, 0);
    place(&page, values, report_values(&page.report, values));
    write_head(&page);
    page_fate(&page);
    write_axis(&page);
    for (int i = 0; i < page.report.involved_count; i++) {
        char group[LABEL_MAX];

        if (report_group(&page.report, i, group)[0] != '\0')
            row_wrap(&page.row, out, 0, group);
        write_lane(&page, page.report.involved[i], true);
    }
    page_values(&page);
    write_others(&page);
    write_legend(&page);
    if (options->replay != NULL)
        (void)fprintf(out, "replay: %s\n", options->replay);
    report_end(&page.report);
    return true;
}
