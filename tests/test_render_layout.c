/* The layout of pictures of random programs: nothing overlaps that may not, nothing leaves its
 * lane, and every arrow ends on what it names. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/report.h"
#include "scenarios/scenarios.h"
#include "sim/explore/run.h"
#include "tests/random_bugs.h"
#include "tests/random_tasks.h"

enum { PROGRAMS = 40, ROOM = 4096, ABOVE = 12 };

static enum sim_status tasks_main(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct task_program program = random_task_program((uint64_t)params[0]);
    struct task_world world = {.program = &program};

    return run_task_program(sim, &world);
}

static const struct sim_scenario threads = {
    .name = "threads", .main = random_main, .params = {{"seed", 0, 0, INT64_MAX, NULL}}};
static const struct sim_scenario tasks = {.name = "tasks",
                                          .main = tasks_main,
                                          .async = true,
                                          .params = {{"seed", 0, 0, INT64_MAX, NULL}}};

/* The next of the random traces; it is said of which one a claim fails. */
static struct trace *record(const struct sim_scenario *scenario, int64_t param, uint64_t seed,
                            char name[64])
{
    struct run_request request;
    char error[256] = "";

    run_request_init(&request, scenario);
    request.params[0] = param;
    request.policy = RUN_RANDOM;
    request.seed = seed;
    request.max_steps = 4000;
    struct trace *trace = run_record(&request, error, sizeof(error));

    assert_non_null(trace);
    (void)snprintf(name, 64, "%s %d", scenario->name, (int)param);
    return trace;
}

struct box {
    double x0;
    double y0;
    double x1;
    double y1;
};

static struct box box_of(const struct shape *s, const struct fonts *fonts)
{
    if (s->kind == SHAPE_TEXT)
        return (struct box){s->x, s->y - 0.75 * s->size,
                            s->x + font_width(fonts, s->face, s->size, s->text),
                            s->y + 0.1 * s->size};
    if (s->kind == SHAPE_DISC)
        return (struct box){s->x - s->w, s->y - s->w, s->x + s->w, s->y + s->w};
    return (struct box){s->x, s->y, s->x + s->w, s->y + s->h};
}

static bool overlap(struct box a, struct box b)
{
    return a.x0 + 0.5 < b.x1 && b.x0 + 0.5 < a.x1 && a.y0 + 0.5 < b.y1 && b.y0 + 0.5 < a.y1;
}

/* No words stand on others. */
static void check_words(const struct scene *scene, const struct fonts *fonts, const char *name)
{
    for (size_t i = 0; i < scene->count; i++) {
        if (scene->shapes[i].kind != SHAPE_TEXT)
            continue;
        struct box a = box_of(&scene->shapes[i], fonts);

        for (size_t k = i + 1; k < scene->count; k++)
            if (scene->shapes[k].kind == SHAPE_TEXT && overlap(a, box_of(&scene->shapes[k], fonts)))
                fail_msg("%s: '%s' and '%s' overlap at %.1f,%.1f", name, scene->shapes[i].text,
                         scene->shapes[k].text, scene->shapes[k].x, scene->shapes[k].y);
        if (a.x0 < 0 || a.y0 < 0 || a.x1 > scene->width + 0.5 || a.y1 > scene->height)
            fail_msg("%s: '%s' leaves the picture", name, scene->shapes[i].text);
    }
}

/* The lane in whose band something stands; -1: none. */
static int band_of(const struct report *r, double y)
{
    for (int i = 0; i < r->involved_count; i++) {
        double next =
            i + 1 < r->involved_count ? r->lane_top[i + 1] - ABOVE : r->lanes_bottom + 6 - ABOVE;

        if (y >= r->lane_top[i] - ABOVE && y < next)
            return i;
    }
    return -1;
}

