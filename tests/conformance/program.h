/* Random programs: made from a seed, written as text, read, and run. */
#ifndef TESTS_CONFORMANCE_PROGRAM_H
#define TESTS_CONFORMANCE_PROGRAM_H

#include "tests/conformance/operations.h"

#include "sim/base/prng.h"

struct step {
    const struct operation *operation;
    int numbers[3];
    int span; /* how many steps after it are its scope */
    int ends; /* an exception ends the task that meets it here */
};

struct program {
    struct step steps[LISTS_MAX][STEPS_MAX];
    int counts[LISTS_MAX];
    int last; /* task; 0 is main */
};

/* ---- Making. ---- */

enum { OPERATIONS_MAX = 60 };

static inline int draw_number(struct prng *prng, char kind, int list, int last)
{
    switch (kind) {
    case 'l':
        return (int)prng_below(prng, 2);
    case 'q':
        return (int)prng_below(prng, 3);
    case 't':
        return 1 + (int)prng_below(prng, (uint32_t)last);
    case 'e':
        return 1 + (int)prng_below(prng, (uint32_t)(list > 0 ? list - 1 : last));
    case 'p':
        return TASKS_MAX + (int)prng_below(prng, PROCEDURES);
    default:
        return (int)prng_below(prng, 4);
    }
}

/* Task 1 has no earlier one; procedures have none, and start no others. */
static inline bool can_do(const struct operation *operation, int list)
{
    bool awaits = strchr(operation->numbers, 'e') != NULL;
    bool starts = strchr(operation->numbers, 'p') != NULL;

    return !(awaits && (list == 1 || list >= TASKS_MAX)) && !(starts && list >= TASKS_MAX);
}

/* A program has more of one family than of the others. */
static inline const struct operation *draw_operation(struct prng *prng, const char *family)
{
    uint32_t total = 0;
    uint32_t weights[OPERATION_COUNT];

    for (size_t i = 0; i < OPERATION_COUNT; i++) {
        bool of_family =
            *family != '\0' && strncmp(operations[i].name, family, strlen(family)) == 0;

        weights[i] = operations[i].weight * (of_family ? 4 : 1);
        total += weights[i];
    }
    uint32_t left = prng_below(prng, total);

    for (size_t i = 0;; i++) {
        if (left < weights[i])
            return &operations[i];
        left -= weights[i];
    }
}

static inline struct step draw_step(struct prng *prng, const char *family, int list, int last)
{
    struct step step = {.operation = draw_operation(prng, family)};

    if (!can_do(step.operation, list))
        step.operation = &operations[0];
    for (int i = 0; i < 3; i++)
        step.numbers[i] = draw_number(prng, step.operation->numbers[i], list, last);
    if (strcmp(step.operation->name, "timeout") == 0 || strcmp(step.operation->name, "group") == 0)
        step.span = 1 + (int)prng_below(prng, 4);
    step.ends = prng_below(prng, 4) == 0;
    return step;
}

static inline struct program program_make(uint64_t seed)
{
    static const char *const families[] = {"",      "lock",   "condition", "semaphore", "barrier",
                                           "queue", "task_",  "gather",    "timeout",   "group",
                                           "start", "future", "wait"};
    struct prng prng;
    struct program program = {0};
    int total = 0;

    prng_seed(&prng, seed);
    program.last = 1 + (int)prng_below(&prng, TASKS_MAX - 1);
    const char *family = families[prng_below(&prng, sizeof(families) / sizeof(families[0]))];

    for (int list = 0; list < LISTS_MAX; list++) {
        int count = 2 + (int)prng_below(&prng, 8);

        if (list > program.last && list < TASKS_MAX)
            continue;
        for (int i = 0; i < count && total < OPERATIONS_MAX; i++, total++)
            program.steps[list][program.counts[list]++] =
                draw_step(&prng, family, list, program.last);
    }
    return program;
}

/* ---- Writing and reading: "tasks LAST", and a line an operation: "LIST NAME A B C SPAN ENDS".
 * ----
 */

static inline void program_write(struct text *text, const struct program *program)
{
    char first[32];
    int size = snprintf(first, sizeof(first), "tasks %d\n", program->last);

    text_add(text, first, (size_t)size);
    for (int list = 0; list < LISTS_MAX; list++)
        for (int i = 0; i < program->counts[list]; i++) {
            const struct step *step = &program->steps[list][i];
            char line[128];
            int length = snprintf(line, sizeof(line), "%d %s %d %d %d %d %d\n", list,
                                  step->operation->name, step->numbers[0], step->numbers[1],
                                  step->numbers[2], step->span, step->ends);

            text_add(text, line, (size_t)length);
        }
}

