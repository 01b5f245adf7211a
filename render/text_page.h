/* Text page: what the parts of a report in a terminal share. */
#ifndef RENDER_TEXT_PAGE_H
#define RENDER_TEXT_PAGE_H

#include "render/report.h"
#include "render/row.h"

struct page {
    struct report report;
    struct row row;
    FILE *out;
    int x0; /* where the chart begins */
    int x1; /* where it ends; one cell more is there for what ended last */
};

/* The cell that holds a place of the axis. */
static inline int page_cell(double x)
{
    return (int)(x / AXIS_CELL + 0.001);
}

/* From each choice on, the share of continuations that fail; nothing, if it is not known. */
void page_fate(struct page *page);

/* What the variables of the story hold. */
void page_values(struct page *page);

#endif
