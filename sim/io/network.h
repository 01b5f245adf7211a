/* Network: simulated hosts and the links between them.
 *
 * A run has one network.  It knows one host, "localhost" at 127.0.0.1; every other one is made
 * here, before it is used. */
#ifndef SIM_IO_NETWORK_H
#define SIM_IO_NETWORK_H

#include "sim/core/sim.h"

struct sim_host;

/* What happens to bytes between two hosts, in either direction. */
struct sim_link {
    int64_t min_ns;   /* latency of everything that is sent: one of `choices` values, evenly */
    int64_t max_ns;   /* spread from min_ns to max_ns, as the schedule chooses; nothing overtakes */
    uint32_t choices; /* 0 or 1: always min_ns */
    size_t window;    /* bytes that can be underway or unread; 0: 64 KiB */
};

/* Create a host.
 *
 * name:    e.g. "www.example.org"; NULL: it can be reached by its address only; of several hosts
 *          with one name, a look-up finds the one that was made first
 * address: e.g. "192.0.2.7"
 * Returns: NULL, with ValueError raised, if the address is taken, or is not made of four numbers
 *          from 0 to 255. */
struct sim_host *sim_host_new(struct sim *sim, const char *name, const char *address);

/* The first host. */
struct sim_host *sim_localhost(struct sim *sim);

/* Set the link between two hosts, or of a host with itself.  Without one, everything arrives at
 * once, and 64 KiB fit.
 *
 * Returns: SIM_VALUE_ERROR for a negative latency, or max_ns < min_ns with several choices. */
enum sim_status sim_link_set(struct sim_host *a, struct sim_host *b, const struct sim_link *link);

/* How long it takes to look up a name or an address: 0 by default, for all names. */
void sim_lookup_latency(struct sim *sim, int64_t latency_ns);

/* Find the address of a host, in a thread of the loop's own pool.
 *
 * Returns: SIM_OK; SIM_GAI_ERROR for a name that is not known; SIM_CANCELLED.
 * As:      await loop.getaddrinfo(host, port) */
SIM_MUST_USE enum sim_status(sim_getaddrinfo)(struct sim *sim, const char *name,
                                              const char **address, const struct sim_site *site);
#define sim_getaddrinfo(sim, name, address) (sim_getaddrinfo)((sim), (name), (address), SIM_HERE)

/* Find the name of the host at an address; one without a name has its address for one.
 *
 * Returns: SIM_OK; SIM_CANCELLED.
 * As:      await loop.getnameinfo((address, port)) */
SIM_MUST_USE enum sim_status(sim_getnameinfo)(struct sim *sim, const char *address,
                                              const char **name, const struct sim_site *site);
#define sim_getnameinfo(sim, address, name) (sim_getnameinfo)((sim), (address), (name), SIM_HERE)

#endif
