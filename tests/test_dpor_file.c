/* A search by optimal DPOR that is written down, forgotten, read and gone on with runs what an
 * undisturbed one runs; and what is no such search is refused. */
#include "tests/test.h"

#include "tests/thread_searches.h"

enum { PROGRAMS = FIBER_ASAN ? 20 : 300, LARGE = 200 };

struct text {
    char *at; /* owned */
    size_t length;
};

static struct text saved(const struct dpor *dpor)
{
    struct text text = {0};
    FILE *out = open_memstream(&text.at, &text.length);

    assert_non_null(out);
    assert_true(dpor_save(dpor, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

static bool load(struct dpor *dpor, const char *text, size_t length, char *error, size_t size)
{
    struct reader in = {
        .next = text, .end = text + length, .name = "text", .error = error, .error_size = size};

    error[0] = '\0';
    return dpor_load(dpor, &in) && in.next == in.end;
}

static struct dpor *new_search(struct share share)
{
    struct dpor *dpor = dpor_new();

    assert_non_null(dpor);
    dpor_divide(dpor, share.part, share.parts);
    if (share.limited)
        dpor_limit(dpor, share.plans);
    return dpor;
}

/* Once more what was written: the same text, and a search that is at the same place. */
static struct dpor *written_and_read(struct dpor *dpor, struct share share)
{
    struct text text = saved(dpor);
    struct dpor *again = new_search(share);
    char error[256];

    dpor_free(dpor);
    if (!load(again, text.at, text.length, error, sizeof(error)))
        fail_msg("%s in:\n%s", error, text.at);
    struct text same = saved(again);

    assert_string_equal(same.at, text.at);
    free(text.at);
    free(same.at);
    return again;
}

/* A search that is interrupted after so many executions, again and again; 0: never. */
static struct search search_with_breaks(const struct program *program, struct share share,
                                        uint64_t every, uint64_t *given_up)
{
    struct dpor *dpor = new_search(share);
    struct search search = {0};
    struct bench bench;
    uint64_t runs = 0;
    bool more = true;

    bench_init(&bench, program, dpor_policy(dpor), dpor_sink(dpor));
    while (more) {
        enum sim_outcome outcome = sim_run(bench.sim, run_program, &bench.world);

        if (outcome != SIM_OUTCOME_DIVERGED && dpor_owns(dpor))
            note_run(&bench, &search, outcome);
        more = dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED);
        if (every == 0 || ++runs % every != 0)
            continue;
        dpor = written_and_read(dpor, share);
        sim_free(bench.sim);
        bench_init(&bench, program, dpor_policy(dpor), dpor_sink(dpor));
    }
    *given_up = dpor_statistics(dpor).asleep;
    assert_false(dpor_statistics(dpor).nondeterministic);
    dpor_free(dpor);
    sim_free(bench.sim);
    return search;
}

static void breaks_change_nothing(void **state)
{
    static const struct share shares[] = {
        {.parts = 1},
        {.part = 2, .parts = 3},
        {.parts = 1, .limited = true, .plans = 10},
    };

    (void)state;
    for (uint64_t seed = 0; seed < PROGRAMS; seed++) {
        struct program program = random_program(seed, OP_KINDS + (int)(seed % 2));
        struct share share = shares[seed % 3];
        uint64_t given_up = 0;
        uint64_t given_up_again = 0;
        struct search whole = search_with_breaks(&program, share, 0, &given_up);

        if (whole.executions <= LARGE) {
            struct search broken =
                search_with_breaks(&program, share, 1 + seed % 5, &given_up_again);

            assert_int_equal(broken.executions, whole.executions);
            assert_int_equal(given_up_again, given_up);
            assert_true(same(&broken.orders, &whole.orders)); /* in the same order, too */
            search_free(&broken);
        }
        search_free(&whole);
    }
}

/* The program of the search that is damaged. */
static struct program some_program(void)
{
    return random_program(6, OP_KINDS + 1);
}

/* The text of a search of some size. */
static struct text a_search(void)
{
    struct program program = some_program();
    struct dpor *dpor = new_search((struct share){.parts = 2});
    struct bench bench;

    bench_init(&bench, &program, dpor_policy(dpor), dpor_sink(dpor));
    for (int i = 0; i < 4; i++) {
        enum sim_outcome outcome = sim_run(bench.sim, run_program, &bench.world);

        assert_true(dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED));
    }
    struct text text = saved(dpor);

    dpor_free(dpor);
    sim_free(bench.sim);
    return text;
}

static void refused(const char *text, size_t length)
{
    struct dpor *dpor = new_search((struct share){.parts = 2});
    char error[256];

    if (load(dpor, text, length, error, sizeof(error)))
        fail_msg("accepted:\n%.*s", (int)length, text);
    dpor_free(dpor);
}

static void what_is_cut_short_is_refused(void **state)
{
    struct text text = a_search();

    (void)state;
    for (size_t length = 0; length < text.length; length++)
        refused(text.at, length);
    free(text.at);
}

/* Whether it fits the program or not, it can go on. */
static void go_on_with(struct dpor *dpor)
{
    struct program program = some_program();
    struct bench bench;
    bool more = true;

    bench_init(&bench, &program, dpor_policy(dpor), dpor_sink(dpor));
    for (int i = 0; more && i < 3; i++) {
        enum sim_outcome outcome = sim_run(bench.sim, run_program, &bench.world);

        more = dpor_next(dpor, outcome != SIM_OUTCOME_DIVERGED);
    }
    sim_free(bench.sim);
}

/* Whatever a digit becomes: it is read and can be written and given back, or is refused. */
static void what_was_changed_does_no_harm(void **state)
{
    struct text text = a_search();
    int kept = 0;

    (void)state;
    for (size_t i = 0; i < text.length; i++) {
        static const char others[] = "09-x \n";
        struct dpor *dpor = new_search((struct share){.parts = 2});
        char was = text.at[i];
        char error[256];

        text.at[i] = others[i % (sizeof(others) - 1)];
        bool read = load(dpor, text.at, text.length, error, sizeof(error));

        if (read)
            go_on_with(dpor);
        else
            assert_true(error[0] != '\0' || text.at[i] == '\n');
        kept += read;
        text.at[i] = was;
        dpor_free(dpor);
    }
    assert_true(kept < (int)text.length / 2);
    free(text.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_change_nothing),
        cmocka_unit_test(what_is_cut_short_is_refused),
        cmocka_unit_test(what_was_changed_does_no_harm),
    };

    return cmocka_run_group_tests_name("dpor file", tests, NULL, NULL);
}
