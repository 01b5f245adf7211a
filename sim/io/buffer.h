/* Buffer: bytes that wait between who writes and who reads. */
#ifndef SIM_IO_BUFFER_H
#define SIM_IO_BUFFER_H

#include "sim/io/bytes.h"

/* A run of bytes that grows at its end and is taken from its front, in the arena.  Zeroed memory is
 * an empty one. */
struct buffer {
    char *data;
    size_t begin;
    size_t end;
    size_t capacity;
};

static inline size_t buffer_size(const struct buffer *buffer)
{
    return buffer->end - buffer->begin;
}

static inline const char *buffer_front(const struct buffer *buffer)
{
    return buffer->begin > 0 ? buffer->data + buffer->begin : buffer->data; /* which may be NULL */
}

void buffer_append(struct sim *sim, struct buffer *buffer, const void *data, size_t size);

/* Drop at most size bytes from the front. */
void buffer_drop(struct buffer *buffer, size_t size);

/* Take at most size bytes from the front. */
struct sim_bytes buffer_take(struct sim *sim, struct buffer *buffer, size_t size);

#endif
