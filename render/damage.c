#include "render/damage.h"

#include <stdlib.h>
#include <string.h>

enum { TILE_WIDTH = 64, TILE_HEIGHT = 16 };

/* Invariant: old has the sums of the picture before, unless it was forgotten. */
struct damage {
    uint64_t *old;
    uint64_t *now;
    int width; /* pixels */
    int height;
    int columns; /* of tiles */
    int rows;
    bool forgotten;
};

struct damage *damage_new(void)
{
    struct damage *damage = calloc(1, sizeof(*damage));

    if (damage != NULL)
        damage->forgotten = true;
    return damage;
}

void damage_free(struct damage *damage)
{
    if (damage == NULL)
        return;
    free(damage->old);
    free(damage->now);
    free(damage);
}

void damage_forget(struct damage *damage)
{
    damage->forgotten = true;
}

uint64_t damage_sum(uint64_t sum, uint64_t more)
{
    uint64_t z = (sum + 1) * UINT64_C(0x9E3779B97F4A7C15);

    z = (z ^ (z >> 32) ^ more) * UINT64_C(0xBF58476D1CE4E5B9);
    return z ^ (z >> 29);
}

static bool resize(struct damage *damage, int width, int height)
{
    int columns = (width + TILE_WIDTH - 1) / TILE_WIDTH;
    int rows = (height + TILE_HEIGHT - 1) / TILE_HEIGHT;
    size_t count = (size_t)columns * (size_t)rows + 1;
    uint64_t *old = malloc(count * sizeof(*old));
    uint64_t *now = malloc(count * sizeof(*now));

    if (old == NULL || now == NULL) {
        free(old);
        free(now);
        return false;
    }
    free(damage->old);
    free(damage->now);
    damage->old = old;
    damage->now = now;
    damage->width = width;
    damage->height = height;
    damage->columns = columns;
    damage->rows = rows;
    damage->forgotten = true;
    return true;
}

bool damage_begin(struct damage *damage, int width, int height, uint64_t what)
{
    if ((damage->now == NULL || damage->width != width || damage->height != height) &&
        !resize(damage, width, height))
        return false;
    for (int i = 0; i < damage->columns * damage->rows; i++)
        damage->now[i] = what;
    return true;
}

void damage_add(struct damage *damage, struct area area, uint64_t what)
{
    area = area_common(area, (struct area){0, 0, damage->width, damage->height});
    if (area_is_empty(area))
        return;
    for (int row = area.y0 / TILE_HEIGHT; row <= (area.y1 - 1) / TILE_HEIGHT; row++)
        for (int column = area.x0 / TILE_WIDTH; column <= (area.x1 - 1) / TILE_WIDTH; column++) {
            uint64_t *tile = &damage->now[row * damage->columns + column];

            *tile = damage_sum(*tile, what);
        }
}

static bool is_new(const struct damage *damage, int row, int column)
{
    int tile = row * damage->columns + column;

    return damage->forgotten || damage->old[tile] != damage->now[tile];
}

/* Tiles of a row that are new: below others that are as wide, they make one area.  When there are
 * too many, the last one grows to hold this one, too. */
static int add_run(struct area *areas, int count, struct area run)
{
    for (int i = 0; i < count; i++)
        if (areas[i].x0 == run.x0 && areas[i].x1 == run.x1 && areas[i].y1 == run.y0) {
            areas[i].y1 = run.y1;
            return count;
        }
    areas[count++] = run;
    return count;
}

static bool overlap(struct area a, struct area b)
{
    return !area_is_empty(area_common(a, b));
}

/* Make one of two areas, and of all that it then overlaps. */
static int merge(struct area *areas, int count, int into, int from)
{
    bool again = true;

    while (again) {
        areas[into] =
            (struct area){areas[into].x0 < areas[from].x0 ? areas[into].x0 : areas[from].x0,
                          areas[into].y0 < areas[from].y0 ? areas[into].y0 : areas[from].y0,
                          areas[into].x1 > areas[from].x1 ? areas[into].x1 : areas[from].x1,
                          areas[into].y1 > areas[from].y1 ? areas[into].y1 : areas[from].y1};
        areas[from] = areas[--count];
        into = into == count ? from : into;
        again = false;
        for (int i = 0; i < count && !again; i++)
            if (i != into && overlap(areas[i], areas[into])) {
                from = i;
                again = true;
            }
    }
    return count;
}

int damage_end(struct damage *damage, struct area areas[DAMAGE_AREAS_MOST])
{
    struct area picture = {0, 0, damage->width, damage->height};
    struct area found[DAMAGE_AREAS_MOST + 1];
    int count = 0;

    for (int row = 0; row < damage->rows; row++)
        for (int column = 0; column < damage->columns; column++) {
            int first = column;

            while (column < damage->columns && is_new(damage, row, column))
                column++;
            if (column == first)
                continue;
            const struct area run = {first * TILE_WIDTH, row * TILE_HEIGHT, column * TILE_WIDTH,
                                     (row + 1) * TILE_HEIGHT};

            count = add_run(found, count, area_common(run, picture));
            if (count > DAMAGE_AREAS_MOST)
                count = merge(found, count, count - 2, count - 1);
        }
    memcpy(areas, found, (size_t)count * sizeof(*areas));
    uint64_t *old = damage->old;

    damage->old = damage->now;
    damage->now = old;
    damage->forgotten = false;
    return count;
}
