/* The inside of the network. */
#ifndef SIM_IO_NETWORK_STATE_H
#define SIM_IO_NETWORK_STATE_H

#include "sim/core/state.h"
#include "sim/io/network.h"

struct sim_host {
    struct sim_host *next; /* in order of creation */
    struct network *network;
    const char *name; /* NULL: none */
    const char *address;
    int64_t next_port; /* for who asks for any */
};

struct link_entry;

/* Lives in the arena; one a run. */
struct network {
    struct sim *sim;
    struct sim_host *hosts;
    struct link_entry *links;
    struct list_node listeners; /* sockets that listen */
    int64_t lookup_ns;
};

struct network *network_of(struct sim *sim);

/* The host at this address; NULL: nobody is there. */
struct sim_host *network_host_at(struct network *network, const char *address);

/* True for what needs no look-up. */
bool network_is_address(const char *name);

/* The address of a name or address, looked up on the way if need be.
 *
 * Returns: as sim_getaddrinfo.  As BaseEventLoop._ensure_resolved. */
SIM_MUST_USE enum sim_status network_resolve(struct sim *sim, const char *name,
                                             const char **address, const struct sim_site *site);

/* What links them; never NULL. */
const struct sim_link *network_link(const struct sim_host *a, const struct sim_host *b);

/* How long what is sent now will take: the schedule chooses. */
int64_t link_latency(struct sim *sim, const struct sim_link *link);

#endif
