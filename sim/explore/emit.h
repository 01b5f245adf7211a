/* Emit: a finding as a unit test in C that others can compile. */
#ifndef SIM_EXPLORE_EMIT_H
#define SIM_EXPLORE_EMIT_H

#include "sim/explore/run.h"

struct emit_request {
    const struct run_request *run; /* its scenario, parameters and level */
    const struct trace *trace;     /* of the failing run; its schedule is that of the test */
    enum sim_finding_kind kind;
    const char *order;   /* constraints under which it fails, too; NULL: none are known */
    int max_preemptions; /* as many as the schedule has: of the search of a test that waits for a
                            remedy */
    bool fixed;          /* fail until the fault is fixed; else pass as long as it is there */
};

/* The whole file, for cmocka and the installed library, to be freed by the caller.  The scenario is
 * declared extern: whoever builds the test links what defines it.
 *
 * Returns: NULL with the reason in error: the scenario's name is no name in C, or out of memory. */
char *emit_test(const struct emit_request *request, char *error, size_t error_size);

#endif
