/* StreamWriter: where bytes for the other side go.  As asyncio.StreamWriter. */
#ifndef SIM_IO_WRITER_H
#define SIM_IO_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/status.h"
#include "sim/trace/registry.h"

struct sim_writer;

/* Write, or keep for later what there is no room for: without bound, unless the program drains.
 *
 * Returns: SIM_OK, also when the connection is lost (drain says so); SIM_RUNTIME_ERROR after
 *          write_eof.
 * As:      StreamWriter.write(data) */
enum sim_status sim_writer_write(struct sim_writer *writer, const void *data, size_t size);

/* Write formatted text. */
enum sim_status sim_writer_printf(struct sim_writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Wait until there is room again.
 *
 * Returns: SIM_OK; SIM_CANCELLED; SIM_CONNECTION_RESET, or what else broke the connection.
 * As:      await StreamWriter.drain() */
SIM_MUST_USE enum sim_status(sim_writer_drain)(struct sim_writer *writer,
                                               const struct sim_site *site);
#define sim_writer_drain(writer) (sim_writer_drain)((writer), SIM_HERE)

/* As StreamWriter.write_eof, .close, .is_closing, transport.abort. */
enum sim_status sim_writer_write_eof(struct sim_writer *writer);
void sim_writer_close(struct sim_writer *writer);
bool sim_writer_is_closing(const struct sim_writer *writer);
void sim_writer_abort(struct sim_writer *writer);

/* Wait until the connection is closed.
 *
 * Returns: SIM_OK; SIM_CANCELLED; what broke the connection.
 * As:      await StreamWriter.wait_closed() */
SIM_MUST_USE enum sim_status(sim_writer_wait_closed)(struct sim_writer *writer,
                                                     const struct sim_site *site);
#define sim_writer_wait_closed(writer) (sim_writer_wait_closed)((writer), SIM_HERE)

/* Let drain wait once more than high bytes are kept, until there are at most low again.  64 KiB
 * and 16 KiB without this.
 *
 * Returns: SIM_VALUE_ERROR unless high >= low.
 * As:      transport.set_write_buffer_limits(high, low) */
enum sim_status sim_writer_set_buffer_limits(struct sim_writer *writer, size_t high, size_t low);

/* How many bytes are kept.  As transport.get_write_buffer_size(). */
size_t sim_writer_buffer_size(const struct sim_writer *writer);

/* The addresses of the two ends, e.g. "('127.0.0.1', 80)"; NULL for a pipe.
 *
 * As:      StreamWriter.get_extra_info("sockname"), ("peername") */
const char *sim_writer_sockname(struct sim_writer *writer);
const char *sim_writer_peername(struct sim_writer *writer);

#endif
