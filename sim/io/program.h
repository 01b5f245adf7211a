/* Programs: what subprocesses run.
 *
 * A simulated program is a function that runs as a process: a thread with its own copy of every
 * tracked variable, whose standard streams are pipes or the program's own output.  Every run knows
 * echo, cat, true, false, sleep, ls and sh. */
#ifndef SIM_IO_PROGRAM_H
#define SIM_IO_PROGRAM_H

#include "sim/core/sim.h"
#include "sim/io/bytes.h"

/* The process, as it sees itself. */
struct sim_child;

/* Returns: the exit code, 0 to 255. */
typedef int (*sim_program_fn)(struct sim *sim, struct sim_child *child, void *arg);

/* Let processes of this name run main; it replaces an earlier one. */
void sim_program_add(struct sim *sim, const char *name, sim_program_fn main, void *arg);

/* Its arguments: argv[0] is its name, argv[argc] is NULL. */
int sim_child_argc(const struct sim_child *child);
const char *const *sim_child_argv(const struct sim_child *child);

/* Read from standard input: at most size bytes, none at its end; or a line with its end.  Blocks
 * the process. */
struct sim_bytes(sim_child_read)(struct sim_child *child, size_t size, const struct sim_site *site);
struct sim_bytes(sim_child_read_line)(struct sim_child *child, const struct sim_site *site);
#define sim_child_read(child, size) (sim_child_read)((child), (size), SIM_HERE)
#define sim_child_read_line(child) (sim_child_read_line)((child), SIM_HERE)

/* Write to standard output (1) or standard error (2).  Blocks while a pipe is full.
 *
 * Returns: SIM_OK; SIM_BROKEN_PIPE if nobody reads it; SIM_VALUE_ERROR for another fd. */
enum sim_status(sim_child_write)(struct sim_child *child, int fd, const void *data, size_t size,
                                 const struct sim_site *site);
#define sim_child_write(child, fd, data, size)                                                     \
    (sim_child_write)((child), (fd), (data), (size), SIM_HERE)

/* Write formatted text to standard output. */
enum sim_status sim_child_printf(struct sim_child *child, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
