/* Optimal DPOR on programs whose numbers of Mazurkiewicz traces are known. */
#include "tests/test.h"

#include "sim/explore/explore.h"
#include "sim/sim.h"

enum { MAX = 32 };

/* What the threads of a program share: each makes the part of it that it needs. */
struct shared {
    int64_t n;
    struct sim_var *x;
    struct sim_var *y;
    struct sim_var *array[MAX];
    struct sim_atomic *table[128];
    struct sim_atomic *counter;
    struct sim_mutex *mutexes[2 * MAX];
    struct sim_var *cells[2 * MAX];
};

struct member {
    struct shared *shared;
    int64_t number;
};

static enum sim_status run_threads(struct sim *sim, struct shared *shared, sim_body_fn *bodies,
                                   int64_t count)
{
    struct member members[MAX];
    struct sim_thread *threads[MAX];

    for (int64_t i = 0; i < count; i++) {
        members[i] = (struct member){shared, i};
        threads[i] = sim_thread_new(sim, NULL, bodies[i == 0 ? 0 : 1], &members[i]);
    }
    for (int64_t i = 0; i < count; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    return SIM_OK;
}

/* The executions of one part of the search. */
static uint64_t traces_of_part(sim_body_fn main, int64_t n, uint32_t part, uint32_t parts)
{
    const struct sim_scenario program = {
        .name = "program", .main = main, .params = {{"n", 1, 1, MAX, ""}}};
    struct explore_request request = {
        .policy = EXPLORE_DPOR, .keep_going = true, .shard_index = part, .shard_count = parts};
    struct explore_report report;
    char error[256];

    run_request_init(&request.run, &program);
    request.run.params[0] = n;
    assert_true(explore(&request, &report, error, sizeof(error)));
    assert_int_equal(report.verdict, EXPLORE_EXHAUSTED);
    assert_string_equal(report.why, "up to the order of independent steps");
    assert_true(parts > 1 || report.given_up == 0);
    explore_report_free(&report);
    return report.executions;
}

static uint64_t traces(sim_body_fn main, int64_t n)
{
    return traces_of_part(main, n, 0, 1);
}

/* The same, by parts that know nothing of each other. */
static uint64_t traces_of_parts(sim_body_fn main, int64_t n, uint32_t parts)
{
    uint64_t sum = 0;

    for (uint32_t part = 0; part < parts; part++)
        sum += traces_of_part(main, n, part, parts);
    return sum;
}

/* ---- One variable. ---- */

static enum sim_status write_x(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    sim_write(self->shared->x, self->number + 1);
    return SIM_OK;
}

static enum sim_status read_x(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    (void)sim_read(self->shared->x);
    return SIM_OK;
}

/* One writer, n readers: each reads before or after it. */
static enum sim_status readers(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg, .x = sim_var_new(sim, "x", 0)};
    sim_body_fn bodies[] = {write_x, read_x};

    return run_threads(sim, &shared, bodies, shared.n + 1);
}

/* n writers, one reader: all in some order. */
static enum sim_status writers(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg, .x = sim_var_new(sim, "x", 0)};
    sim_body_fn bodies[] = {read_x, write_x};

    return run_threads(sim, &shared, bodies, shared.n + 1);
}

/* ---- The last zero: Abdulla, Aronis, Jonsson, Sagonas, POPL 2014. ---- */

static enum sim_status find_zero(struct sim *sim, void *arg)
{
    const struct member *self = arg;
    int64_t i = self->shared->n;

    (void)sim;
    while (sim_read(self->shared->array[i]) != 0)
        i--;
    return SIM_OK;
}

static enum sim_status grow(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    sim_write(self->shared->array[self->number],
              sim_read(self->shared->array[self->number - 1]) + 1);
    return SIM_OK;
}

static enum sim_status last_zero(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg};
    sim_body_fn bodies[] = {find_zero, grow};

    for (int64_t i = 0; i <= shared.n; i++)
        shared.array[i] = sim_var_new(sim, NULL, 0);
    return run_threads(sim, &shared, bodies, shared.n + 1);
}

/* ---- The indexer and the file system: Flanagan and Godefroid, POPL 2005. ---- */

static enum sim_status index_messages(struct sim *sim, void *arg)
{
    enum { SIZE = 128, MESSAGES = 4 };
    const struct member *self = arg;

    (void)sim;
    for (int64_t m = 1; m <= MESSAGES; m++) {
        int64_t word = m * 11 + self->number;
        int64_t slot = (word * 7) % SIZE;
        int64_t empty = 0;

        while (!sim_atomic_compare_exchange(self->shared->table[slot], &empty, word)) {
            slot = (slot + 1) % SIZE;
            empty = 0;
        }
    }
    return SIM_OK;
}

static enum sim_status indexer(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg};
    sim_body_fn bodies[] = {index_messages, index_messages};

    for (int i = 0; i < 128; i++)
        shared.table[i] = sim_atomic_new(sim, NULL, 0);
    return run_threads(sim, &shared, bodies, shared.n);
}

static enum sim_status allocate(struct sim *sim, void *arg)
{
    enum { INODES = 32, BLOCKS = 26 };
    const struct member *self = arg;
    struct shared *shared = self->shared;
    int64_t inode = self->number % INODES;

    (void)sim;
    sim_mutex_lock(shared->mutexes[inode]);
    if (sim_read(shared->cells[inode]) == 0) {
        int64_t block = (inode * 2) % BLOCKS;

        for (;; block = (block + 1) % BLOCKS) {
            sim_mutex_lock(shared->mutexes[INODES + block]);
            if (sim_read(shared->cells[INODES + block]) == 0) {
                sim_write(shared->cells[INODES + block], 1);
                sim_write(shared->cells[inode], block + 1);
                SIM_TRY(sim_mutex_unlock(shared->mutexes[INODES + block]));
                break;
            }
            SIM_TRY(sim_mutex_unlock(shared->mutexes[INODES + block]));
        }
    }
    return sim_mutex_unlock(shared->mutexes[inode]);
}

