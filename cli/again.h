/* Again: the run that a trace recorded, or those of a search, to be run once more. */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "sim/explore/outcome.h"
#include "sim/explore/run.h"

/* Set up its scenario, parameters and freedom; the policy is for the caller to say.  Returns false
 * after a message on standard error. */
bool again_request(const struct trace *trace, struct run_request *request);

/* As again_request, for the executions of a search. */
bool again_search(const struct outcome *outcome, struct run_request *request);

#endif
