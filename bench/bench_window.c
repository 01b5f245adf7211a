/* The window on a trace of 10,000 tasks and a million events: how long it takes to open, and how
 * long a frame does, without a screen: what SDL and a display add is not in it. */
#include <stdlib.h>
#include <unistd.h>

#include "bench/bench.h"
#include "render/window_inside.h"
#include "sim/explore/run.h"
#include "sim/sim.h"
#include "sim/trace/file.h"

enum { TASKS = 10000, TURNS = 17, ROUNDS = 100000, FRAMES = 61 };

struct shared {
    struct sim_var *var;
    struct sim_lock *lock;
};

/* A turn is a read, a write and a suspension; at last, all wait for each other at a lock. */
static enum sim_status work(struct sim *sim, void *arg)
{
    struct shared *shared = arg;

    for (int i = 0; i < TURNS; i++) {
        int64_t value = sim_read(shared->var);

        SIM_TRY(sim_sleep(sim, (value % 7) * SIM_MS));
        sim_write(shared->var, value + 1);
    }
    SIM_TRY(sim_lock_acquire(shared->lock));
    enum sim_status slept = sim_sleep(sim, SIM_MS);

    SIM_TRY(sim_lock_release(shared->lock));
    return slept;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future **tasks = sim_alloc(sim, TASKS * sizeof(*tasks));
    struct shared *shared = sim_alloc(sim, sizeof(*shared));

    (void)arg;
    shared->var = sim_var_new(sim, "shared", 0);
    shared->lock = sim_lock_new(sim, "shared");
    for (int i = 0; i < TASKS; i++)
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, shared));
    return sim_await(sim_gather(sim, tasks, TASKS, false), NULL);
}

/* Few lanes with very many spans: two threads that let each other go on after every write. */
static enum sim_status take_turns(struct sim *sim, void *arg)
{
    struct sim_var *var = arg;

    for (int i = 0; i < ROUNDS; i++) {
        sim_write(var, sim_read(var) + 1);
        sim_thread_yield(sim);
    }
    return SIM_OK;
}

static enum sim_status run_threads(struct sim *sim, void *arg)
{
    struct sim_var *var = sim_var_new(sim, "shared", 0);
    struct sim_thread *left = sim_thread_new(sim, "left", take_turns, var);
    struct sim_thread *right = sim_thread_new(sim, "right", take_turns, var);

    (void)arg;
    SIM_TRY(sim_thread_join(left, NULL));
    return sim_thread_join(right, NULL);
}

struct bench {
    struct window window;
    double samples[FRAMES];
    int count;
    double worst;
};

/* One event, and the frame that answers it.  Time of this process: others do not count. */
static void frame(struct bench *b, const SDL_Event *event)
{
    double began = bench_cpu_now();

    window_handle(&b->window, event);
    bench_require(window_paint(&b->window), "the window could not be painted");
    b->samples[b->count] = bench_cpu_now() - began;
    if (b->samples[b->count] > b->worst)
        b->worst = b->samples[b->count];
    b->count++;
}

/* The median of the frames since the last time, and the worst. */
static void tell(struct bench *b, const char *program, const char *what)
{
    char key[80];

    (void)snprintf(key, sizeof(key), "window_%s_%s_ms", program, what);
    bench_result(key, 1e3 * bench_median(b->samples, (size_t)b->count));
    (void)snprintf(key, sizeof(key), "window_%s_%s_worst_ms", program, what);
    bench_result(key, 1e3 * b->worst);
    b->count = 0;
    b->worst = 0;
}

static void press(struct bench *b, SDL_Keycode key, Uint16 mod)
{
    frame(b, &(SDL_Event){.key = {.type = SDL_KEYDOWN, .keysym = {.sym = key, .mod = mod}}});
}

static void point(struct bench *b, int x, int y, int by)
{
    frame(b, &(SDL_Event){.motion = {.type = SDL_MOUSEMOTION, .x = x, .y = y, .xrel = by}});
}

static void click(struct bench *b, Uint32 kind, int x, int y)
{
    frame(b, &(SDL_Event){.button = {.type = kind, .button = SDL_BUTTON_LEFT, .x = x, .y = y}});
}

static void wheel(struct bench *b, int by)
{
    frame(b, &(SDL_Event){.wheel = {.type = SDL_MOUSEWHEEL, .y = by}});
}

static void measure_zoom(struct bench *b, const char *program)
{
    press(b, SDLK_f, 0);
    point(b, 500, 400, 0);
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        wheel(b, 1);
    tell(b, program, "zoom_in");
    for (int i = 0; i < FRAMES; i++)
        wheel(b, -1);
    tell(b, program, "zoom_out");
}

