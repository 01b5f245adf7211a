/* The programs that every machine has: small versions of their namesakes. */
#include <stdlib.h>
#include <string.h>

#include "sim/io/machine.h"

static int echo_main(struct sim *sim, struct sim_child *child, void *arg)
{
    struct buffer line = {0};

    (void)arg;
    for (int i = 1; i < child->argc; i++) {
        if (i > 1)
            buffer_append(sim, &line, " ", 1);
        buffer_append(sim, &line, child->argv[i], strlen(child->argv[i]));
    }
    buffer_append(sim, &line, "\n", 1);
    return (sim_child_write)(child, 1, buffer_front(&line), buffer_size(&line), NULL) == SIM_OK ? 0
                                                                                                : 1;
}

static int cat_main(struct sim *sim, struct sim_child *child, void *arg)
{
    enum { BLOCK = 64 * 1024 };

    (void)sim;
    (void)arg;
    for (;;) {
        struct sim_bytes bytes = (sim_child_read)(child, BLOCK, NULL);

        if (bytes.size == 0)
            return 0;
        if ((sim_child_write)(child, 1, bytes.data, bytes.size, NULL) != SIM_OK)
            return 1;
    }
}

static int true_main(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)sim;
    (void)child;
    (void)arg;
    return 0;
}

static int false_main(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)sim;
    (void)child;
    (void)arg;
    return 1;
}

static int complain(struct sim_child *child, const char *message)
{
    const char *line = sim_format(child->sim, "%s: %s\n", child->argv[0], message);

    (void)(sim_child_write)(child, 2, line, strlen(line), NULL);
    return 1;
}

/* sleep SECONDS, with a fraction if need be. */
static int sleep_main(struct sim *sim, struct sim_child *child, void *arg)
{
    char *end = NULL;

    (void)arg;
    if (child->argc != 2)
        return complain(child, "how long?");
    double seconds = strtod(child->argv[1], &end);

    if (end == child->argv[1] || *end != '\0' || !(seconds >= 0 && seconds < 1e9))
        return complain(child, sim_format(sim, "invalid time interval '%s'", child->argv[1]));
    sched_sleep(sim, (int64_t)(seconds * 1e9 + 0.5), NULL);
    return 0;
}

/* ls [-l]: the simulated files. */
static int ls_main(struct sim *sim, struct sim_child *child, void *arg)
{
    struct machine *machine = machine_of(sim);
    bool sizes = child->argc > 1 && strcmp(child->argv[1], "-l") == 0;

    (void)arg;
    for (const char **name = machine_files(machine); *name != NULL; name++) {
        enum sim_status status =
            sizes ? sim_child_printf(child, "%8zu %s\n", machine_file_size(machine, *name), *name)
                  : sim_child_printf(child, "%s\n", *name);

        if (status != SIM_OK)
            return 1;
    }
    return 0;
}

void machine_add_programs(struct sim *sim)
{
    sim_program_add(sim, "cat", cat_main, NULL);
    sim_program_add(sim, "echo", echo_main, NULL);
    sim_program_add(sim, "false", false_main, NULL);
    sim_program_add(sim, "ls", ls_main, NULL);
    sim_program_add(sim, "sh", shell_main, NULL);
    sim_program_add(sim, "sleep", sleep_main, NULL);
    sim_program_add(sim, "true", true_main, NULL);
}
