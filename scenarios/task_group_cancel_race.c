/* One task of a group fails, and the others clean up: in which order, nobody has said. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct session {
    struct sim_task_group *group;
    struct sim_var *open;
    bool keeper_closes; /* else whoever entered the group, when it is over */
};

static enum sim_status fail(struct sim *sim, void *arg)
{
    (void)arg;
    SIM_TRY(sim_sleep(sim, 1 * SIM_SECOND));
    return sim_raise(sim, SIM_VALUE_ERROR, "no");
}

static void close_session(struct sim *sim, struct session *session)
{
    sim_write(session->open, false);
    sim_print(sim, "session closed");
}

static enum sim_status publish_news(struct sim *sim, void *arg)
{
    struct session *session = arg;
    enum sim_status status = sim_sleep(sim, 5 * SIM_SECOND);

    sim_print(sim, "publisher: goodbye");
    sim_check(sim, sim_read(session->open), "the publisher's goodbye goes to a closed session");
    return status;
}

static enum sim_status keep_alive(struct sim *sim, void *arg)
{
    struct session *session = arg;
    enum sim_status status = sim_sleep(sim, 5 * SIM_SECOND);

    SIM_TRY(sim_sleep(sim, 0)); /* what is still to be sent goes first, one hopes */
    if (session->keeper_closes)
        close_session(sim, session);
    return status;
}

static enum sim_status start_all(struct sim *sim, void *arg)
{
    struct session *session = arg;

    (void)sim;
    (void)sim_task_group_create_task(session->group, "publisher", publish_news, session);
    (void)sim_task_group_create_task(session->group, "keeper", keep_alive, session);
    (void)sim_task_group_create_task(session->group, "failing", fail, NULL);
    return SIM_OK;
}

static enum sim_status serve(struct sim *sim, bool keeper_closes)
{
    struct session session = {sim_task_group_new(sim), sim_var_new(sim, "session open", true),
                              keeper_closes};
    enum sim_status status = sim_task_group_with(session.group, start_all, &session);

    if (!keeper_closes)
        close_session(sim, &session);
    if (status != SIM_EXCEPTION_GROUP)
        return status;
    sim_print(sim, "%s", sim_exception_message(sim_exception(sim)));
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return serve(sim, true);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return serve(sim, false);
}

const struct sim_scenario task_group_cancel_race = {
    .name = "task_group_cancel_race",
    .title = "Tasks of a group that clean up against each other",
    .about = "A group cancels its tasks all at once, and orders their cleanup in no way. Here one "
             "closes what another still says goodbye on; on CPython's loop it happens to be late.",
    .main = run,
    .async = true,
    .level = SIM_LEVEL_TIMING,
    .expect = SIM_CLEAN,
    .expect_any = SIM_FINDING_CHECK,
};

const struct sim_scenario task_group_cancel_race_fixed = {
    .name = "task_group_cancel_race_fixed",
    .title = "What a group shares is closed after it",
    .about =
        "A task group ends when all its tasks have, cleanup included: what they share is opened "
        "before it and closed after it, by nobody in it.",
    .main = run_fixed,
    .async = true,
    .level = SIM_LEVEL_TIMING,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
