/* Check then act: two actors each look at what the other is about to change, and each then writes
 * by what it saw.
 *
 * The write skew of Berenson, Bernstein, Gray, Melton, O'Neil and O'Neil (A Critique of ANSI SQL
 * Isolation Levels, SIGMOD 1995, A5B): A reads y and writes x, B reads x and writes another
 * variable, y; B read x before A wrote it, and A read y before B wrote it.  Whichever of the two
 * came first as a whole, the other would have seen its write: no order gives what happened.  A
 * decision is what an actor has read since its last write, the latest DECISION_READS_MAX of it;
 * of each variable the latest DECIDED_WRITES_MAX writes are known.  As with lost updates, the
 * events do not say that a write depends on what was read before it.
 *
 * A decision on one variable that is read again for the act is not claimed: so does a program that
 * checks twice, rightly. */
#ifndef SIM_DETECT_CHECK_THEN_ACT_H
#define SIM_DETECT_CHECK_THEN_ACT_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/detect/story.h"

enum { DECISION_READS_MAX = 4, DECIDED_WRITES_MAX = 8 };

struct decision_id;

struct check_then_act {
    struct decision_id *ids; /* by id - 1: of an actor, and of a variable; owned */
    size_t capacity;
    uint32_t run;
    /* The first case. */
    uint32_t first_variable; /* what `other` wrote and `self` had read */
    uint32_t second_variable;
    struct moment self_read; /* of the first */
    struct moment other_read;
    struct moment other_write; /* of the first */
    struct moment self_write;
    uint32_t found;
    bool out_of_memory;
};

void check_then_act_begin(struct check_then_act *detector);
void check_then_act_free(struct check_then_act *detector);

/* SIM_EV_READ; SIM_EV_WRITE. */
void check_then_act_read(struct check_then_act *detector, const struct sim_event *event);
void check_then_act_write(struct check_then_act *detector, const struct sim_event *event);

/* Write the finding; false when there is none. */
bool check_then_act_report(const struct check_then_act *detector, const struct registry *registry,
                           struct sim_finding *finding);

#endif
