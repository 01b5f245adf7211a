/* Again: the run that a trace recorded, to be run once more. */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "sim/explore/run.h"

/* Set up its scenario, parameters and level; the policy is for the caller to say.  Returns false
 * after a message on standard error. */
bool again_request(const struct trace *trace, struct run_request *request);

#endif
