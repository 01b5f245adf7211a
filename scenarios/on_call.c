/* Of two doctors on call, each may go home if the other stays. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct ward {
    struct sim_lock *roster;
    bool decides_under_lock;
};

struct doctor {
    struct ward *ward;
    struct sim_var *on_call;
    struct sim_var *other_on_call;
};

/* The way to the other end of the ward, to sign off. */
static enum sim_status walk(struct sim *sim)
{
    return sim_sleep(sim, 1 * SIM_SECOND);
}

static enum sim_status decide(struct sim *sim, void *arg)
{
    struct doctor *doctor = arg;

    if (sim_read(doctor->other_on_call) == 0)
        return SIM_OK;
    SIM_TRY(walk(sim));
    sim_write(doctor->on_call, 0);
    sim_print(sim, "%s goes home", sim_task_name(sim_current_task(sim)));
    return SIM_OK;
}

static enum sim_status go_home(struct sim *sim, void *arg)
{
    const struct doctor *doctor = arg;

    if (doctor->ward->decides_under_lock)
        return sim_lock_with(doctor->ward->roster, decide, arg);
    return decide(sim, arg);
}

static enum sim_status share(struct sim *sim, bool decides_under_lock)
{
    struct ward ward = {sim_lock_new(sim, "roster"), decides_under_lock};
    struct sim_var *anna = sim_var_new(sim, "Anna's shift", 1);
    struct sim_var *bob = sim_var_new(sim, "Bob's shift", 1);
    struct doctor doctors[] = {{&ward, anna, bob}, {&ward, bob, anna}};
    struct sim_future *tasks[] = {
        SIM_FUTURE(sim_task_new(sim, "Anna", go_home, &doctors[0])),
        SIM_FUTURE(sim_task_new(sim, "Bob", go_home, &doctors[1])),
    };

    SIM_TRY(sim_await(sim_gather(sim, tasks, 2, false), NULL));
    int64_t left = sim_var_peek(anna) + sim_var_peek(bob);

    sim_print(sim, "%lld on call", (long long)left);
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    (void)arg;
    return share(sim, true);
}

const struct sim_scenario on_call = {
    .name = "on_call",
    .title = "Two doctors who both rely on the other",
    .about = "Each looks whether the other is on call, and then signs off: both were right when "
             "they looked, and nobody is left. Neither overwrote what the other had written; it is "
             "the pair that is wrong, which databases call write skew.",
    .main = run,
    .async = true,
    .expect = SIM_FINDING_CHECK_THEN_ACT,
    .expect_any = SIM_FINDING_CHECK_THEN_ACT,
};

const struct sim_scenario on_call_fixed = {
    .name = "on_call_fixed",
    .title = "Look and sign off with the roster in hand",
    .about = "One lock round looking and signing off: whoever comes second sees that the other has "
             "gone, and stays.",
    .main = run_fixed,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
