#include "sim/io/buffer.h"

#include <string.h>

#include "sim/core/sim.h"

void buffer_append(struct sim *sim, struct buffer *buffer, const void *data, size_t size)
{
    enum { FIRST = 256 };

    if (size == 0)
        return;
    if (buffer->end + size > buffer->capacity) {
        size_t kept = buffer_size(buffer);
        size_t needed = kept + size;

        /* Move to the front if at least half is free after that, else grow. */
        if (2 * needed > buffer->capacity) {
            size_t capacity = buffer->capacity == 0 ? FIRST : buffer->capacity;

            while (capacity < 2 * needed)
                capacity *= 2;
            char *grown = sim_alloc(sim, capacity);

            if (kept > 0)
                memcpy(grown, buffer_front(buffer), kept);
            buffer->data = grown;
            buffer->capacity = capacity;
        } else {
            memmove(buffer->data, buffer_front(buffer), kept);
        }
        buffer->begin = 0;
        buffer->end = kept;
    }
    memcpy(buffer->data + buffer->end, data, size);
    buffer->end += size;
}

void buffer_drop(struct buffer *buffer, size_t size)
{
    buffer->begin += size < buffer_size(buffer) ? size : buffer_size(buffer);
    if (buffer->begin == buffer->end) {
        buffer->begin = 0;
        buffer->end = 0;
    }
}

struct sim_bytes buffer_take(struct sim *sim, struct buffer *buffer, size_t size)
{
    if (size > buffer_size(buffer))
        size = buffer_size(buffer);
    struct sim_bytes bytes = sim_bytes_copy(sim, size == 0 ? "" : buffer_front(buffer), size);

    buffer_drop(buffer, size);
    return bytes;
}
