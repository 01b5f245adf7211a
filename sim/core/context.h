/* Context variables: values that follow a task, not the call stack of a thread. */
#ifndef SIM_CORE_CONTEXT_H
#define SIM_CORE_CONTEXT_H

#include "sim/core/sim.h"

struct sim_context;
struct sim_context_var;
struct sim_context_token;

/* Create a variable; it has no value in any context until it is set.
 *
 * Owner:   the arena.  As contextvars.ContextVar(name) */
struct sim_context_var *sim_context_var_new(struct sim *sim, const char *name);

/* The same, with a value for contexts in which it is not set.
 *
 * As:      contextvars.ContextVar(name, default=value) */
struct sim_context_var *sim_context_var_new_default(struct sim *sim, const char *name,
                                                    struct sim_value value);

/* Returns: SIM_OK with the value in the current context; SIM_LOOKUP_ERROR if it has none.
 *
 * As:      ContextVar.get() */
SIM_MUST_USE enum sim_status sim_context_var_get(struct sim_context_var *var,
                                                 struct sim_value *value);

/* Set it in the current context, which is the running task's own.
 *
 * Returns: what sim_context_var_reset takes back.
 * As:      ContextVar.set(value) */
struct sim_context_token *sim_context_var_set(struct sim_context_var *var, struct sim_value value);

/* Give the variable the value that it had before.
 *
 * Returns: SIM_OK; SIM_RUNTIME_ERROR if the token was used; SIM_VALUE_ERROR if it is another
 *          variable's, or was made in another context.
 * As:      ContextVar.reset(token) */
enum sim_status sim_context_var_reset(struct sim_context_var *var, struct sim_context_token *token);

/* A copy of the current context, in constant time.  As contextvars.copy_context(). */
struct sim_context *sim_copy_context(struct sim *sim);

/* Run body in a context: what it sets stays there.
 *
 * Returns: what body returns; SIM_RUNTIME_ERROR if the context is entered already.
 * As:      Context.run(callable) */
enum sim_status sim_context_run(struct sim *sim, struct sim_context *context, sim_body_fn body,
                                void *arg);

#endif
