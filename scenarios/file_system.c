/* Threads give blocks of a disk to files, with a lock for each inode and each block (filesystem in
 * Flanagan and Godefroid, Dynamic partial-order reduction, POPL 2005). */
#include "scenarios/scenarios.h"
#include "sim/sim.h"

enum { INODES = 32, BLOCKS = 26 };

struct disk {
    struct sim_mutex *inode_locks[INODES];
    struct sim_var *inodes[INODES]; /* number of the block + 1; 0: none */
    struct sim_mutex *block_locks[BLOCKS];
    struct sim_var *busy[BLOCKS];
};

struct writer {
    struct disk *disk;
    int64_t id;
};

/* Take a free block, beginning to look at `block`. */
static enum sim_status allocate(struct disk *disk, struct sim_var *inode, int64_t block)
{
    for (;; block = (block + 1) % BLOCKS) {
        sim_mutex_lock(disk->block_locks[block]);
        bool taken = sim_read(disk->busy[block]) == 0;

        if (taken) {
            sim_write(disk->busy[block], 1);
            sim_write(inode, block + 1);
        }
        SIM_TRY(sim_mutex_unlock(disk->block_locks[block]));
        if (taken)
            return SIM_OK;
    }
}

static enum sim_status create(struct sim *sim, void *arg)
{
    struct writer *self = arg;
    struct disk *disk = self->disk;
    int64_t i = self->id % INODES;

    (void)sim;
    sim_mutex_lock(disk->inode_locks[i]);
    if (sim_read(disk->inodes[i]) == 0)
        SIM_TRY(allocate(disk, disk->inodes[i], i * 2 % BLOCKS));
    return sim_mutex_unlock(disk->inode_locks[i]);
}

static struct disk *format_disk(struct sim *sim)
{
    struct disk *disk = sim_alloc(sim, sizeof(*disk));

    for (int i = 0; i < INODES; i++) {
        disk->inode_locks[i] = sim_mutex_new(sim, sim_format(sim, "inode lock %d", i));
        disk->inodes[i] = sim_var_new(sim, sim_format(sim, "inode[%d]", i), 0);
    }
    for (int i = 0; i < BLOCKS; i++) {
        disk->block_locks[i] = sim_mutex_new(sim, sim_format(sim, "block lock %d", i));
        disk->busy[i] = sim_var_new(sim, sim_format(sim, "busy[%d]", i), 0);
    }
    return disk;
}

static enum sim_status run(struct sim *sim, void *arg)
{
    const int64_t *params = arg;
    size_t n = (size_t)params[0];
    struct disk *disk = format_disk(sim);
    struct writer *writers = sim_alloc(sim, n * sizeof(*writers));
    struct sim_thread **threads = sim_alloc(sim, n * sizeof(struct sim_thread *));
    bool owned[BLOCKS] = {false};

    for (size_t i = 0; i < n; i++) {
        writers[i] = (struct writer){disk, (int64_t)i};
        threads[i] = sim_thread_new(sim, sim_format(sim, "writer %zu", i), create, &writers[i]);
    }
    for (size_t i = 0; i < n; i++)
        SIM_TRY(sim_thread_join(threads[i], NULL));
    for (size_t i = 0; i < INODES && i < n; i++) {
        int64_t block = sim_var_peek(disk->inodes[i]) - 1;

        if (sim_check(sim, block >= 0 && !owned[block], "file %zu has no block of its own", i))
            owned[block] = true;
    }
    return SIM_OK;
}

const struct sim_scenario file_system = {
    .name = "file_system",
    .title = "Files get blocks of a disk",
    .about = "Up to 13 threads never want the same block, so every schedule does the same; from 14 "
             "on, each more doubles what can happen. Locks of their own keep all of it right.",
    .main = run,
    .contained = true,
    .async = false,
    .expect = SIM_CLEAN,
    .expect_any = SIM_CLEAN,
    .params = {{"n", 2, 1, BLOCKS, "how many threads create a file each"}},
};
