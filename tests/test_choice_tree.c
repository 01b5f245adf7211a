/* The tree of choices: what many executions have in common, and what there was no room for. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "render/choice_tree.h"
#include "sim/base/prng.h"
#include "sim/trace/schedule.h"

enum { DEEPEST = 9, OPTIONS = 3 };

/* A run of a program that is known by its choices alone: how many there are, and whether it fails,
 * follows from those before. */
static bool run_one(struct prng *prng, struct schedule *schedule)
{
    uint32_t sum = 0;

    schedule->count = 0;
    while (schedule->count < DEEPEST && (schedule->count < 3 || sum % 4 != 0)) {
        uint32_t choice = prng_below(prng, OPTIONS);

        assert_true(schedule_push(schedule, choice));
        sum = sum * 3 + choice;
    }
    return sum % 5 == 0;
}

/* Every node's numbers are those of what is below it, and its way is where it says. */
static void check_node(const struct choice_tree *tree, uint32_t index)
{
    const struct choice_node *node = &tree->nodes[index];
    struct schedule path = {0};
    uint64_t runs = node->folded + (node->ends ? 1 : 0);
    uint64_t failing = 0;
    uint32_t before = 0;

    for (uint32_t child = node->child; child != 0; child = tree->nodes[child].next) {
        assert_int_equal(tree->nodes[child].parent, index);
        assert_int_equal(tree->nodes[child].depth, node->depth + node->length);
        assert_true(child == node->child || choice_tree_option(tree, child) > before);
        before = choice_tree_option(tree, child);
        runs += tree->nodes[child].runs;
        failing += tree->nodes[child].failing;
    }
    assert_int_equal(runs, node->runs);
    assert_true(failing <= node->failing && node->failing <= node->runs);
    assert_true(choice_tree_path(tree, index, false, &path));
    assert_int_equal(path.count, node->depth + node->length);
    schedule_free(&path);
}

static void numbers_are_those_of_the_runs_below(void **state)
{
    struct choice_tree tree;
    struct schedule schedule = {0};
    struct prng prng;
    uint64_t failing = 0;

    (void)state;
    prng_seed(&prng, 7);
    assert_true(choice_tree_init(&tree, 100000, 1000000));
    for (int i = 0; i < 3000; i++) {
        bool fails = run_one(&prng, &schedule);

        failing += fails;
        assert_true(choice_tree_add(&tree, &schedule, fails ? 2 : 0, fails));
    }
    for (uint32_t i = 0; i < tree.count; i++)
        check_node(&tree, i);
    assert_int_equal(tree.nodes[0].runs, 3000);
    assert_int_equal(tree.nodes[0].failing, failing);
    assert_int_equal(tree.nodes[0].kinds, 2);
    schedule_free(&schedule);
    choice_tree_free(&tree);
}

/* Whether a failing run ends in a node, or is counted there. */
static bool fails_here(const struct choice_tree *tree, uint32_t node)
{
    uint64_t below = 0;

    for (uint32_t child = tree->nodes[node].child; child != 0; child = tree->nodes[child].next)
        below += tree->nodes[child].failing;
    return tree->nodes[node].failing > below;
}

static void every_failing_run_is_come_by(void **state)
{
    struct choice_tree tree;
    struct schedule schedule = {0};
    struct prng prng;
    size_t expected = 0;
    size_t visited = 0;

    (void)state;
    prng_seed(&prng, 8);
    assert_true(choice_tree_init(&tree, 100000, 1000000));
    for (int i = 0; i < 500; i++) {
        bool fails = run_one(&prng, &schedule);

        assert_true(choice_tree_add(&tree, &schedule, 0, fails));
    }
    for (uint32_t i = 1; i < tree.count; i++)
        expected += fails_here(&tree, i);
    for (uint32_t node = choice_tree_next_failing(&tree, 0); node != 0;
         node = choice_tree_next_failing(&tree, node)) {
        assert_true(tree.nodes[node].failing > 0);
        visited += fails_here(&tree, node);
    }
    assert_true(expected > 20);
    assert_int_equal(visited, expected);
    /* The way to the end of a failing branch is that of a run that fails. */
    assert_true(choice_tree_path(&tree, 0, true, &schedule));
    uint32_t sum = 0;

    for (size_t i = 0; i < schedule.count; i++)
        sum = sum * 3 + schedule.choices[i];
    assert_int_equal(sum % 5, 0);
    schedule_free(&schedule);
    choice_tree_free(&tree);
}

static void what_has_no_room_is_counted(void **state)
{
    struct choice_tree tree;
    struct schedule schedule = {0};
    struct prng prng;
    uint64_t folded = 0;

    (void)state;
    prng_seed(&prng, 9);
    assert_true(choice_tree_init(&tree, 40, 1000000));
    for (int i = 0; i < 2000; i++) {
        bool fails = run_one(&prng, &schedule);

        assert_true(choice_tree_add(&tree, &schedule, 0, fails));
    }
    assert_int_equal(tree.count, 40);
    assert_int_equal(tree.nodes[0].runs, 2000);
    for (uint32_t i = 0; i < tree.count; i++) {
        check_node(&tree, i);
        folded += tree.nodes[i].folded;
    }
    assert_true(folded > 1900);
    schedule_free(&schedule);
    choice_tree_free(&tree);
}

static void a_run_without_choices_is_the_root(void **state)
{
    struct choice_tree tree;
    struct schedule none = {0};

    (void)state;
    assert_true(choice_tree_init(&tree, 2, 2));
    assert_true(choice_tree_add(&tree, &none, 1, true));
    assert_int_equal(tree.count, 1);
    assert_true(tree.nodes[0].ends);
    assert_int_equal(choice_tree_next_failing(&tree, 0), 0);
    choice_tree_free(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_runs_below),
        cmocka_unit_test(every_failing_run_is_come_by),
        cmocka_unit_test(what_has_no_room_is_counted),
        cmocka_unit_test(a_run_without_choices_is_the_root),
    };

    return cmocka_run_group_tests_name("choice tree", tests, NULL, NULL);
}