static enum sim_status file_system(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg};
    sim_body_fn bodies[] = {allocate, allocate};

    for (int i = 0; i < 2 * MAX; i++) {
        shared.mutexes[i] = sim_mutex_new(sim, NULL);
        shared.cells[i] = sim_var_new(sim, NULL, 0);
    }
    return run_threads(sim, &shared, bodies, shared.n);
}

/* ---- Two counters that feed each other, while main looks at them: SV-COMP, fib_bench. ---- */

static enum sim_status add_y_to_x(struct sim *sim, void *arg)
{
    const struct member *self = arg;
    struct shared *shared = self->shared;

    (void)sim;
    for (int64_t i = 0; i < shared->n; i++)
        sim_write(shared->x, sim_read(shared->x) + sim_read(shared->y));
    return SIM_OK;
}

static enum sim_status add_x_to_y(struct sim *sim, void *arg)
{
    const struct member *self = arg;
    struct shared *shared = self->shared;

    (void)sim;
    for (int64_t i = 0; i < shared->n; i++)
        sim_write(shared->y, sim_read(shared->y) + sim_read(shared->x));
    return SIM_OK;
}

static enum sim_status fib_bench(struct sim *sim, void *arg)
{
    struct shared shared = {
        .n = *(int64_t *)arg, .x = sim_var_new(sim, "x", 1), .y = sim_var_new(sim, "y", 1)};
    struct member members[] = {{&shared, 0}, {&shared, 1}};
    struct sim_thread *threads[] = {sim_thread_new(sim, NULL, add_y_to_x, &members[0]),
                                    sim_thread_new(sim, NULL, add_x_to_y, &members[1])};

    (void)sim_read(shared.x);
    (void)sim_read(shared.y);
    SIM_TRY(sim_thread_join(threads[0], NULL));
    return sim_thread_join(threads[1], NULL);
}

/* ---- Counters. ---- */

static enum sim_status add_plainly(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->shared->n; i++)
        sim_write(self->shared->x, sim_read(self->shared->x) + 1);
    return SIM_OK;
}

static enum sim_status plain_counter(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg, .x = sim_var_new(sim, "x", 0)};
    sim_body_fn bodies[] = {add_plainly, add_plainly};

    return run_threads(sim, &shared, bodies, 2);
}

static enum sim_status add_atomically(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->shared->n; i++)
        (void)sim_atomic_fetch_add(self->shared->counter, 1);
    return SIM_OK;
}

static enum sim_status atomic_counter(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg, .counter = sim_atomic_new(sim, "c", 0)};
    sim_body_fn bodies[] = {add_atomically, add_atomically};

    return run_threads(sim, &shared, bodies, 3);
}

/* ---- A buffer with a place for each item, the producer's index against the consumer's. ---- */

static enum sim_status produce(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->shared->n; i++)
        (void)sim_atomic_fetch_add(self->shared->counter, 1);
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    const struct member *self = arg;

    (void)sim;
    for (int64_t i = 0; i < self->shared->n; i++)
        (void)sim_atomic_fetch_add(self->shared->counter, -1);
    return SIM_OK;
}

static enum sim_status circular_buffer(struct sim *sim, void *arg)
{
    struct shared shared = {.n = *(int64_t *)arg, .counter = sim_atomic_new(sim, "items", 0)};
    sim_body_fn bodies[] = {produce, consume};

    return run_threads(sim, &shared, bodies, 2);
}

static void numbers_are_known(void **state)
{
    (void)state;
    assert_int_equal(traces(readers, 13), 8192);   /* 2^13 */
    assert_int_equal(traces(writers, 6), 5040);    /* 7! */
    assert_int_equal(traces(last_zero, 11), 7168); /* POPL 2014, table 2: 7 * 2^10 */
    assert_int_equal(traces(indexer, 12), 8);      /* POPL 2014, table 1 */
    assert_int_equal(traces(indexer, 13), 64);
    assert_int_equal(traces(file_system, 14), 2); /* POPL 2014, table 1 */
    assert_int_equal(traces(file_system, 20), 128);
    assert_int_equal(traces(circular_buffer, 7), 3432); /* C(14, 7) */
    assert_int_equal(traces(fib_bench, 4), 19605);      /* as Nidhugg counts */
    assert_int_equal(traces(plain_counter, 4), 3334);   /* two threads */
    assert_int_equal(traces(atomic_counter, 3), 1680);  /* 9! / (3! 3! 3!) */
}

static void numbers_of_seven_parts_add_up(void **state)
{
    (void)state;
    assert_int_equal(traces_of_parts(readers, 10, 7), 1024);
    assert_int_equal(traces_of_parts(writers, 5, 7), 720);
    assert_int_equal(traces_of_parts(last_zero, 8, 7), 704); /* 5.5 * 2^7 */
    assert_int_equal(traces_of_parts(indexer, 13, 7), 64);
    assert_int_equal(traces_of_parts(file_system, 16, 7), 8);
    assert_int_equal(traces_of_parts(circular_buffer, 7, 7), 3432);
    assert_int_equal(traces_of_parts(fib_bench, 3, 7), traces(fib_bench, 3));
    assert_int_equal(traces_of_parts(plain_counter, 4, 7), 3334);
    assert_int_equal(traces_of_parts(atomic_counter, 3, 7), 1680);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_known),
        cmocka_unit_test(numbers_of_seven_parts_add_up),
    };

    return cmocka_run_group_tests_name("dpor counts", tests, NULL, NULL);
}
