/* Rows of a report in a terminal that are of no lane: fate above them, values of variables below.
 */
#include <inttypes.h>

#include "render/text_page.h"

static void name_row(struct page *page, const char *name)
{
    row_clear(&page->row);
    (void)row_text(&page->row, 0, page->x0 - 1, name);
}

/* Where it can no longer be escaped, in words. */
static void write_no_return(const struct page *page)
{
    const struct render_options *o = page->report.options;
    size_t point = report_no_return(o);
    char text[FONT_TEXT_MAX];
    int used = snprintf(text, sizeof(text),
                        "fate: of the continuations from each choice on, how many fail as this run "
                        "did; from the first on %.1f %%",
                        100 * o->fate[0].share);

    if (point == 0)
        (void)snprintf(text + used, sizeof(text) - (size_t)used,
                       ": not to be escaped from the beginning");
    else if (point < o->fate_count)
        (void)snprintf(text + used, sizeof(text) - (size_t)used,
                       "; the point of no return is after step %" PRIu32, o->fate[point].step);
    row_wrap(&page->row, page->out, 2, text);
    (void)fputc('\n', page->out);
}

void page_fate(struct page *page)
{
    const struct report *r = &page->report;
    const struct render_options *o = r->options;

    if (o->fate_count == 0 || r->axis.count == 0)
        return;
    write_no_return(page);
    name_row(page, "fate");
    for (size_t i = 0; i < o->fate_count; i++) {
        int from = page_cell(report_fate_x(r, i));
        int to = i + 1 < o->fate_count ? page_cell(report_fate_x(r, i + 1)) : page->x1 + 1;

        for (int x = from; x < to; x++)
            row_share(&page->row, x, o->fate[i].share);
    }
    row_print(&page->row, page->out);
}

static void put_value(void *arg, double x, double to, const struct report_value *value)
{
    struct page *page = arg;
    int from = page_cell(x);
    int room = page_cell(to) - from - 1;
    char text[LABEL_MAX];

    if (room < 0)
        return;
    row_put(&page->row, from, SIGN_VALUE);
    if (row_length(&page->row, report_value_label(&page->report, value, text)) > room)
        (void)snprintf(text, sizeof(text), "%" PRId64, value->number);
    if (row_length(&page->row, text) <= room)
        (void)row_text(&page->row, from + 1, room, text);
}

void page_values(struct page *page)
{
    const struct report *r = &page->report;
    uint32_t ids[REPORT_ROWS_MAX];
    int count = report_values(r, ids);
    char name[REGISTRY_NAME_MAX];

    if (count > 0)
        (void)fputs("values\n", page->out);
    for (int i = 0; i < count; i++) {
        name_row(page, registry_name(r->trace->registry, ids[i], name));
        report_each_value(r, ids[i], &(struct report_listener){.value = put_value, .arg = page});
        row_print(&page->row, page->out);
    }
}
