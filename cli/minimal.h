/* Minimal: what a search says beside the schedule that it found: the smallest like it, the passing
 * run beside that, and the constraints that name it. */
#ifndef CLI_MINIMAL_H
#define CLI_MINIMAL_H

#include "cli/fate.h"
#include "cli/options.h"

/* Shrink the schedule, which shows a finding of this kind, and say so on standard error.  Returns
 * false after a message on standard error. */
bool minimal_shrink(const struct run_request *request, enum sim_finding_kind kind,
                    struct schedule *schedule);

/* Say on standard error what the options ask for: which constraints bring the finding about, which
 * two steps would have to change places for it not to come, from where on it could not be escaped;
 * and write the tests that they name.  The last goes into curve, too, for a picture: {0} before, to
 * be freed with fate_curve_free.  Returns false after a message on standard error. */
bool minimal_explain(const struct cli_options *options, const struct run_request *request,
                     enum sim_finding_kind kind, const struct trace *trace,
                     struct fate_curve *curve);

#endif
