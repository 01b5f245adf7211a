/* Queue: values that tasks hand to each other, first in, first out; or least first; or last first.
 */
#ifndef SIM_SYNC_QUEUE_H
#define SIM_SYNC_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/sim.h"

struct sim_queue;

/* Create a queue for at most maxsize items (0 or less: any number), owned by the arena.  name may
 * be NULL.  What items point to is borrowed.
 *
 * As:      asyncio.Queue(maxsize) */
struct sim_queue *sim_queue_new(struct sim *sim, const char *name, int64_t maxsize);

/* The same, but the least item comes out first; compare may be NULL: then values are compared as in
 * Python, and what cannot be compared fails with SIM_TYPE_ERROR.  Of equals, the same one comes
 * first as in CPython.
 *
 * As:      asyncio.PriorityQueue(maxsize) */
struct sim_queue *sim_priority_queue_new(struct sim *sim, const char *name, int64_t maxsize,
                                         sim_compare_fn compare);

/* The same, but the last item put comes out first.  As asyncio.LifoQueue(maxsize). */
struct sim_queue *sim_lifo_queue_new(struct sim *sim, const char *name, int64_t maxsize);

/* Put an item, waiting while the queue is full.
 *
 * Blocks:  while it is full.
 * Returns: SIM_OK; SIM_QUEUE_SHUT_DOWN; SIM_CANCELLED without having put it; SIM_TYPE_ERROR;
 *          SIM_RUNTIME_ERROR if it would wait outside of a task, or in another loop than the first
 *          who waited.
 * As:      Queue.put */
SIM_MUST_USE enum sim_status(sim_queue_put)(struct sim_queue *queue, struct sim_value item,
                                            const struct sim_site *site);
#define sim_queue_put(queue, item) (sim_queue_put)((queue), (item), SIM_HERE)

/* Take an item, waiting while there is none; *item may be NULL.
 *
 * Blocks:  while it is empty.
 * Returns: SIM_OK; SIM_QUEUE_SHUT_DOWN if it is empty, too; SIM_CANCELLED without an item;
 *          SIM_TYPE_ERROR; SIM_RUNTIME_ERROR as sim_queue_put.
 * As:      Queue.get */
SIM_MUST_USE enum sim_status(sim_queue_get)(struct sim_queue *queue, struct sim_value *item,
                                            const struct sim_site *site);
#define sim_queue_get(queue, item) (sim_queue_get)((queue), (item), SIM_HERE)

/* Put or take an item now.
 *
 * Returns: SIM_OK; SIM_QUEUE_SHUT_DOWN; SIM_QUEUE_FULL or SIM_QUEUE_EMPTY; SIM_TYPE_ERROR.
 * As:      Queue.put_nowait, Queue.get_nowait */
SIM_MUST_USE enum sim_status(sim_queue_put_nowait)(struct sim_queue *queue, struct sim_value item,
                                                   const struct sim_site *site);
#define sim_queue_put_nowait(queue, item) (sim_queue_put_nowait)((queue), (item), SIM_HERE)
SIM_MUST_USE enum sim_status(sim_queue_get_nowait)(struct sim_queue *queue, struct sim_value *item,
                                                   const struct sim_site *site);
#define sim_queue_get_nowait(queue, item) (sim_queue_get_nowait)((queue), (item), SIM_HERE)

/* Say that an item taken has been dealt with.
 *
 * Returns: SIM_OK; SIM_VALUE_ERROR ("task_done() called too many times").  As Queue.task_done. */
enum sim_status(sim_queue_task_done)(struct sim_queue *queue, const struct sim_site *site);
#define sim_queue_task_done(queue) (sim_queue_task_done)((queue), SIM_HERE)

/* Wait until every item put has been dealt with.
 *
 * Blocks:  unless that is so.
 * Returns: SIM_OK; SIM_CANCELLED; SIM_RUNTIME_ERROR as sim_queue_put.  As Queue.join. */
SIM_MUST_USE enum sim_status(sim_queue_join)(struct sim_queue *queue, const struct sim_site *site);
#define sim_queue_join(queue) (sim_queue_join)((queue), SIM_HERE)

/* Take no more items: who puts gets SIM_QUEUE_SHUT_DOWN, and so does who takes once it is empty.
 * If immediate, it is emptied, and the items count as dealt with.
 *
 * Returns: SIM_OK; SIM_TYPE_ERROR from the comparisons by which a priority queue empties itself.
 * As:      Queue.shutdown(immediate) (3.13) */
enum sim_status(sim_queue_shutdown)(struct sim_queue *queue, bool immediate,
                                    const struct sim_site *site);
#define sim_queue_shutdown(queue, immediate) (sim_queue_shutdown)((queue), (immediate), SIM_HERE)

/* As Queue.qsize, Queue.maxsize, Queue.empty, Queue.full. */
size_t sim_queue_size(const struct sim_queue *queue);
int64_t sim_queue_maxsize(const struct sim_queue *queue);
bool sim_queue_empty(const struct sim_queue *queue);
bool sim_queue_full(const struct sim_queue *queue);

/* Items put and not yet dealt with; tasks that wait in get and in put. */
size_t sim_queue_unfinished(const struct sim_queue *queue);
size_t sim_queue_getters(const struct sim_queue *queue);
size_t sim_queue_putters(const struct sim_queue *queue);

#endif
