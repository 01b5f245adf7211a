/* Lab: one scenario run again and again under choices that an experiment decides, looking each time
 * whether one particular finding is there. */
#ifndef SIM_EXPLORE_SHRINK_LAB_H
#define SIM_EXPLORE_SHRINK_LAB_H

#include "sim/core/policy.h"
#include "sim/explore/probe.h"
#include "sim/explore/run.h"
#include "sim/trace/recorder.h"

struct detectors;

/* Which finding is meant: its kind, and the names of the objects that it is about (without any: the
 * words of its last step). */
struct shrink_target {
    char about[512];
    uint8_t kind; /* enum sim_finding_kind */
};

void shrink_target_of(struct shrink_target *target, const struct registry *registry,
                      const struct sim_finding *finding);

/* A choice as it was taken. */
struct lab_choice {
    enum sim_choice_kind kind;
    bool preempting;
    uint32_t count;
    uint32_t taken;
    uint32_t first;  /* actor of option 0: with ops, the place of the choice in the program */
    uint32_t ops;    /* operations that this actor had done */
    uint32_t target; /* actor that was taken; of a number: the number */
};

struct lab;

/* Returns an index below choice->count. */
typedef uint32_t (*lab_decide_fn)(void *arg, const struct lab *lab,
                                  const struct sim_choice *choice);

struct lab {
    struct policy policy; /* first */
    struct sink sink;
    const struct run_request *request;
    const struct registry *registry; /* of the last run */
    struct sim *sim;
    struct probe *probe;
    struct detectors *detectors;
    struct recorder recorder;
    struct trace *trace; /* the last run, if this lab records; its findings are not in it */
    lab_decide_fn decide;
    void *arg;
    struct lab_choice *choices; /* of the last run */
    size_t choice_count;
    size_t choice_capacity;
    uint32_t *ops; /* operations done so far, by actor */
    size_t ops_count;
    size_t ops_capacity;
    uint64_t runs;
    uint64_t steps;           /* of all runs, and some more for choices with many options */
    enum sim_outcome outcome; /* of the last run */
    bool out_of_memory;
};

/* Owner: the caller, of a lab and of the request that it borrows.  Returns false when out of
 * memory; lab_free is due in either case.  A lab that records keeps the events of its last run. */
bool lab_init(struct lab *lab, const struct run_request *request, bool recording);
void lab_free(struct lab *lab);

/* Run once.  Returns false when out of memory. */
bool lab_run(struct lab *lab, lab_decide_fn decide, void *arg);

/* Decides for the choices of a schedule (arg: struct schedule): its number if there is such an
 * option, else option 0; and option 0 after its end. */
uint32_t lab_by_position(void *arg, const struct lab *lab, const struct sim_choice *choice);

/* Did the last run show it? */
bool lab_shows(const struct lab *lab, const struct shrink_target *target);

/* Did it show any error? */
bool lab_shows_error(const struct lab *lab);

/* The first finding of this kind in the last run.  Returns false if there is none. */
bool lab_target(const struct lab *lab, enum sim_finding_kind kind, struct shrink_target *target);

/* The operations that an actor has done. */
uint32_t lab_ops(const struct lab *lab, uint32_t actor);

#endif
