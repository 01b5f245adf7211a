#include "render/canvas.h"

#include <math.h>
#include <string.h>

enum { FINE = 256 };

struct area area_common(struct area a, struct area b)
{
    return (struct area){a.x0 > b.x0 ? a.x0 : b.x0, a.y0 > b.y0 ? a.y0 : b.y0,
                         a.x1 < b.x1 ? a.x1 : b.x1, a.y1 < b.y1 ? a.y1 : b.y1};
}

bool area_is_empty(struct area area)
{
    return area.x0 >= area.x1 || area.y0 >= area.y1;
}

int fine_of(double pixels)
{
    const double most = 1 << 22; /* far outside of every picture */

    pixels = pixels > most ? most : pixels < -most ? -most : pixels;
    return (int)lrint(pixels * FINE);
}

/* The pixel that a place is in, also left of 0. */
static int pixel_of(int fine)
{
    return fine >= 0 ? fine / FINE : -((FINE - 1 - fine) / FINE);
}

struct area fine_area(const struct fine_box *box)
{
    return (struct area){pixel_of(box->x0), pixel_of(box->y0), pixel_of(box->x1 + FINE - 1),
                         pixel_of(box->y1 + FINE - 1)};
}

static uint32_t *row_of(const struct canvas *canvas, int y)
{
    return (uint32_t *)(void *)(canvas->pixels + (intptr_t)y * canvas->stride);
}

/* Both halves of a pixel times a share, rounded as cairo does. */
static inline uint32_t times(uint32_t halves, uint32_t share)
{
    uint32_t t = (halves & 0xFF00FF) * share + 0x7F007F;

    return ((t + ((t >> 8) & 0xFF00FF)) >> 8) & 0xFF00FF;
}

/* A pixel that is covered to a share of 255. */
static inline uint32_t mix(uint32_t pixel, uint32_t share, uint32_t under)
{
    uint32_t low = times(pixel, share) + times(under, 255 - share);
    uint32_t high = times(pixel >> 8, share) + times(under >> 8, 255 - share);

    return low | high << 8;
}

static uint32_t opaque(uint32_t rgb)
{
    return 0xFF000000U | rgb;
}

/* How much of a pixel in a row or column lies between two places: 0 to 256. */
static int covered(int from, int to, int pixel)
{
    int low = pixel * FINE;
    int high = low + FINE;

    from = from > low ? from : low;
    to = to < high ? to : high;
    return to > from ? to - from : 0;
}

/* 65536 parts of a pixel as a share of 255. */
static uint32_t share_of(int parts)
{
    uint32_t share = (uint32_t)parts >> 8;

    return share - (share >> 8);
}

static inline void fill(uint32_t *row, int x, int until, uint32_t pixel, uint32_t share)
{
    if (share == 255)
        for (; x < until; x++)
            row[x] = pixel;
    else if (share > 0)
        for (; x < until; x++)
            row[x] = mix(pixel, share, row[x]);
}

/* What a box covers of the pixels of a row: of the first, of the last, and of those between. */
struct row_plan {
    int first;
    int last;
    uint32_t left;
    uint32_t right;
    uint32_t middle;
};

/* Of a row of which the box covers `high` 256ths. */
static struct row_plan plan_row(const struct fine_box *box, int high)
{
    struct row_plan plan = {.first = pixel_of(box->x0), .last = pixel_of(box->x1 - 1)};

    plan.left = share_of(covered(box->x0, box->x1, plan.first) * high);
    plan.right = share_of(covered(box->x0, box->x1, plan.last) * high);
    plan.middle = share_of(FINE * high);
    return plan;
}

/* From pixel x0 to x1. */
static void box_row(uint32_t *row, const struct row_plan *plan, int x0, int x1, uint32_t pixel)
{
    int from = plan->first;
    int until = plan->last;

    if (plan->left == plan->middle && from < until)
        from--; /* it is like those between */
    else if (from >= x0 && from < x1)
        row[from] = mix(pixel, plan->left, row[from]);
    if (plan->right == plan->middle && plan->first < until)
        until++;
    else if (until > plan->first && until >= x0 && until < x1)
        row[until] = mix(pixel, plan->right, row[until]);
    from = from + 1 > x0 ? from + 1 : x0;
    fill(row, from, until < x1 ? until : x1, pixel, plan->middle);
}

void canvas_box(struct canvas *canvas, const struct fine_box *box, uint32_t rgb)
{
    struct area area = area_common(fine_area(box), canvas->clip);
    const uint32_t *whole = NULL; /* a row like those that follow */
    struct row_plan plan = {0};
    int planned = 0;

    if (area_is_empty(area) || box->x0 >= box->x1)
        return;
    for (int y = area.y0; y < area.y1; y++) {
        int high = covered(box->y0, box->y1, y);
        uint32_t *row = row_of(canvas, y);
        bool clean = high == FINE && area.x1 - area.x0 > 16 && box->x0 <= area.x0 * FINE &&
                     box->x1 >= area.x1 * FINE;

        if (high != planned)
            plan = plan_row(box, high);
        planned = high;
        if (clean && whole != NULL)
            memcpy(row + area.x0, whole + area.x0, (size_t)(area.x1 - area.x0) * sizeof(*row));
        else
            box_row(row, &plan, area.x0, area.x1, opaque(rgb));
        whole = clean ? row : NULL;
    }
}

