/* Generator: a body that gives values one by one and waits, where it gives one, to be asked on. */
#ifndef SIM_COMBINE_GENERATOR_H
#define SIM_COMBINE_GENERATOR_H

#include "sim/core/sim.h"

struct sim_generator;

typedef enum sim_status (*sim_generator_fn)(struct sim_generator *generator, void *arg);

/* Create a generator, plain or asynchronous; body begins when it is first asked.  A plain body must
 * not wait.  An asynchronous one may, as the task that asks; its loop finishes it when it closes.
 *
 * Owner:   the arena.
 * As:      generator() of `def generator(): ... yield ...`, or of `async def` */
struct sim_generator *sim_generator_new(struct sim *sim, sim_generator_fn body, void *arg);
struct sim_generator *sim_async_generator_new(struct sim *sim, sim_generator_fn body, void *arg);

/* For body: give a value, and wait to be asked on.
 *
 * Returns: SIM_OK with what was sent in *sent (may be NULL); the status that was thrown in;
 *          SIM_GENERATOR_EXIT when it is closed: return it.
 * As:      sent = yield value */
SIM_MUST_USE enum sim_status sim_yield(struct sim_generator *generator, struct sim_value value,
                                       struct sim_value *sent);

/* The simulation that a generator is of, for its body. */
struct sim *sim_generator_sim(const struct sim_generator *generator);

/* Ask for the next value.
 *
 * Blocks:  an asynchronous one, where its body waits.
 * Returns: SIM_OK with it in *value (may be NULL); SIM_STOP_ITERATION (SIM_STOP_ASYNC_ITERATION for
 *          an asynchronous one) after the last; how body failed; SIM_VALUE_ERROR ("generator
 * already executing"; SIM_RUNTIME_ERROR for an asynchronous one). As:      next(generator), await
 * anext(generator) */
SIM_MUST_USE enum sim_status sim_generator_next(struct sim_generator *generator,
                                                struct sim_value *value);

/* The same, and let the yield at which body waits return a value, or raise.
 *
 * Returns: as sim_generator_next; SIM_TYPE_ERROR for a value other than sim_none() sent to one that
 *          has not begun.
 * As:      generator.send(value), .throw(kind(message)), await generator.asend(value), .athrow() */
SIM_MUST_USE enum sim_status sim_generator_send(struct sim_generator *generator,
                                                struct sim_value sent, struct sim_value *value);
SIM_MUST_USE enum sim_status sim_generator_throw(struct sim_generator *generator,
                                                 enum sim_status kind, const char *message,
                                                 struct sim_value *value);

/* End it: the yield at which body waits returns SIM_GENERATOR_EXIT.
 *
 * Returns: SIM_OK; how body failed; SIM_RUNTIME_ERROR if it gave another value instead.
 * As:      generator.close(), await generator.aclose() */
enum sim_status sim_generator_close(struct sim_generator *generator);

/* Call each(arg, value) for every value until it returns another status than SIM_OK, or there are
 * no more.
 *
 * Returns: SIM_OK after the last value; what each returned; how the generator failed.
 * As:      for value in generator: ..., async for value in generator: ... */
typedef enum sim_status (*sim_each_fn)(struct sim *sim, void *arg, struct sim_value value);
SIM_MUST_USE enum sim_status sim_generator_each(struct sim_generator *generator, sim_each_fn each,
                                                void *arg);

/* Every value, as one of type SIM_LIST in *list.
 *
 * Returns: SIM_OK, or how the generator failed.
 * As:      [value for value in generator], [value async for value in generator] */
SIM_MUST_USE enum sim_status sim_generator_collect(struct sim_generator *generator,
                                                   struct sim_value *list);

/* Enter, body, and exit, whatever body returned; exit gets that, and what it returns counts.
 *
 * Returns: what enter returned if it was not SIM_OK; else what exit returned.
 * As:      async with manager: ..., where __aexit__ may swallow what it is given */
struct sim_manager {
    sim_body_fn enter;
    enum sim_status (*exit)(struct sim *sim, void *self, enum sim_status status);
    void *self; /* the argument of both */
};
SIM_MUST_USE enum sim_status sim_with(struct sim *sim, const struct sim_manager *manager,
                                      sim_body_fn body, void *arg);

#endif