/* Bars, words, discs and holds of a lane are in its band; only arrows and grid lines cross. */
static void check_bands(const struct report *r, const struct fonts *fonts, const char *name)
{
    for (size_t i = 0; i < r->scene->count; i++) {
        const struct shape *s = &r->scene->shapes[i];

        if (s->kind == SHAPE_LINE || s->kind == SHAPE_ARROW || s->kind == SHAPE_DOUBLE)
            continue;
        struct box box = box_of(s, fonts);
        int band = band_of(r, (box.y0 + box.y1) / 2);

        if (band >= 0 && (band_of(r, box.y0 + 1.5) != band || band_of(r, box.y1 - 0.5) != band))
            fail_msg("%s: shape %zu of kind %d from %.1f to %.1f leaves lane %d at %.1f", name, i,
                     (int)s->kind, box.y0, box.y1, band, r->lane_top[band]);
    }
}

/* What a lane does in turn does not overlap, and is between its birth and its end. */
static void check_spans(const struct report *r, const char *name)
{
    for (uint32_t lane = 0; lane < r->timeline->lane_count; lane++) {
        const struct lane *l = &r->timeline->lanes[lane];
        double at = axis_x(&r->axis, l->born);

        for (uint32_t i = 0; i < l->span_count; i++) {
            const struct span *span = &r->timeline->spans[l->first_span + i];
            double from = axis_x(&r->axis, span->from);
            double to = axis_x(&r->axis, span->to);

            if (from < at - 0.01 || to < from - 0.01 || to > r->axis.x1 + 0.01)
                fail_msg("%s: lane %u, span %u: %.1f to %.1f, after %.1f", name, lane, i, from, to,
                         at);
            at = to;
        }
    }
}

/* Somebody does something in a column, or something is done to him. */
static bool takes_part(const struct report *r, uint32_t lane, uint32_t column)
{
    uint32_t actor = r->timeline->lanes[lane].actor;

    for (size_t i = 0; i < r->trace->event_count; i++) {
        const struct sim_event *e = &r->trace->events[i];

        if (r->timeline->column_of[i] == column && (e->actor == actor || e->object == actor))
            return true;
    }
    return false;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 0.01;
}

/* Whether an arrow that is drawn goes from the edge of one bar into another, as a link says. */
static bool is_drawn(const struct report *r, const struct link *link)
{
    double from = report_bar_of(r, link->from_lane);
    double to = report_bar_of(r, link->to_lane);
    double x0 = axis_x(&r->axis, link->from_column);
    double x1 = axis_x(&r->axis, link->to_column + 1);

    for (size_t i = 0; i < r->scene->count; i++) {
        const struct shape *s = &r->scene->shapes[i];

        if (s->kind == SHAPE_ARROW && near(s->y, to > from ? from + REPORT_BAR : from) &&
            near(s->y + s->h, to > from ? to + 4 : to + REPORT_BAR - 4) && s->x > x0 - 2.1 &&
            s->x + s->w < (x1 < x0 ? r->axis.x1 : x1) + 2.1)
            return true;
    }
    return false;
}

static void check_arrows(const struct report *r, const char *name, int *seen)
{
    enum { MAX = 24 };
    struct link links[MAX];
    int count = report_links(r, links, MAX);
    int drawn = 0;

    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        const struct link *l = &links[i];

        if (!report_has_lane(r, l->from_lane) || !report_has_lane(r, l->to_lane) ||
            l->from_lane == l->to_lane || l->from_column > l->to_column ||
            !takes_part(r, l->from_lane, l->from_column) ||
            !takes_part(r, l->to_lane, l->to_column) || !is_drawn(r, l))
            fail_msg("%s: arrow %d of kind %d, lane %u to %u, column %u to %u", name, i,
                     (int)l->kind, l->from_lane, l->to_lane, l->from_column, l->to_column);
        seen[l->kind]++;
    }
    for (size_t i = 0; i < r->scene->count; i++)
        drawn += r->scene->shapes[i].kind == SHAPE_ARROW && r->scene->shapes[i].y > r->lanes_top &&
                 r->scene->shapes[i].y < r->lanes_bottom;
    assert_int_equal(drawn, count);
}

