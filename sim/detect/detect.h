/* Detectors: sinks that read events and report findings.
 *
 * They cannot change a run, and never see the simulator: they run equally on a live run, on a trace
 * from a file, and on ten events typed in a test. */
#ifndef SIM_DETECT_DETECT_H
#define SIM_DETECT_DETECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/trace/finding.h"
#include "sim/trace/sink.h"

struct detectors;

/* Create the whole set of detectors.  NULL when out of memory.  Owner: the caller. */
struct detectors *detectors_new(void);
void detectors_free(struct detectors *detectors);

/* The sink that feeds them all.  Lives as long as the detectors.  Made wordless, before it is given
 * to a simulation, it looks for kinds only: of findings of one kind, some may not be told. */
struct sink *detectors_sink(struct detectors *detectors);

/* The findings of the execution that ended last: errors before hazards, then by first step; at most
 * one a kind and object, the others are counted in `also`.  Sentences are written on the first call
 * after an end, not during the run (but for who is stuck when his loop closes).  Valid until the
 * next begin. */
const struct sim_finding *detectors_findings(struct detectors *detectors, size_t *count);

/* Cheap questions for searches, of the execution that ended last: which kinds were found (bit 1 <<
 * kind; no sentence is written)?  Was anything found, an error at least? */
uint64_t detectors_kinds(const struct detectors *detectors);
bool detectors_found(const struct detectors *detectors);
bool detectors_found_error(const struct detectors *detectors);

#endif
