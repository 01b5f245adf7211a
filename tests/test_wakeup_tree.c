/* Plans of optimal DPOR about steps of which only a part is known, and sleepers that can go more
 * than one way. */
#include "tests/test.h"

#include "sim/policy/dpor_state.h"

enum { A = 1, B, C, X = 11, Y, Z };

struct bench {
    struct footprint_pool prints;
    struct wakeup_pool nodes;
    struct wakeup_node *tree;
    struct sequence sequence;
};

/* A step that touches one thing; object 0: none. */
static struct footprint *step(struct bench *bench, uint32_t actor, uint32_t object,
                              enum touch_how how)
{
    struct footprint *print = footprint_new(&bench->prints, actor);

    assert_non_null(print);
    if (object != 0)
        assert_true(footprint_add(&bench->prints, &print, (struct touch){object, (uint32_t)how}));
    return print;
}

/* A step that begins like this. */
static struct footprint *part(struct bench *bench, uint32_t actor, uint32_t object,
                              enum touch_how how)
{
    struct footprint *print = step(bench, actor, object, how);

    print->partial = true;
    return print;
}

/* Plan one step, or two; takes over the footprints. */
static void insert(struct bench *bench, struct footprint *first, struct footprint *second)
{
    bench->sequence.count = 0;
    assert_true(sequence_push(&bench->sequence, first));
    if (second != NULL)
        assert_true(sequence_push(&bench->sequence, second));
    assert_true(
        wakeup_insert(&bench->nodes, &bench->prints, &bench->tree, &bench->sequence, false));
    footprint_drop(&bench->prints, first);
    footprint_drop(&bench->prints, second);
}

static void dismantle(struct bench *bench)
{
    wakeup_free(&bench->nodes, &bench->prints, &bench->tree);
    sequence_free(&bench->sequence);
    wakeup_pool_free(&bench->nodes);
    footprint_pool_free(&bench->prints);
}

static void a_step_that_was_seen_begins_what_is_independent_of_it(void **state)
{
    struct bench bench = {0};

    (void)state;
    insert(&bench, step(&bench, A, X, TOUCH_WRITE), NULL);
    insert(&bench, step(&bench, B, Y, TOUCH_WRITE), NULL);
    assert_null(bench.tree->next);
    assert_null(bench.tree->first); /* a leaf: anything may follow */
    insert(&bench, step(&bench, C, X, TOUCH_READ), NULL);
    assert_int_equal(bench.tree->next->print->actor, C);
    dismantle(&bench);
}

/* It may touch more than is known. */
static void a_step_that_was_not_seen_begins_nothing_else(void **state)
{
    struct bench bench = {0};

    (void)state;
    insert(&bench, part(&bench, A, X, TOUCH_READ), NULL);
    insert(&bench, step(&bench, B, Y, TOUCH_WRITE), part(&bench, A, X, TOUCH_READ));
    assert_int_equal(bench.tree->next->print->actor, B);
    assert_int_equal(bench.tree->next->first->print->actor, A);
    dismantle(&bench);
}

static void what_a_plan_knows_of_it_is_learnt(void **state)
{
    struct bench bench = {0};

    (void)state;
    insert(&bench, part(&bench, A, X, TOUCH_READ), NULL);
    insert(&bench, part(&bench, A, Y, TOUCH_READ), NULL);
    assert_int_equal(bench.tree->print->count, 2);
    assert_true(bench.tree->print->partial);
    insert(&bench, step(&bench, B, Y, TOUCH_WRITE), step(&bench, A, Z, TOUCH_WRITE));
    assert_non_null(bench.tree->next); /* what is known of A conflicts with B */
    insert(&bench, step(&bench, A, Z, TOUCH_WRITE), step(&bench, B, Y, TOUCH_WRITE));
    assert_false(bench.tree->print->partial);
    assert_int_equal(bench.tree->print->touches[0].object, Z);
    /* It was no leaf for what may have to go elsewhere once it is seen. */
    assert_int_equal(bench.tree->first->print->actor, B);
    dismantle(&bench);
}

static bool ends_with_c(const struct sequence *path, void *arg)
{
    (*(int *)arg)++;
    return path->at[path->count - 1]->actor == C;
}

