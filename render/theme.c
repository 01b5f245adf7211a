#include "render/theme.h"

#include <math.h>

static const struct theme light = {
    .background = 0xFFFFFF,
    .panel = 0xF4F5F7,
    .ink = 0x1B1F24,
    .ink2 = 0x57606A,
    .grid = 0xE3E6EA,
    .hold = 0x3B3F46,
    .bug = 0xCC4C00,
    .bug_text = 0xFFFFFF,
    .bug_tint = 0xF3D9CB,
    .calm = 0x3B3F46,
    .states = {[LANE_CREATED] = {0xE3E6EA, 0x767676, 0x000000},
               [LANE_READY] = {0xF2C14E, 0x8A6100, 0x000000},
               [LANE_RUNNING] = {0x009E73, 0x00593F, 0x000000},
               [LANE_AWAITING] = {0xB4D0E8, 0x4A7FA8, 0x000000},
               [LANE_BLOCKED] = {0x0067A6, 0x003F66, 0xFFFFFF}},
    .done = {0x595959, 0x262626, 0xFFFFFF},
    .cancelled = {0xCC79A7, 0x7D3A5C, 0x000000},
    .failed = {0xCC4C00, 0x7A2E00, 0xFFFFFF},
};

static const struct theme dark = {
    .background = 0x16191F,
    .panel = 0x20242C,
    .ink = 0xE8EAED,
    .ink2 = 0xA9B0BA,
    .grid = 0x2C313A,
    .hold = 0xC9CED6,
    .bug = 0xF26B21,
    .bug_text = 0x000000,
    .bug_tint = 0x4A2A18,
    .calm = 0xC9CED6,
    .states = {[LANE_CREATED] = {0x2C313A, 0x9AA0A6, 0xFFFFFF},
               [LANE_READY] = {0xFFE27A, 0xB79A2E, 0x000000},
               [LANE_RUNNING] = {0x2BC99A, 0x9AF2D6, 0x000000},
               [LANE_AWAITING] = {0x3E5A73, 0x8FB4D4, 0xFFFFFF},
               [LANE_BLOCKED] = {0x4C8DF5, 0xB3CEFF, 0x000000}},
    .done = {0x777E89, 0xC8CCD2, 0x000000},
    .cancelled = {0xF0A6D0, 0xF9D7EA, 0x000000},
    .failed = {0xF26B21, 0xFFC49A, 0x000000},
};

const struct theme *theme_of(enum render_theme theme)
{
    return theme == RENDER_DARK ? &dark : &light;
}

/* Two parts of a colour on three of the background. */
static uint32_t faint(uint32_t colour, uint32_t background)
{
    uint32_t mixed = 0;

    for (int shift = 0; shift <= 16; shift += 8)
        mixed |= (2 * (colour >> shift & 0xFF) + 3 * (background >> shift & 0xFF)) / 5 << shift;
    return mixed;
}

static struct state_colours faint_state(struct state_colours colours, uint32_t background)
{
    return (struct state_colours){faint(colours.fill, background), faint(colours.edge, background),
                                  faint(colours.text, background)};
}

struct theme theme_faint(const struct theme *theme)
{
    struct theme dim = *theme;

    dim.ink = faint(theme->ink, theme->background);
    dim.ink2 = faint(theme->ink2, theme->background);
    dim.hold = faint(theme->hold, theme->background);
    for (int i = 0; i < LANE_STATE_COUNT; i++)
        dim.states[i] = faint_state(theme->states[i], theme->background);
    dim.done = faint_state(theme->done, theme->background);
    dim.cancelled = faint_state(theme->cancelled, theme->background);
    dim.failed = faint_state(theme->failed, theme->background);
    return dim;
}

static double luminance(uint32_t colour)
{
    double sum = 0;
    static const double weights[] = {0.2126, 0.7152, 0.0722};

    for (int i = 0; i < 3; i++) {
        double c = (double)((colour >> (16 - 8 * i)) & 0xFF) / 255.0;

        sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

double theme_contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a);
    double y = luminance(b);

    return (x > y ? x + 0.05 : y + 0.05) / (x > y ? y + 0.05 : x + 0.05);
}
