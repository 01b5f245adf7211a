#include "render/window_rows.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/assert.h"

static void place(struct rows *rows, enum row_mark mark)
{
    for (uint32_t lane = 0; lane < rows->lanes; lane++) {
        if (rows->mark[lane] != mark)
            continue;
        rows->row_of[lane] = rows->count;
        rows->lane_at[rows->count++] = lane;
    }
}

static void arrange(struct rows *rows)
{
    rows->count = 0;
    memset(rows->row_of, 0xFF, rows->lanes * sizeof(*rows->row_of));
    place(rows, ROW_PINNED);
    rows->pinned = rows->count;
    place(rows, ROW_PLAIN);
}

bool rows_init(struct rows *rows, uint32_t lanes)
{
    *rows = (struct rows){.lanes = lanes};
    rows->lane_at = calloc((size_t)lanes + 1, sizeof(*rows->lane_at));
    rows->row_of = calloc((size_t)lanes + 1, sizeof(*rows->row_of));
    rows->mark = calloc((size_t)lanes + 1, sizeof(*rows->mark));
    if (rows->lane_at == NULL || rows->row_of == NULL || rows->mark == NULL)
        return false;
    arrange(rows);
    return true;
}

void rows_free(struct rows *rows)
{
    free(rows->lane_at);
    free(rows->row_of);
    free(rows->mark);
    *rows = (struct rows){0};
}

bool rows_mark(struct rows *rows, uint32_t lane, enum row_mark mark)
{
    SIM_ASSERT(lane < rows->lanes);
    bool again = rows->mark[lane] == mark;

    if (mark == ROW_HIDDEN && !again && rows->count <= 1)
        return false;
    rows->mark[lane] = (uint8_t)(again ? ROW_PLAIN : mark);
    arrange(rows);
    return true;
}

uint32_t rows_clear(struct rows *rows, enum row_mark mark)
{
    uint32_t count = 0;

    for (uint32_t lane = 0; lane < rows->lanes; lane++) {
        if (rows->mark[lane] != mark)
            continue;
        rows->mark[lane] = ROW_PLAIN;
        count++;
    }
    arrange(rows);
    return count;
}

void rows_only(struct rows *rows, const struct timeline *t, const char *const *names, int count)
{
    char name[REGISTRY_NAME_MAX];
    uint32_t kept = 0;

    for (uint32_t lane = 0; lane < rows->lanes; lane++) {
        (void)registry_name(t->trace->registry, t->lanes[lane].actor, name);
        rows->mark[lane] = ROW_HIDDEN;
        for (int i = 0; i < count; i++)
            if (strcmp(names[i], name) == 0)
                rows->mark[lane] = ROW_PLAIN;
        kept += rows->mark[lane] == ROW_PLAIN;
    }
    if (kept == 0)
        memset(rows->mark, ROW_PLAIN, rows->lanes);
    arrange(rows);
}

void rows_follow(struct rows *rows, const struct timeline *t, const struct rows *other,
                 const struct timeline *other_t)
{
    char name[REGISTRY_NAME_MAX];
    char other_name[REGISTRY_NAME_MAX];

    /* Runs of one program number their lanes alike as long as they agree. */
    for (uint32_t lane = 0; lane < rows->lanes && lane < other->lanes; lane++) {
        if (other->mark[lane] == ROW_PLAIN)
            continue;
        (void)registry_name(t->trace->registry, t->lanes[lane].actor, name);
        (void)registry_name(other_t->trace->registry, other_t->lanes[lane].actor, other_name);
        if (strcmp(name, other_name) == 0)
            rows->mark[lane] = other->mark[lane];
    }
    arrange(rows);
    if (rows->count == 0 && rows->lanes > 0)
        (void)rows_clear(rows, ROW_HIDDEN);
}
