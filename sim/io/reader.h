/* StreamReader: bytes that have come, for whoever waits for enough of them.
 *
 * As asyncio.StreamReader, rule for rule.  Bytes that a call gives live in the arena. */
#ifndef SIM_IO_READER_H
#define SIM_IO_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/base/status.h"
#include "sim/io/bytes.h"
#include "sim/trace/registry.h"

struct sim;
struct sim_exception;
struct sim_reader;

/* 64 KiB.  As asyncio.streams._DEFAULT_LIMIT. */
#define SIM_STREAM_LIMIT INT64_C(65536)

/* Create a reader that is fed by the program itself.
 *
 * limit:   of what readline and readuntil accept, in bytes; twice that pauses a transport
 * Returns: NULL, with ValueError raised, for a limit of 0 or less; NULL, with RuntimeError raised,
 *          where no loop runs.
 * As:      asyncio.StreamReader(limit) */
struct sim_reader *sim_reader_new(struct sim *sim, int64_t limit);

/* Feed it; wake who waits.
 *
 * As:      StreamReader.feed_data, .feed_eof, .set_exception */
void sim_reader_feed_data(struct sim_reader *reader, const void *data, size_t size);
void sim_reader_feed_eof(struct sim_reader *reader);
void sim_reader_set_exception(struct sim_reader *reader, enum sim_status kind, const char *message);

/* As StreamReader.at_eof, .exception (NULL: none). */
bool sim_reader_at_eof(const struct sim_reader *reader);
const struct sim_exception *sim_reader_exception(const struct sim_reader *reader);

/* Read at most n bytes: what is there, or else what comes next; with a negative n everything until
 * the end.  No bytes: the end.
 *
 * Returns: SIM_OK; SIM_CANCELLED; SIM_RUNTIME_ERROR if somebody waits already; what
 *          set_exception has set, here and in all that follow.
 * As:      await StreamReader.read(n) */
SIM_MUST_USE enum sim_status(sim_reader_read)(struct sim_reader *reader, int64_t n,
                                              struct sim_bytes *bytes, const struct sim_site *site);
#define sim_reader_read(reader, n, bytes) (sim_reader_read)((reader), (n), (bytes), SIM_HERE)

/* Read a line, with its end.  At the end of the stream the rest of it, which may be nothing.
 *
 * Returns: as read; SIM_VALUE_ERROR for a line longer than the limit, which is dropped.
 * As:      await StreamReader.readline() */
SIM_MUST_USE enum sim_status(sim_reader_readline)(struct sim_reader *reader,
                                                  struct sim_bytes *bytes,
                                                  const struct sim_site *site);
#define sim_reader_readline(reader, bytes) (sim_reader_readline)((reader), (bytes), SIM_HERE)

/* Read up to and with a separator of at least one byte; of several, to the one that ends first.
 *
 * Returns: as read; SIM_VALUE_ERROR for an empty separator, or none; SIM_INCOMPLETE_READ at the
 *          end of the stream, with the rest in *bytes; SIM_LIMIT_OVERRUN, with nothing taken, and
 *          in bytes->size how many bytes can be read that are no part of a separator.
 * As:      await StreamReader.readuntil(separator) */
SIM_MUST_USE enum sim_status(sim_reader_readuntil)(struct sim_reader *reader, const char *separator,
                                                   struct sim_bytes *bytes,
                                                   const struct sim_site *site);
SIM_MUST_USE enum sim_status(sim_reader_readuntil_any)(struct sim_reader *reader,
                                                       const char *const *separators, size_t count,
                                                       struct sim_bytes *bytes,
                                                       const struct sim_site *site);
#define sim_reader_readuntil(reader, separator, bytes)                                             \
    (sim_reader_readuntil)((reader), (separator), (bytes), SIM_HERE)
#define sim_reader_readuntil_any(reader, separators, count, bytes)                                 \
    (sim_reader_readuntil_any)((reader), (separators), (count), (bytes), SIM_HERE)

/* Read n bytes, no fewer.
 *
 * Returns: as read; SIM_VALUE_ERROR for a negative n; SIM_INCOMPLETE_READ at the end of the
 *          stream, with the rest in *bytes.
 * As:      await StreamReader.readexactly(n) */
SIM_MUST_USE enum sim_status(sim_reader_readexactly)(struct sim_reader *reader, int64_t n,
                                                     struct sim_bytes *bytes,
                                                     const struct sim_site *site);
#define sim_reader_readexactly(reader, n, bytes)                                                   \
    (sim_reader_readexactly)((reader), (n), (bytes), SIM_HERE)

#endif
