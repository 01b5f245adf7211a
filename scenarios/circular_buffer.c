/* One thread puts numbers into a ring, one takes them out; each turn holds the one mutex.  Who
 * finds the ring full or empty goes on without: n turns against n, which can be merged in C(2n, n)
 * ways (as circular_buffer of SV-COMP's pthread programs). */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

struct ring {
    struct sim_mutex *mutex;
    struct sim_var *head; /* taken so far; guarded by mutex, as all that follows */
    struct sim_var *tail; /* put so far */
    struct sim_var **slots;
    int64_t size;
    int64_t turns;
};

static enum sim_status produce(struct sim *sim, void *arg)
{
    struct ring *ring = arg;

    (void)sim;
    for (int64_t i = 0; i < ring->turns; i++) {
        sim_mutex_lock(ring->mutex);
        int64_t tail = sim_read(ring->tail);

        if (tail - sim_read(ring->head) < ring->size) {
            sim_write(ring->slots[tail % ring->size], tail);
            sim_write(ring->tail, tail + 1);
        }
        SIM_TRY(sim_mutex_unlock(ring->mutex));
    }
    return SIM_OK;
}

static enum sim_status consume(struct sim *sim, void *arg)
{
    struct ring *ring = arg;
    int64_t next = 0;

    for (int64_t i = 0; i < ring->turns; i++) {
        sim_mutex_lock(ring->mutex);
        int64_t head = sim_read(ring->head);

        if (head < sim_read(ring->tail)) {
            int64_t got = sim_read(ring->slots[head % ring->size]);

            sim_write(ring->head, head + 1);
            sim_check(sim, got == next, "got %d instead of %d", (int)got, (int)next);
            next = got + 1;
        }
        SIM_TRY(sim_mutex_unlock(ring->mutex));
    }
    return SIM_OK;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    struct ring ring = {
        .mutex = sim_mutex_new(sim, "mutex"),
        .head = sim_var_new(sim, "head", 0),
        .tail = sim_var_new(sim, "tail", 0),
        .slots = sim_alloc(sim, (size_t)params[1] * sizeof(struct sim_var *)),
        .size = params[1],
        .turns = params[0],
    };

    for (int64_t i = 0; i < ring.size; i++)
        ring.slots[i] = sim_var_new(sim, sim_format(sim, "slot %lld", (long long)i), 0);
    struct sim_thread *producer = sim_thread_new(sim, "producer", produce, &ring);
    struct sim_thread *consumer = sim_thread_new(sim, "consumer", consume, &ring);

    SIM_TRY(sim_thread_join(producer, NULL));
    return sim_thread_join(consumer, NULL);
}

const struct sim_scenario circular_buffer = {
    .name = "circular_buffer",
    .title = "A ring between a producer and a consumer",
    .about = "What is done under a mutex counts as one step: only the order of the turns matters. "
             "That makes 20 different runs for three turns each, 3,432 for seven.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 3, 1, 1000, "how many turns each of the two has"},
               {"size", 2, 1, 100, "how many numbers fit"}},
};
