/* Random programs print in the simulator what they print in CPython: random_programs.py is the
 * twin of this file, operation by operation. */
#include "tests/conformance/operations.h"

enum { STEPS_MAX = 16 };

struct step {
    const struct operation *operation;
    int a;
    int b;
    int c;
    int ends; /* an exception ends the task that meets it here */
};

struct program {
    struct step steps[TASKS_MAX][STEPS_MAX];
    int counts[TASKS_MAX];
    int last; /* task; 0 is main */
};

static enum sim_status run_task(struct sim *sim, struct world *world, int me)
{
    for (int i = 0; i < world->program->counts[me]; i++) {
        const struct step *step = &world->program->steps[me][i];
        struct call *call = sim_alloc(sim, sizeof(*call));

        *call = (struct call){sim, world, step->a, step->b, step->c, NULL};
        enum sim_status status = step->operation->body(sim, call);
        const char *said = status == SIM_OK ? call->said : outcome(sim, status);

        sim_print(sim, "%d.%d %s%s%s", me, i, step->operation->name, said == NULL ? "" : ": ",
                  said == NULL ? "" : said);
        if (status != SIM_OK && step->ends != 0)
            return status;
    }
    return sim_return(sim, sim_int(me));
}

struct body {
    struct world *world;
    int me;
};

static enum sim_status task_body(struct sim *sim, void *arg)
{
    const struct body *body = arg;

    return run_task(sim, body->world, body->me);
}

static enum sim_status main_body(struct sim *sim, void *arg)
{
    struct world *world = sim_alloc(sim, sizeof(*world));

    world->program = arg;
    for (int i = 0; i < 2; i++) {
        world->locks[i] = sim_lock_new(sim, NULL);
        world->futures[i] = sim_future_new(sim, NULL);
    }
    world->event = sim_event_new(sim, NULL);
    world->semaphores[0] = sim_semaphore_new(sim, NULL, 1);
    world->semaphores[1] = sim_bounded_semaphore_new(sim, NULL, 2);
    world->barrier = sim_barrier_new(sim, NULL, 3);
    world->queues[0] = sim_queue_new(sim, NULL, 1);
    world->queues[1] = sim_priority_queue_new(sim, NULL, 3, NULL);
    world->condition = sim_condition_new(sim, NULL, NULL);
    world->tasks[0] = sim_current_task(sim);
    for (int me = 1; me <= world->program->last; me++) {
        struct body *body = sim_alloc(sim, sizeof(*body));

        *body = (struct body){world, me};
        world->tasks[me] = sim_task_new(sim, NULL, task_body, body);
    }
    return run_task(sim, world, 0);
}

/* The next whole number of a line; *at moves behind it. */
static int read_number(const char **at)
{
    char *end = NULL;
    long number = strtol(*at, &end, 10);

    assert_ptr_not_equal(end, *at);
    assert_in_range(number, 0, 100);
    *at = end;
    return (int)number;
}

static const struct operation *read_operation(const char **at)
{
    const char *name = *at + strspn(*at, " ");
    size_t length = strcspn(name, " \n");

    *at = name + length;
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        if (strlen(operations[i].name) == length && strncmp(operations[i].name, name, length) == 0)
            return &operations[i];
    }
    fail_msg("no operation is called %.*s", (int)length, name);
    return NULL;
}

static void read_step(struct program *program, const char *line)
{
    int task = read_number(&line);
    struct step step = {.operation = read_operation(&line)};

    step.a = read_number(&line);
    step.b = read_number(&line);
    step.c = read_number(&line);
    step.ends = read_number(&line);
    assert_in_range(task, 0, TASKS_MAX - 1);
    assert_in_range(program->counts[task], 0, STEPS_MAX - 1);
    program->steps[task][program->counts[task]++] = step;
    if (task > program->last)
        program->last = task;
}

static void add_output(struct text *output, struct program *program, int number)
{
    char title[32];
    int length = snprintf(title, sizeof(title), "program %d\n", number);
    char *printed = twin_output(main_body, program);

    text_add(output, title, (size_t)length);
    text_add(output, printed, strlen(printed));
    free(printed);
}

static void random_programs_print_what_cpython_recorded(void **state)
{
    char line[128];
    char *recorded = twin_recording("random_programs");
    struct text output = {0};
    struct program program = {0};
    int number = -1; /* of the program that is being read */
    FILE *file = fopen(PICKGLASS_SOURCE_DIR "/tests/conformance/random_programs.txt", "r");

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "program ", strlen("program ")) != 0) {
            read_step(&program, line);
            continue;
        }
        if (number >= 0)
            add_output(&output, &program, number);
        program = (struct program){0};
        number++;
    }
    (void)fclose(file);
    add_output(&output, &program, number);
    bool equal = twin_equal("random_programs", recorded, output.bytes);

    free(recorded);
    free(output.bytes);
    assert_true(equal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_print_what_cpython_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