static void measure_pan(struct bench *b, const char *program)
{
    press(b, SDLK_f, 0);
    for (int i = 0; i < 20; i++)
        wheel(b, 1);
    click(b, SDL_MOUSEBUTTONDOWN, 500, 400);
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        point(b, 500 - 3 * i, 400, -3);
    tell(b, program, "pan");
    click(b, SDL_MOUSEBUTTONUP, 300, 400);
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        press(b, SDLK_PAGEDOWN, 0);
    tell(b, program, "scroll");
}

static void measure_steps(struct bench *b, const char *program)
{
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        press(b, i % 2 == 0 ? SDLK_END : SDLK_HOME, 0);
    tell(b, program, "ends");
    press(b, SDLK_END, 0);
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        press(b, SDLK_LEFT, 0);
    tell(b, program, "step_back");
    press(b, SDLK_f, 0);
    b->count = 0;
    b->worst = 0;
    for (int i = 0; i < FRAMES - 1; i += 2) {
        click(b, SDL_MOUSEBUTTONDOWN, VIEW_NAMES + 13 * i, VIEW_TOP + 15 + 30 * (i % 2));
        click(b, SDL_MOUSEBUTTONUP, VIEW_NAMES + 13 * i, VIEW_TOP + 15 + 30 * (i % 2));
    }
    b->count--;
    tell(b, program, "select");
}

/* The map is dragged from one end to the other, zoomed in and then as far out as it goes. */
static void measure_map(struct bench *b, const char *program)
{
    press(b, SDLK_f, 0);
    for (int i = 0; i < 12; i++)
        wheel(b, 1);
    click(b, SDL_MOUSEBUTTONDOWN, VIEW_NAMES, VIEW_MAP + 5);
    b->count = 0;
    for (int i = 0; i < FRAMES; i++)
        point(b, VIEW_NAMES + 13 * i, VIEW_MAP + 5, 13);
    tell(b, program, "map");
    click(b, SDL_MOUSEBUTTONUP, VIEW_NAMES, VIEW_MAP + 5);
    b->count = 0;
}

/* The whole of a large screen. */
static void measure_large(struct bench *b, const char *program)
{
    SDL_SetWindowSize(b->window.window, 1920, 1080);
    press(b, SDLK_f, 0);
    b->count = 0;
    b->worst = 0;
    for (int i = 0; i < FRAMES; i++)
        wheel(b, 1);
    tell(b, program, "large");
    /* As many lanes as it can have. */
    press(b, SDLK_f, 0);
    press(b, SDLK_r, 0);
    press(b, SDLK_r, 0);
    b->count = 0;
    b->worst = 0;
    for (int i = 0; i < FRAMES; i++)
        wheel(b, 1);
    tell(b, program, "dense");
}

/* Write the trace, and open it as somebody would. */
static void measure(const struct sim_scenario *scenario)
{
    static struct bench bench;
    const struct render_options options = {.width = 960, .scale = 1};
    const struct window_wishes wishes = {.options = &options};
    struct run_request request;
    char error[256];
    char key[80];

    bench.count = 0;
    bench.worst = 0;
    run_request_init(&request, scenario);
    struct trace *trace = run_record(&request, error, sizeof(error));

    bench_require(trace != NULL && trace_write(trace, "bench.trace", error, sizeof(error)),
                  "the program could not be recorded");
    trace_free(trace);
    double began = bench_cpu_now();

    trace = trace_read("bench.trace", error, sizeof(error));
    bench_require(trace != NULL, "the trace could not be read");
    (void)snprintf(key, sizeof(key), "window_%s_read_s", scenario->name);
    bench_result(key, bench_cpu_now() - began);
    bench_require(window_open(&bench.window, trace, &wishes, error, sizeof(error)) &&
                      window_paint(&bench.window),
                  "the window could not be opened");
    (void)snprintf(key, sizeof(key), "window_%s_open_s", scenario->name);
    bench_result(key, bench_cpu_now() - began);
    (void)snprintf(key, sizeof(key), "window_%s_events", scenario->name);
    bench_result(key, (double)trace->event_count);
    measure_zoom(&bench, scenario->name);
    measure_pan(&bench, scenario->name);
    measure_steps(&bench, scenario->name);
    measure_map(&bench, scenario->name);
    measure_large(&bench, scenario->name);
    window_close(&bench.window);
    trace_free(trace);
    (void)unlink("bench.trace");
}

int main(int argc, char **argv)
{
    const struct sim_scenario tasks = {.name = "tasks", .main = run, .async = true};
    const struct sim_scenario threads = {.name = "threads", .main = run_threads};

    bench_require(argc == 2, "usage: bench_window FOLDER");
    bench_require(chdir(argv[1]) == 0, "no such folder");
    (void)setenv("SDL_VIDEODRIVER", "dummy", 1);
    measure(&tasks);
    measure(&threads);
    return 0;
}
