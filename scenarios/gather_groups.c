/* Groups of groups. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { GROUPS = 3, MOST = 5 };

/* How long each worker takes, in tenths of a second: as if by chance. */
static const int64_t delays[GROUPS][MOST] = {{29, 17, 30, 13, 12}, {23, 24, 19}, {11, 26, 18, 10}};
static const size_t sizes[GROUPS] = {5, 3, 4};

struct worker {
    int group;
    int number;
};

static enum sim_status work(struct sim *sim, void *arg)
{
    const struct worker *self = arg;
    const char *tag = sim_format(sim, "group %d.%d", self->group + 1, self->number + 1);

    sim_print(sim, "run: %s", tag);
    SIM_TRY(sim_sleep(sim, delays[self->group][self->number] * 100 * SIM_MS));
    sim_print(sim, "done: %s", tag);
    return sim_return(sim, sim_str(tag));
}

static struct sim_future *start_group(struct sim *sim, int group)
{
    struct sim_future *tasks[MOST];
    struct worker *workers = sim_alloc(sim, MOST * sizeof(*workers));

    for (int i = 0; i < (int)sizes[group]; i++) {
        workers[i] = (struct worker){group, i};
        tasks[i] = SIM_FUTURE(sim_task_new(sim, NULL, work, &workers[i]));
    }
    return sim_gather(sim, tasks, sizes[group], false);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    struct sim_future *groups[GROUPS];
    struct sim_value all;

    (void)arg;
    for (int group = 0; group < GROUPS; group++)
        groups[group] = start_group(sim, group);
    SIM_TRY(sim_await(sim_gather(sim, groups, GROUPS, false), &all));
    for (int group = 0; group < GROUPS; group++)
        for (uint32_t i = 0; i < all.as.items[group].count; i++)
            sim_print(sim, "%s", all.as.items[group].as.items[i].as.string);
    return SIM_OK;
}

const struct sim_scenario gather_groups = {
    .name = "gather_groups",
    .title = "Groups of groups",
    .about = "A gather is a future, too: gathers can be gathered, and each result is a list.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