static void paths_are_taken_out(void **state)
{
    struct bench bench = {0};
    int seen = 0;

    (void)state;
    insert(&bench, part(&bench, A, X, TOUCH_WRITE), NULL);
    insert(&bench, step(&bench, B, X, TOUCH_WRITE), step(&bench, C, X, TOUCH_WRITE));
    insert(&bench, part(&bench, C, X, TOUCH_WRITE), part(&bench, A, X, TOUCH_WRITE));
    bench.sequence.count = 0;
    assert_true(wakeup_take_out(&bench.nodes, &bench.prints, &bench.tree, &bench.sequence,
                                ends_with_c, &seen));
    assert_int_equal(seen, 3);
    assert_int_equal(bench.tree->print->actor, A);
    assert_int_equal(bench.tree->next->print->actor, C); /* without B, of which nothing is left */
    assert_null(bench.tree->next->next);
    dismantle(&bench);
    assert_int_equal(bench.nodes.used, 0);
}

/* What the open step of dpor touches, and what its actor does there. */
static struct footprint *of_dpor(struct dpor *dpor, uint32_t actor, uint32_t value, uint32_t object,
                                 enum touch_how how)
{
    struct footprint *print = footprint_new(&dpor->prints, actor);

    assert_non_null(print);
    if (value != UINT32_MAX)
        assert_true(footprint_add(&dpor->prints, &print, (struct touch){value, TOUCH_CHOICE}));
    if (object != 0)
        assert_true(footprint_add(&dpor->prints, &print, (struct touch){object, (uint32_t)how}));
    return print;
}

static void one_way_wakes_and_another_sleeps_on(void **state)
{
    struct dpor *dpor = dpor_new();

    (void)state;
    assert_non_null(dpor);
    struct dpor_frame *frame = dpor_push(dpor);

    assert_non_null(frame);
    frame->print = of_dpor(dpor, A, 0, X, TOUCH_READ);
    assert_true(dpor_lay_down_way(frame));
    assert_false(dpor_sleeps(frame, A)); /* not all ways have been tried */
    frame->print = of_dpor(dpor, A, 1, Y, TOUCH_READ);
    assert_true(dpor_lay_down(frame));
    assert_true(dpor_sleeps(frame, A));
    frame->print = of_dpor(dpor, B, UINT32_MAX, X, TOUCH_WRITE);
    dpor->open = 0;
    frame = dpor_push(dpor);
    assert_non_null(frame);
    assert_true(dpor_inherit_sleep(dpor, frame));
    assert_false(dpor_sleeps(frame, A));
    frame->print = of_dpor(dpor, A, UINT32_MAX, 0, TOUCH_READ);
    assert_false(dpor_sleeps_that_way(frame, 0, 0));
    assert_true(dpor_sleeps_that_way(frame, 0, 1));
    dpor_pop(dpor);
    dpor_pop(dpor);
    dpor_free(dpor);
}

static void ways_part_where_another_number_is_chosen(void **state)
{
    struct dpor *dpor = dpor_new();

    (void)state;
    assert_non_null(dpor);
    struct footprint *one = of_dpor(dpor, A, 0, X, TOUCH_READ);
    struct footprint *other = of_dpor(dpor, A, 1, X, TOUCH_READ);
    struct footprint *none = of_dpor(dpor, A, UINT32_MAX, X, TOUCH_READ);

    assert_true(footprint_parts(one, other));
    assert_false(footprint_parts(one, one));
    assert_false(footprint_parts(one, none));
    assert_true(footprint_chooses(other, none, 0, 1));
    assert_false(footprint_chooses(one, none, 0, 1));
    assert_true(footprint_meets(one, (struct touch){X, TOUCH_WRITE}));
    assert_false(footprint_meets(one, (struct touch){X, TOUCH_READ}));
    assert_true(footprint_meets(one, (struct touch){A, TOUCH_ENABLE}));
    footprint_drop(&dpor->prints, one);
    footprint_drop(&dpor->prints, other);
    footprint_drop(&dpor->prints, none);
    dpor_free(dpor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_that_was_seen_begins_what_is_independent_of_it),
        cmocka_unit_test(a_step_that_was_not_seen_begins_nothing_else),
        cmocka_unit_test(what_a_plan_knows_of_it_is_learnt),
        cmocka_unit_test(paths_are_taken_out),
        cmocka_unit_test(one_way_wakes_and_another_sleeps_on),
        cmocka_unit_test(ways_part_where_another_number_is_chosen),
    };

    return cmocka_run_group_tests_name("wakeup tree", tests, NULL, NULL);
}