/* The next whole number of a line; *at moves behind it.  Exits where there is none. */
static inline int read_number(const char **at, int limit)
{
    char *end = NULL;
    long number = strtol(*at, &end, 10);

    if (end == *at || number < 0 || number >= limit) {
        (void)fprintf(stderr, "not a number below %d: %s", limit, *at);
        exit(2);
    }
    *at = end;
    return (int)number;
}

static inline const struct operation *read_operation(const char **at)
{
    const char *name = *at + strspn(*at, " ");
    size_t length = strcspn(name, " \n");

    for (size_t i = 0; i < OPERATION_COUNT; i++)
        if (strlen(operations[i].name) == length &&
            strncmp(operations[i].name, name, length) == 0) {
            *at = name + length;
            return &operations[i];
        }
    (void)fprintf(stderr, "no operation: %s", name);
    exit(2);
}

/* Add the operation of a line. */
static inline void program_read(struct program *program, const char *line)
{
    if (strncmp(line, "tasks ", strlen("tasks ")) == 0) {
        line += strlen("tasks ");
        program->last = read_number(&line, TASKS_MAX);
        return;
    }
    int list = read_number(&line, LISTS_MAX);
    struct step step = {.operation = read_operation(&line)};

    for (int i = 0; i < 3; i++)
        step.numbers[i] = read_number(&line, LISTS_MAX);
    step.span = read_number(&line, STEPS_MAX);
    step.ends = read_number(&line, 2);
    if (program->counts[list] == STEPS_MAX) {
        (void)fprintf(stderr, "more than %d operations in list %d\n", STEPS_MAX, list);
        exit(2);
    }
    program->steps[list][program->counts[list]++] = step;
}

/* ---- Running. ---- */

static enum sim_status perform_step(struct sim *sim, struct actor *actor, int number, int end)
{
    const struct step *step = &actor->world->program->steps[actor->list][number];
    struct call *call = sim_alloc(sim, sizeof(*call));

    *call = (struct call){
        sim,        actor->world, actor, step->numbers[0], step->numbers[1], step->numbers[2],
        number + 1, end,          NULL};
    enum sim_status status = step->operation->body(sim, call);
    const char *said = status == SIM_OK ? call->said
                       : sim_exception_kind(sim_exception(sim)) == status
                           ? describe_whole(sim, sim_exception(sim))
                           : "another exception";

    sim_print(sim, "%d.%d %s%s%s", actor->list, number, step->operation->name,
              said == NULL ? "" : ": ", said == NULL ? "" : said);
    return step->ends != 0 ? status : SIM_OK;
}

enum sim_status perform(struct sim *sim, struct actor *actor, int first, int end)
{
    for (int number = first; number < end;) {
        int behind = number + 1 + actor->world->program->steps[actor->list][number].span;

        if (behind > end)
            behind = end;
        SIM_TRY(perform_step(sim, actor, number, behind));
        number = behind;
    }
    return SIM_OK;
}

enum sim_status procedure_body(struct sim *sim, void *arg)
{
    struct actor *actor = arg;

    SIM_TRY(perform(sim, actor, 0, actor->world->program->counts[actor->list]));
    return sim_return(sim, sim_int(actor->list));
}

static inline struct actor *actor_new(struct sim *sim, struct world *world, int list)
{
    struct actor *actor = sim_alloc(sim, sizeof(*actor));

    actor->world = world;
    actor->list = list;
    return actor;
}

struct actor *procedure_new(struct sim *sim, struct world *world, int procedure)
{
    return world->started++ < STARTED_MAX ? actor_new(sim, world, procedure) : NULL;
}

static inline enum sim_status count_up(struct sim_generator *generator, void *arg)
{
    struct sim *sim = sim_generator_sim(generator);
    enum sim_status status = SIM_OK;

    (void)arg;
    for (int i = 0; i < 6 && status == SIM_OK; i++) {
        status = sim_sleep(sim, i % 2 * SIM_SECOND);
        if (status == SIM_OK)
            status = sim_yield(generator, sim_int(i), NULL);
    }
    sim_print(sim, "generator ends");
    return status;
}

static inline enum sim_status program_main(struct sim *sim, void *arg)
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
    world->queues[2] = sim_lifo_queue_new(sim, NULL, 2);
    world->condition = sim_condition_new(sim, NULL, NULL);
    world->variable = sim_context_var_new(sim, "variable");
    world->generator = sim_async_generator_new(sim, count_up, NULL);
    world->tasks[0] = sim_current_task(sim);
    for (int list = 1; list <= world->program->last; list++)
        world->tasks[list] = sim_task_new(sim, NULL, procedure_body, actor_new(sim, world, list));
    return procedure_body(sim, actor_new(sim, world, 0));
}

#endif