/* Pixels of a row of a frame: high and low are what the boxes cover of the row. */
static void frame_part(uint32_t *row, const struct fine_box *outer, const struct fine_box *inner,
                       struct area part, int high, int low, uint32_t pixel)
{
    for (int x = part.x0; x < part.x1; x++)
        fill(row, x, x + 1, pixel,
             share_of(covered(outer->x0, outer->x1, x) * high -
                      covered(inner->x0, inner->x1, x) * low));
}

void canvas_frame(struct canvas *canvas, const struct fine_box *outer, const struct fine_box *inner,
                  uint32_t rgb)
{
    struct area area = area_common(fine_area(outer), canvas->clip);
    /* What the inner box covers whole is not touched. */
    int left = pixel_of(inner->x0 + FINE - 1);
    int right = pixel_of(inner->x1);
    uint32_t pixel = opaque(rgb);

    for (int y = area.y0; y < area.y1; y++) {
        int high = covered(outer->y0, outer->y1, y);
        int low = covered(inner->y0, inner->y1, y);
        uint32_t *row = row_of(canvas, y);
        struct area ends[] = {{area.x0, y, left, y}, {right > left ? right : left, y, area.x1, y}};

        if (low == 0) {
            struct row_plan plan = plan_row(outer, high);

            box_row(row, &plan, area.x0, area.x1, pixel);
            continue;
        }
        ends[0].x1 = ends[0].x1 < area.x1 ? ends[0].x1 : area.x1;
        ends[1].x0 = ends[1].x0 > area.x0 ? ends[1].x0 : area.x0;
        frame_part(row, outer, inner, ends[0], high, low, pixel);
        frame_part(row, outer, inner, ends[1], high, low, pixel);
        if (high > low)
            fill(row, left > area.x0 ? left : area.x0, right < area.x1 ? right : area.x1, pixel,
                 share_of((high - low) * FINE));
    }
}

/* How much of a pixel lies below a line at 45 degrees that crosses its sides so far from the
 * corner. */
static double below(double t)
{
    return t <= 0 ? 0 : t <= 1 ? t * t / 2 : t < 2 ? 1 - (2 - t) * (2 - t) / 2 : 1;
}

/* What the stripes cover of a pixel whose corner is so far behind the middle of the first, counted
 * along x + y. */
static double striped(double at, struct stripes stripes)
{
    double sum = 0;
    int first = (int)ceil((at - stripes.width / 2) / stripes.period);

    for (int i = first < 0 ? 0 : first; i * stripes.period - stripes.width / 2 < at + 2; i++) {
        double middle = i * stripes.period;

        sum += below(middle + stripes.width / 2 - at) - below(middle - stripes.width / 2 - at);
    }
    return sum;
}

/* Pixels on a line from lower left to upper right are covered alike: so many lines at a time. */
enum { STRIPES_MOST = 4096 };

static void stripe(struct canvas *canvas, const struct fine_box *box, struct area area,
                   const unsigned char *shares, uint32_t rgb)
{
    struct area all = fine_area(box);

    for (int y = area.y0; y < area.y1; y++) {
        int high = covered(box->y0, box->y1, y);
        uint32_t *row = row_of(canvas, y);

        for (int x = area.x0; x < area.x1; x++) {
            uint32_t share = shares[x - area.x0 + y - area.y0];
            int wide = FINE;

            if (share == 0)
                continue;
            if (x == all.x0 || x == all.x1 - 1)
                wide = covered(box->x0, box->x1, x);
            if (wide * high < FINE * FINE)
                share = share * (uint32_t)(wide * high) >> 16;
            row[x] = mix(opaque(rgb), share, row[x]);
        }
    }
}

void canvas_stripes(struct canvas *canvas, const struct fine_box *box, struct stripes stripes,
                    uint32_t rgb)
{
    struct area area = area_common(fine_area(box), canvas->clip);
    unsigned char shares[STRIPES_MOST] = {0};
    double origin = (double)(box->x0 + box->y0) / FINE;
    const int side = STRIPES_MOST / 2;

    for (int y = area.y0; y < area.y1 && stripes.period > 0; y += side)
        for (int x = area.x0; x < area.x1; x += side) {
            struct area part = area_common(area, (struct area){x, y, x + side, y + side});
            int count = part.x1 - x + part.y1 - y - 1;

            for (int i = 0; i < count; i++)
                shares[i] =
                    (unsigned char)lrint(255 * fmin(striped(x + y + i - origin, stripes), 1));
            stripe(canvas, box, part, shares, rgb);
        }
}

void canvas_mask(struct canvas *canvas, const struct mask *mask, int dx, int dy, uint32_t rgb)
{
    struct area at = {mask->area.x0 + dx, mask->area.y0 + dy, mask->area.x1 + dx,
                      mask->area.y1 + dy};
    struct area area = area_common(at, canvas->clip);

    if (mask->bytes == NULL)
        return;
    for (int y = area.y0; y < area.y1; y++) {
        const unsigned char *shares = mask->bytes + (intptr_t)(y - at.y0) * mask->stride;
        uint32_t *row = row_of(canvas, y);

        for (int x = area.x0; x < area.x1; x++)
            if (shares[x - at.x0] != 0)
                row[x] = mix(opaque(rgb), shares[x - at.x0], row[x]);
    }
}
