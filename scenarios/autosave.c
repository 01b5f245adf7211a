/* An editor saves its text beside the typing, until it is closed. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct text {
    struct sim_atomic *typed; /* keystrokes */
    struct sim_atomic *saved; /* how many of them are on the disk */
    struct sim_atomic *closing;
    int64_t keys;
    bool saves_at_the_end;
};

static bool all_saved(void *arg)
{
    const struct text *text = arg;

    return sim_atomic_load(text->saved) == sim_atomic_load(text->typed);
}

static enum sim_status type(struct sim *sim, void *arg)
{
    struct text *text = arg;

    for (int64_t i = 0; i < text->keys; i++) {
        sim_thread_sleep(sim, 10 * SIM_MS);
        (void)sim_atomic_fetch_add(text->typed, 1);
    }
    return SIM_OK;
}

static void save(struct sim *sim, struct text *text)
{
    int64_t typed = sim_atomic_load(text->typed);

    sim_thread_sleep(sim, 15 * SIM_MS); /* the disk is slow */
    sim_atomic_store(text->saved, typed);
}

static enum sim_status save_now_and_then(struct sim *sim, void *arg)
{
    struct text *text = arg;

    while (sim_atomic_load(text->closing) == 0)
        save(sim, text);
    if (text->saves_at_the_end)
        save(sim, text);
    return SIM_OK;
}

static enum sim_status edit(struct sim *sim, const int64_t *params, bool saves_at_the_end)
{
    struct text *text = sim_alloc(sim, sizeof(*text));
    struct sim_thread *threads[2];

    *text = (struct text){.typed = sim_atomic_new(sim, "typed", 0),
                          .saved = sim_atomic_new(sim, "saved", 0),
                          .closing = sim_atomic_new(sim, "closing", 0),
                          .keys = params[0],
                          .saves_at_the_end = saves_at_the_end};
    SIM_TRY(sim_finally(sim, "what was typed is saved", all_saved, text));
    threads[0] = sim_thread_new(sim, "typist", type, text);
    threads[1] = sim_thread_new(sim, "autosave", save_now_and_then, text);
    SIM_TRY(sim_thread_join(threads[0], NULL));
    sim_atomic_store(text->closing, 1);
    return sim_thread_join(threads[1], NULL);
}

static enum sim_status run(struct sim *sim, void *arg)
{
    return edit(sim, arg, false);
}

static enum sim_status run_fixed(struct sim *sim, void *arg)
{
    return edit(sim, arg, true);
}

const struct sim_scenario autosave = {
    .name = "autosave",
    .title = "An editor that closes before the last key is saved",
    .about = "The text is saved again and again until the editor is closed; what is typed while "
             "the last of these writes is under way is on no disk. What must be so in the end is a "
             "property of the program: what was typed is saved.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_FINDING_EVENTUALLY,
    .expect_any = SIM_FINDING_EVENTUALLY,
    .params = {{"keys", 2, 1, 1000, "that are typed"}},
};

const struct sim_scenario autosave_fixed = {
    .name = "autosave_fixed",
    .title = "Once more when the editor is closed",
    .about = "Nobody types any more when the editor is closed: the text is read and saved once "
             "more after that, and then all of it is on the disk.",
    .main = run_fixed,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"keys", 2, 1, 1000, "that are typed"}},
};
