#include "sim/io/network_state.h"

#include <stdlib.h>
#include <string.h>

#include "sim/core/sched.h"
#include "sim/thread/executor.h"

enum { WINDOW = 64 * 1024, FIRST_ANY_PORT = 49152 };

struct link_entry {
    struct link_entry *next;
    const struct sim_host *a;
    const struct sim_host *b;
    struct sim_link link;
};

static struct sim_host *add(struct network *network, const char *name, const char *address)
{
    struct sim *sim = network->sim;
    struct sim_host *host = sim_alloc(sim, sizeof(*host));
    struct sim_host **last = &network->hosts;

    while (*last != NULL)
        last = &(*last)->next;
    *last = host;
    host->network = network;
    host->name = sim_strdup(sim, name);
    host->address = sim_strdup(sim, address);
    host->next_port = FIRST_ANY_PORT;
    return host;
}

struct network *network_of(struct sim *sim)
{
    struct network *network = sim->network;

    if (network != NULL)
        return network;
    network = sim_alloc(sim, sizeof(*network));
    network->sim = sim;
    list_init(&network->listeners);
    sim->network = network;
    (void)add(network, "localhost", "127.0.0.1");
    return network;
}

bool network_is_address(const char *name)
{
    int numbers = 0;

    for (const char *at = name;; at++) {
        int value = 0;
        int digits = 0;

        for (; *at >= '0' && *at <= '9' && digits < 4; at++, digits++)
            value = 10 * value + (*at - '0');
        if (digits == 0 || digits > 3 || value > 255)
            return false;
        numbers++;
        if (*at == '\0')
            return numbers == 4;
        if (*at != '.')
            return false;
    }
}

struct sim_host *network_host_at(struct network *network, const char *address)
{
    struct sim_host *host = network->hosts;

    while (host != NULL && strcmp(host->address, address) != 0)
        host = host->next;
    return host;
}

static struct sim_host *host_named(struct network *network, const char *name)
{
    struct sim_host *host = network->hosts;

    while (host != NULL && (host->name == NULL || strcmp(host->name, name) != 0))
        host = host->next;
    return host;
}

struct sim_host *sim_host_new(struct sim *sim, const char *name, const char *address)
{
    struct network *network = network_of(sim);
    const char *wrong = NULL;

    if (!network_is_address(address))
        wrong = "is not four numbers from 0 to 255";
    else if (network_host_at(network, address) != NULL)
        wrong = "is the address of another host";
    if (wrong != NULL) {
        (void)sim_raise(sim, SIM_VALUE_ERROR, "'%s' %s", address, wrong);
        return NULL;
    }
    return add(network, name, address);
}

struct sim_host *sim_localhost(struct sim *sim)
{
    return network_of(sim)->hosts;
}

static struct link_entry *find_link(const struct sim_host *a, const struct sim_host *b)
{
    struct link_entry *entry = a->network->links;

    while (entry != NULL && !((entry->a == a && entry->b == b) || (entry->a == b && entry->b == a)))
        entry = entry->next;
    return entry;
}

enum sim_status sim_link_set(struct sim_host *a, struct sim_host *b, const struct sim_link *link)
{
    struct network *network = a->network;
    struct link_entry *entry = find_link(a, b);

    if (link->min_ns < 0 || (link->choices > 1 && link->max_ns < link->min_ns))
        return sim_raise(network->sim, SIM_VALUE_ERROR, "a latency from %lld to %lld ns is none",
                         (long long)link->min_ns, (long long)link->max_ns);
    if (entry == NULL) {
        entry = sim_alloc(network->sim, sizeof(*entry));
        *entry = (struct link_entry){.next = network->links, .a = a, .b = b};
        network->links = entry;
    }
    entry->link = *link;
    if (link->window == 0)
        entry->link.window = WINDOW;
    return SIM_OK;
}

const struct sim_link *network_link(const struct sim_host *a, const struct sim_host *b)
{
    static const struct sim_link none = {.window = WINDOW};
    const struct link_entry *entry = find_link(a, b);

    return entry == NULL ? &none : &entry->link;
}

int64_t link_latency(struct sim *sim, const struct sim_link *link)
{
    if (link->choices < 2)
        return link->min_ns;
    int64_t chosen = sim_choose_number(sim, link->choices);

    return link->min_ns + (link->max_ns - link->min_ns) / (link->choices - 1) * chosen;
}

void sim_lookup_latency(struct sim *sim, int64_t latency_ns)
{
    network_of(sim)->lookup_ns = latency_ns;
}

/* ---- Look-up: blocks a thread of the loop's pool, as the C library would. ---- */

static enum sim_status find_address(struct sim *sim, void *arg)
{
    struct network *network = network_of(sim);
    const struct sim_host *host;

    if (network->lookup_ns > 0)
        sched_sleep(sim, network->lookup_ns, NULL);
    host = host_named(network, arg);
    if (host == NULL)
        return sim_raise(sim, SIM_GAI_ERROR, "[Errno -2] Name or service not known");
    return sim_return(sim, sim_str(host->address));
}

static enum sim_status find_name(struct sim *sim, void *arg)
{
    struct network *network = network_of(sim);
    const struct sim_host *host;

    if (network->lookup_ns > 0)
        sched_sleep(sim, network->lookup_ns, NULL);
    host = network_host_at(network, arg);
    return sim_return(sim, sim_str(host == NULL || host->name == NULL ? arg : host->name));
}

static enum sim_status look_up(struct sim *sim, sim_body_fn find, const char *what,
                               const char **found, const struct sim_site *site)
{
    char *key = (char *)(uintptr_t)sim_strdup(sim, what);
    struct sim_future *future = (sim_run_in_executor)(sim, NULL, find, key, site);
    struct sim_value value = sim_none();

    if (future == NULL)
        return SIM_RUNTIME_ERROR;
    SIM_TRY((sim_await)(future, &value, site));
    *found = value.as.string;
    return SIM_OK;
}

enum sim_status(sim_getaddrinfo)(struct sim *sim, const char *name, const char **address,
                                 const struct sim_site *site)
{
    if (network_is_address(name)) {
        *address = sim_strdup(sim, name);
        return SIM_OK;
    }
    return look_up(sim, find_address, name, address, site);
}

enum sim_status(sim_getnameinfo)(struct sim *sim, const char *address, const char **name,
                                 const struct sim_site *site)
{
    return look_up(sim, find_name, address, name, site);
}

enum sim_status network_resolve(struct sim *sim, const char *name, const char **address,
                                const struct sim_site *site)
{
    return (sim_getaddrinfo)(sim, name, address, site);
}
