/* Lines at the end of a file. */
#include <string.h>

#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct addition {
    struct sim_file *file;
    const char *line;
};

static enum sim_status open_file(struct sim *sim, void *arg)
{
    struct addition *addition = arg;

    return sim_file_open(sim, "ports.tsv", "a", &addition->file);
}

static enum sim_status write_line(struct sim *sim, void *arg)
{
    const struct addition *addition = arg;

    (void)sim;
    return sim_file_write(addition->file, addition->line, strlen(addition->line));
}

static enum sim_status close_file(struct sim *sim, void *arg)
{
    struct addition *addition = arg;

    (void)sim;
    sim_file_close(addition->file);
    return SIM_OK;
}

static enum sim_status tick(struct sim *sim, void *arg)
{
    (void)arg;
    for (int i = 0; i < 4; i++) {
        sim_print(sim, "tick");
        SIM_TRY(sim_sleep(sim, 30 * SIM_MS));
    }
    return SIM_OK;
}

static enum sim_status append(struct sim *sim, void *arg)
{
    static const int ports[] = {22, 80, 443};
    struct addition addition = {0};

    (void)arg;
    SIM_TRY(sim_to_thread(sim, open_file, &addition, NULL));
    for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
        addition.line = sim_format(sim, "example.org\t%d\n", ports[i]);
        SIM_TRY(sim_to_thread(sim, write_line, &addition, NULL));
        sim_print(sim, "wrote %d", ports[i]);
    }
    return sim_to_thread(sim, close_file, &addition, NULL);
}

static enum sim_status show(struct sim *sim, void *arg)
{
    struct sim_file *file;
    struct sim_bytes line;

    (void)arg;
    SIM_TRY(sim_file_open(sim, "ports.tsv", "r", &file));
    for (;;) {
        SIM_TRY(sim_file_read_line(file, &line));
        if (line.size == 0)
            break;
        sim_print(sim, "%.*s", (int)line.size - 1, line.data);
    }
    sim_file_close(file);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    sim_file_create(sim, "ports.tsv", "host\tport\n");
    sim_disk_latency(sim, 20 * SIM_MS);
    struct sim_future *both[] = {SIM_FUTURE(sim_task_new(sim, "append", append, NULL)),
                                 SIM_FUTURE(sim_task_new(sim, "tick", tick, NULL))};

    SIM_TRY(sim_await(sim_gather(sim, both, 2, false), NULL));
    return sim_to_thread(sim, show, NULL, NULL);
}

const struct sim_scenario file_append = {
    .name = "file_append",
    .title = "Lines at the end of a file",
    .about = "A disk takes its time, and would hold up the loop: every operation runs in a "
             "thread, and a clock beside it goes on.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
