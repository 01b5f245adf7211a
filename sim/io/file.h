/* Files: simulated ones, whose every operation takes the time of a disk and blocks the thread.
 *
 * A program that must not block its loop uses them through sim_to_thread, as Python programs do. */
#ifndef SIM_IO_FILE_H
#define SIM_IO_FILE_H

#include "sim/core/sim.h"
#include "sim/io/bytes.h"

struct sim_file;

/* How long every operation on a file takes, beginning with the next: 0 until it is set. */
void sim_disk_latency(struct sim *sim, int64_t latency_ns);

/* Put a file onto the disk, in no time; it replaces one of that name. */
void sim_file_create(struct sim *sim, const char *name, const char *text);

/* Open a file.
 *
 * mode:    "r": it must be there; "w": it is emptied; "a": everything is written at its end
 * Returns: SIM_OK; SIM_FILE_NOT_FOUND; SIM_VALUE_ERROR for another mode.
 * As:      open(name, mode) */
SIM_MUST_USE enum sim_status(sim_file_open)(struct sim *sim, const char *name, const char *mode,
                                            struct sim_file **file, const struct sim_site *site);
#define sim_file_open(sim, name, mode, file)                                                       \
    (sim_file_open)((sim), (name), (mode), (file), SIM_HERE)

/* Read at most size bytes from where the last read ended; or a line with its end.  None: the end.
 *
 * Returns: SIM_OK; SIM_VALUE_ERROR for a closed file; SIM_OS_ERROR for one open for writing. */
SIM_MUST_USE enum sim_status(sim_file_read)(struct sim_file *file, size_t size,
                                            struct sim_bytes *bytes, const struct sim_site *site);
SIM_MUST_USE enum sim_status(sim_file_read_line)(struct sim_file *file, struct sim_bytes *bytes,
                                                 const struct sim_site *site);
#define sim_file_read(file, size, bytes) (sim_file_read)((file), (size), (bytes), SIM_HERE)
#define sim_file_read_line(file, bytes) (sim_file_read_line)((file), (bytes), SIM_HERE)

/* Write.
 *
 * Returns: SIM_OK; SIM_VALUE_ERROR for a closed file; SIM_OS_ERROR for one open for reading. */
SIM_MUST_USE enum sim_status(sim_file_write)(struct sim_file *file, const void *data, size_t size,
                                             const struct sim_site *site);
#define sim_file_write(file, data, size) (sim_file_write)((file), (data), (size), SIM_HERE)

/* Close it; a closed one stays so. */
void(sim_file_close)(struct sim_file *file, const struct sim_site *site);
#define sim_file_close(file) (sim_file_close)((file), SIM_HERE)

#endif
