/* Order specification: a schedule as named constraints, which outlives changes of the program that
 * a list of choices would not.
 *
 *     A.read(counter) < B.write(counter), B.write(counter) < A.write(counter)
 *     A.read(counter), B.read(counter), A.write(counter), B.write(counter)
 *
 * An event is an actor's name, an operation (a name of the trace file) and the name of its object,
 * which is left out if there is none, or if it is the actor itself; [2] behind it means the second
 * time.  A lock that is asked for in vain counts as acquired last of all.  `<` means "comes
 * before"; commas separate such chains, and in a list without any `<` mean the same as it.  A name
 * with one of . , < ( ) [ ] " in it stands in double quotes; in them, a backslash stands before a
 * double quote or a backslash. */
#ifndef SIM_POLICY_ORDER_SPEC_H
#define SIM_POLICY_ORDER_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/trace/registry.h"

enum { ORDER_EVENTS_MAX = 1000, ORDER_TEXT_MAX = 4 * REGISTRY_NAME_MAX + 64 };

struct order_event {
    char actor[REGISTRY_NAME_MAX];
    char object[REGISTRY_NAME_MAX]; /* "": none, or the actor itself */
    uint32_t nth;                   /* from 1 */
    uint8_t op;                     /* enum sim_event_kind */
};

/* before and after are places in the events. */
struct order_pair {
    uint32_t before;
    uint32_t after;
};

struct order_spec {
    struct order_event *events; /* owned; no two are equal */
    size_t event_count;
    size_t event_capacity;
    struct order_pair *pairs; /* owned; without a cycle */
    size_t pair_count;
    size_t pair_capacity;
};

/* {0} is an empty specification, which any run fulfils.  free leaves {0}. */
void order_spec_free(struct order_spec *spec);

/* Parse text.  Returns false and writes why (with the column) to error; spec is then empty. */
bool order_spec_parse(struct order_spec *spec, const char *text, char *error, size_t error_size);

/* The text, to be freed by the caller; NULL when out of memory. */
char *order_spec_format(const struct order_spec *spec);

/* Add an event; *place is where it stands, or stood already.  Returns false when out of memory, or
 * if there are ORDER_EVENTS_MAX others. */
bool order_spec_event(struct order_spec *spec, const struct order_event *event, uint32_t *place);

/* Add a pair that is not there yet.  Returns false when out of memory. */
bool order_spec_pair(struct order_spec *spec, uint32_t before, uint32_t after);

/* An event as text, at most ORDER_TEXT_MAX bytes with the NUL.  Returns out. */
char *order_event_format(const struct order_event *event, char out[ORDER_TEXT_MAX]);

/* True for what a program does; false for what its schedule does to it (it waits, gets the CPU
 * ...).
 */
bool order_is_operation(unsigned event_kind);

#endif