/* The steps of the story that are shown are numbered at their bars. */
static void check_numbers(const struct report *r, const char *name)
{
    for (int i = 0; r->finding != NULL && i < r->finding->step_count; i++) {
        const struct finding_step *step = &r->finding->steps[i];
        uint32_t column = timeline_column_of_step(r->timeline, step->step);
        double y = step->actor == 0 ? -1 : report_bar_of(r, r->timeline->lane_of[step->actor - 1]);
        bool found = y < 0 || !axis_has(&r->axis, column);

        for (size_t k = 0; k < r->scene->count && !found; k++)
            found = r->scene->shapes[k].kind == SHAPE_DISC &&
                    near(r->scene->shapes[k].x, axis_x(&r->axis, column)) &&
                    near(r->scene->shapes[k].y, y - 1) && r->scene->shapes[k].fill == r->theme->bug;
        if (!found)
            fail_msg("%s: step %d of the story has no number", name, i + 1);
    }
}

static void check(const struct trace *trace, const struct render_options *options,
                  const struct fonts *fonts, const char *name, int *seen)
{
    struct report r;
    struct scene scene = {0};

    assert_true(report_begin(&r, trace, options));
    report_lay_out(&r, fonts, &scene);
    assert_false(scene.out_of_memory);
    check_words(&scene, fonts, name);
    check_bands(&r, fonts, name);
    check_spans(&r, name);
    check_arrows(&r, name, seen);
    check_numbers(&r, name);
    report_end(&r);
    scene_free(&scene);
}

/* Every trace in several ways of drawing it. */
static void check_ways(const struct trace *trace, const struct fonts *fonts, uint64_t seed,
                       const char *name, int *seen)
{
    const int widths[] = {960, 640, 1600};
    struct render_options options = {.width = widths[seed % 3],
                                     .scale = 1,
                                     .axis = (enum render_axis)(seed % 3),
                                     .replay = "pickglass run x"};

    check(trace, &options, fonts, name, seen);
    options.first_step = 1 + (uint32_t)(seed % 7);
    options.last_step = options.first_step + 4 + (uint32_t)(seed % 30);
    check(trace, &options, fonts, name, seen);
}

static void random_programs_are_laid_out_well(void **state)
{
    char error[256];
    char name[64];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    int seen[LINK_COUNT] = {0};
    int stuck = 0;

    (void)state;
    assert_non_null(fonts);
    for (uint64_t seed = 0; seed < 2 * PROGRAMS; seed++) {
        struct trace *trace = record(seed % 2 == 0 ? &threads : &tasks, (int64_t)seed, seed, name);

        stuck += trace->outcome == SIM_OUTCOME_STUCK;
        check_ways(trace, fonts, seed, name, seen);
        trace_free(trace);
    }
    assert_true(stuck > 10);
    assert_true(seen[LINK_START] > 0 && seen[LINK_RELEASE] > 0 && seen[LINK_JOIN] > 0);
    fonts_free(fonts);
}

static void scenarios_are_laid_out_well(void **state)
{
    char error[256];
    char name[64];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    int seen[LINK_COUNT] = {0};

    (void)state;
    assert_non_null(fonts);
    for (int i = 0; scenarios[i] != NULL; i++) {
        for (uint64_t seed = 0; seed < 2; seed++) {
            struct run_request request;

            run_request_init(&request, scenarios[i]);
            if (request.params[0] == 10000)
                request.params[0] = 30 + 30 * (int64_t)seed;
            struct trace *trace = record(scenarios[i], request.params[0], seed, name);

            check_ways(trace, fonts, seed + (uint64_t)i, name, seen);
            trace_free(trace);
        }
    }
    assert_true(seen[LINK_NOTIFY] > 0 && seen[LINK_SET] > 0 && seen[LINK_CANCEL] > 0);
    fonts_free(fonts);
}

static enum sim_status settle(struct sim *sim, void *arg)
{
    SIM_TRY(sim_sleep(sim, 0));
    return sim_future_set_result(arg, sim_int(1));
}

static enum sim_status await_it(struct sim *sim, void *arg)
{
    struct sim_future *future = sim_future_new(sim, "answer");

    (void)arg;
    (void)sim_task_new(sim, "settler", settle, future);
    return sim_await(future, NULL);
}

