/* Executor: threads or processes that do what would block a loop, and the ways between a thread and
 * another thread's loop. */
#ifndef SIM_THREAD_EXECUTOR_H
#define SIM_THREAD_EXECUTOR_H

#include "sim/core/future.h"
#include "sim/core/loop.h"

struct sim_executor;
struct sim_concurrent;

/* Create a pool of at most workers (1 to 1,000) threads, which are started as they are needed.
 *
 * Owner:   the arena.
 * Returns: NULL, with ValueError raised, for another number of workers.
 * As:      concurrent.futures.ThreadPoolExecutor(workers) */
struct sim_executor *sim_thread_pool_new(struct sim *sim, const char *name, int64_t workers);

/* The same, but each worker is a process: it has its own copy of every tracked variable, with the
 * value that the variable was created with, and a GIL of its own.
 *
 * As:      concurrent.futures.ProcessPoolExecutor(workers), started by spawn */
struct sim_executor *sim_process_pool_new(struct sim *sim, const char *name, int64_t workers);

/* Let a worker call fn(sim, arg).
 *
 * Returns: what will have the outcome; NULL, with RuntimeError raised, after shutdown.
 * As:      Executor.submit */
struct sim_concurrent *(sim_executor_submit)(struct sim_executor *executor, sim_body_fn fn,
                                             void *arg, const struct sim_site *site);
#define sim_executor_submit(executor, fn, arg)                                                     \
    (sim_executor_submit)((executor), (fn), (arg), SIM_HERE)

/* Take no more work, and block the calling thread until all that was taken is done.
 *
 * As:      Executor.shutdown(wait=True) */
void(sim_executor_shutdown)(struct sim_executor *executor, const struct sim_site *site);
#define sim_executor_shutdown(executor) (sim_executor_shutdown)((executor), SIM_HERE)

/* Block the calling thread until it is done, for at most timeout_ns (negative: no limit).
 *
 * Returns: SIM_OK with what fn returned in *result (may be NULL); how fn failed; SIM_CANCELLED if
 *          it was cancelled before it began; SIM_TIMEOUT.
 * As:      concurrent.futures.Future.result(timeout) */
SIM_MUST_USE enum sim_status(sim_concurrent_result)(struct sim_concurrent *concurrent,
                                                    int64_t timeout_ns, struct sim_value *result,
                                                    const struct sim_site *site);
#define sim_concurrent_result(concurrent, timeout_ns, result)                                      \
    (sim_concurrent_result)((concurrent), (timeout_ns), (result), SIM_HERE)

/* As concurrent.futures.Future.done, and .cancel, which returns false once it has begun. */
bool sim_concurrent_done(const struct sim_concurrent *concurrent);
bool(sim_concurrent_cancel)(struct sim_concurrent *concurrent, const struct sim_site *site);
#define sim_concurrent_cancel(concurrent) (sim_concurrent_cancel)((concurrent), SIM_HERE)

/* A future of the running loop that ends as it does; to cancel one cancels the other.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.  As asyncio.wrap_future(). */
struct sim_future *sim_wrap_future(struct sim *sim, struct sim_concurrent *concurrent);

/* Let a worker call fn(sim, arg), as a future of the running loop.  executor may be NULL: the
 * loop's own pool of 32 threads, which is shut down when the loop closes.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs or after shutdown.
 * As:      loop.run_in_executor(executor, fn, arg) */
struct sim_future *(sim_run_in_executor)(struct sim *sim, struct sim_executor *executor,
                                         sim_body_fn fn, void *arg, const struct sim_site *site);
#define sim_run_in_executor(sim, executor, fn, arg)                                                \
    (sim_run_in_executor)((sim), (executor), (fn), (arg), SIM_HERE)

/* Call fn(sim, arg) in a thread, with a copy of the current context, and await it.
 *
 * Returns: as awaiting sim_run_in_executor's future.
 * As:      await asyncio.to_thread(fn, arg) */
SIM_MUST_USE enum sim_status(sim_to_thread)(struct sim *sim, sim_body_fn fn, void *arg,
                                            struct sim_value *result, const struct sim_site *site);
#define sim_to_thread(sim, fn, arg, result) (sim_to_thread)((sim), (fn), (arg), (result), SIM_HERE)

/* The running loop, for another thread to reach it.
 *
 * Returns: NULL, with RuntimeError raised, where no loop runs.  As asyncio.get_running_loop(). */
struct sim_loop *sim_running_loop(struct sim *sim);

/* Let the loop, which another thread may run, call fn(sim, arg).
 *
 * Returns: a handle, which only the loop's thread may cancel.  As loop.call_soon_threadsafe. */
struct sim_handle *(sim_call_soon_threadsafe)(struct sim_loop *loop, sim_callback_fn fn, void *arg,
                                              const struct sim_site *site);
#define sim_call_soon_threadsafe(loop, fn, arg)                                                    \
    (sim_call_soon_threadsafe)((loop), (fn), (arg), SIM_HERE)

/* Run body as a task of the loop, which another thread runs.
 *
 * Returns: what will have its outcome; to cancel it cancels the task.
 * As:      asyncio.run_coroutine_threadsafe(body(), loop) */
struct sim_concurrent *(sim_run_coroutine_threadsafe)(struct sim_loop *loop, sim_body_fn body,
                                                      void *arg, const struct sim_site *site);
#define sim_run_coroutine_threadsafe(loop, body, arg)                                              \
    (sim_run_coroutine_threadsafe)((loop), (body), (arg), SIM_HERE)

#endif
