/* Twice: runs a schedule a second time, and says where the program did something else.
 *
 * A run is a function of its choices.  Where it is not, something outside the simulation decides:
 * a variable that outlives the run, an address, rand(), the wall clock, memory that was never
 * written.  The second run has memory and stacks of its own, so that addresses differ. */
#ifndef SIM_EXPLORE_TWICE_H
#define SIM_EXPLORE_TWICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct policy_announced;
struct run_request;
struct schedule;
struct trace;

enum { TWICE_TEXT_MAX = 480 };

struct twice_difference {
    uint32_t step;               /* 0: there is none */
    char first[TWICE_TEXT_MAX];  /* what the first run did there, and where in the source */
    char second[TWICE_TEXT_MAX]; /* what the second did */
};

/* The first difference between two runs, with what each choice of them was between: event by event,
 * with its time, value, place, text and the names of who and what.  Returns true if there is none.
 */
bool twice_same(const struct trace *first, const struct policy_announced *first_options,
                const struct trace *second, const struct policy_announced *second_options,
                struct twice_difference *difference);

/* Run as the request says, and the same schedule again, with no sink of the request told of it.
 *
 * same:    whether there was no difference; else see difference
 * Returns: the trace of the first run, to be freed; NULL with the reason in error, and an error
 *          beside a trace, as run_record has them, and then nothing was run again. */
struct trace *twice_run(const struct run_request *request, bool *same,
                        struct twice_difference *difference, char *error, size_t error_size);

/* For a search: what repeats its executions.  NULL when out of memory. */
struct twice;
struct twice *twice_new(const struct run_request *request);
void twice_free(struct twice *twice);

/* Around the policy that chooses; and what must be told of the execution. */
struct policy *twice_policy(struct twice *twice, struct policy *inner);
struct sink *twice_sink(struct twice *twice);

/* After an execution with this schedule: run it again.  Returns true if it was the same, or memory
 * ran out. */
bool twice_check(struct twice *twice, const struct schedule *schedule,
                 struct twice_difference *difference);
bool twice_out_of_memory(const struct twice *twice);

#endif
