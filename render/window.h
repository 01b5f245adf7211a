/* Window: a run to walk through. */
#ifndef RENDER_WINDOW_H
#define RENDER_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#include "render/render.h"
#include "sim/trace/registry.h"
#include "sim/trace/schedule.h"

/* One thing that could have come next at a choice. */
struct window_option {
    uint32_t actor;  /* 0: a callback of the loop */
    uint32_t object; /* that its operation is on; 0: none */
    uint8_t op;      /* enum sim_event_kind announced */
    uint8_t call;    /* enum sim_call of a callback, or SIM_CALL_STOP */
};

/* Who is told of a search while it goes on, and may end it. */
struct window_search {
    void *arg;
    void (*each)(void *arg, const struct schedule *schedule, uint64_t kinds, bool failing);
    bool (*goes_on)(void *arg);
};

/* Who can run the program of a trace again, otherwise. */
struct window_lab {
    void *arg;

    /* List the options of a choice, counted from 0.
     *
     * Returns: how many there are, of which the first `most` go to options; 0 with the reason in
     *          error. */
    size_t (*options)(void *arg, const struct trace *trace, size_t choice,
                      struct window_option *options, size_t most, char *error, size_t error_size);

    /* Run it with the choices of the trace up to this one, then this option, and then as asyncio
     * would.
     *
     * Returns: the new trace, which the window frees; NULL with the reason in error. */
    struct trace *(*again)(void *arg, const struct trace *trace, size_t choice, uint32_t option,
                           char *error, size_t error_size);

    /* Run it with exactly these choices.
     *
     * Returns: the trace, to be freed; NULL with the reason in error. */
    struct trace *(*replay)(void *arg, const struct trace *trace, const struct schedule *schedule,
                            char *error, size_t error_size);

    /* Say who is chosen by the last of these choices, and of how many, as "after step 7: adder 2
     * goes on (2 of 2)".  Returns false if that cannot be said. */
    bool (*describe)(void *arg, const struct trace *trace, const struct schedule *schedule,
                     char *words, size_t size);

    /* Run it in every way, as far as was asked for; says in words what that is worth.  Returns
     * false with the reason in words. */
    bool (*explore)(void *arg, const struct trace *trace, const struct window_search *search,
                    char *words, size_t size);
};

enum { OPTION_WORDS_MAX = 200 };

/* Words for the option with this number: "adder 2: write counter"; "adder 2" goes to who. */
void window_option_words(const struct registry *registry, const struct window_option *option,
                         uint32_t number, char who[REGISTRY_NAME_MAX],
                         char words[OPTION_WORDS_MAX]);

struct window_wishes {
    const struct render_options *options;
    const struct window_lab *lab; /* runs what the user wants to see otherwise; NULL: nobody can */
    const char *state_path; /* where to write, at the end and whenever F12 is pressed, what is shown
                               (docs/window.md says how); NULL: nowhere */
    bool explore;           /* begin with the tree of choices */
    double scale;           /* how much larger than usual all is; 0: as usual */
};

/* Show the trace in a window until it is closed.
 *
 * Returns:    0; -1 with the reason in error (no display, no fonts, out of memory, a state that
 *             cannot be written). */
int window_show(const struct trace *trace, const struct window_wishes *wishes, char *error,
                size_t error_size);

#endif