/* Who gives a result and who gets it, although the loop stands between them. */
static void a_result_has_its_arrow(void **state)
{
    static const struct sim_scenario await = {.name = "await", .main = await_it, .async = true};
    char error[256];
    char name[64];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    struct render_options options = {.width = 960, .scale = 1};
    int seen[LINK_COUNT] = {0};
    struct trace *trace = record(&await, 0, 0, name);

    (void)state;
    assert_non_null(fonts);
    check(trace, &options, fonts, name, seen);
    assert_int_equal(seen[LINK_RESULT], 1);
    assert_int_equal(seen[LINK_START], 1);
    trace_free(trace);
    fonts_free(fonts);
}

static enum sim_status nap(struct sim *sim, void *arg)
{
    (void)arg;
    return sim_sleep(sim, 1);
}

static enum sim_status two_naps(struct sim *sim, void *arg)
{
    (void)arg;
    struct sim_task *first = sim_task_new(sim, "third", nap, NULL);

    SIM_TRY(sim_await(sim_task_new(sim, "fourth", nap, NULL), NULL));
    return sim_await(first, NULL);
}

static enum sim_status other_loop(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, two_naps, arg, NULL);
}

static enum sim_status plain(struct sim *sim, void *arg)
{
    (void)arg;
    sim_thread_sleep(sim, 1);
    return SIM_OK;
}

static enum sim_status two_loops(struct sim *sim, void *arg)
{
    struct sim_thread *bare = sim_thread_new(sim, "bare", plain, NULL);
    struct sim_thread *other = sim_thread_new(sim, "other", other_loop, NULL);

    (void)arg;
    SIM_TRY(sim_await(sim_task_new(sim, "first", nap, NULL), NULL));
    SIM_TRY(sim_await(sim_task_new(sim, "second", nap, NULL), NULL));
    SIM_TRY(sim_thread_join(bare, NULL));
    return sim_thread_join(other, NULL);
}

/* Tasks stand with those of their loop, under its name; threads without one come last. */
/* These lanes, under these headings, and grouped by process, or else by loop. */
static void check_lanes(struct trace *trace, const char *what, const char *const *expected,
                        const char *const *headings, int count, bool by_process)
{
    struct render_options options = {.width = 960, .scale = 1};
    char error[256];
    char name[REGISTRY_NAME_MAX];
    char heading[LABEL_MAX];
    struct fonts *fonts = fonts_new(error, sizeof(error));
    int seen[LINK_COUNT] = {0};
    struct report r;

    assert_non_null(fonts);
    assert_true(report_begin(&r, trace, &options));
    assert_int_equal(r.by_process, by_process);
    assert_int_equal(r.by_loop, !by_process);
    assert_int_equal(r.involved_count, count);
    for (int i = 0; i < count; i++) {
        uint32_t actor = r.timeline->lanes[r.involved[i]].actor;

        assert_string_equal(registry_name(trace->registry, actor, name), expected[i]);
        assert_string_equal(report_group(&r, i, heading), headings[i]);
    }
    report_end(&r);
    check(trace, &options, fonts, what, seen);
    trace_free(trace);
    fonts_free(fonts);
}

static void lanes_stand_by_loop(void **state)
{
    static const struct sim_scenario loops = {.name = "loops", .main = two_loops, .async = true};
    static const char *const expected[] = {"Task-1", "first", "second", "other",
                                           "Task-2", "third", "fourth", "bare"};
    static const char *const headings[] = {
        "loop of MainThread", "", "", "loop of other", "", "", "", "threads without a loop"};
    char name[REGISTRY_NAME_MAX];

    (void)state;
    check_lanes(record(&loops, 0, 3, name), "loops", expected, headings, 8, false);
}

/* Tasks and threads stand with those of their process, under its name. */
static void lanes_stand_by_process(void **state)
{
    static const char *const expected[] = {"Task-1", "Task-2", "echo[1001]"};
    static const char *const headings[] = {"main process", "", "process echo 1001"};
    char name[REGISTRY_NAME_MAX];

    (void)state;
    check_lanes(record(&subprocess_echo, 0, 0, name), "processes", expected, headings, 3, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_are_laid_out_well),
        cmocka_unit_test(scenarios_are_laid_out_well),
        cmocka_unit_test(a_result_has_its_arrow),
        cmocka_unit_test(lanes_stand_by_loop),
        cmocka_unit_test(lanes_stand_by_process),
    };

    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
