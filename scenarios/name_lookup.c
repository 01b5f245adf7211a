/* Names of addresses, one after another. */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

static enum sim_status run(struct sim *sim, void *arg)
{
    static const struct {
        const char *address;
        const char *name;
    } servers[] = {
        {"8.8.8.8", "dns.google"},
        {"1.1.1.1", "one.one.one.one"},
        {"8.8.4.4", "dns.google"},
        {"77.88.8.8", "dns.yandex.ru"},
        {"77.88.8.88", "safe.dns.yandex.ru"},
        {"77.88.8.7", "family.dns.yandex.ru"},
    };
    enum { COUNT = sizeof(servers) / sizeof(servers[0]) };

    (void)arg;
    for (size_t i = 0; i < COUNT; i++)
        if (sim_host_new(sim, servers[i].name, servers[i].address) == NULL)
            return SIM_VALUE_ERROR;
    sim_lookup_latency(sim, 20 * SIM_MS);
    for (size_t i = 0; i < COUNT; i++) {
        const char *name;

        SIM_TRY(sim_getnameinfo(sim, servers[i].address, &name));
        sim_print(sim, "%-15s: %s", servers[i].address, name);
    }
    return SIM_OK;
}

const struct sim_scenario name_lookup = {
    .name = "name_lookup",
    .title = "Names of addresses, one after another",
    .about = "A look-up blocks a thread of the loop's pool, not the loop. Awaited one after "
             "another, six look-ups of 20 ms take 120 ms.",
    .main = run,
    .async = true,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
};
