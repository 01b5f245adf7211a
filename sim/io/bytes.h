/* Bytes: what streams, pipes and files carry. */
#ifndef SIM_IO_BYTES_H
#define SIM_IO_BYTES_H

#include <stddef.h>

struct sim;

/* data[size] is '\0', for who knows that they are text. */
struct sim_bytes {
    const char *data; /* the arena's */
    size_t size;
};

/* A copy in the arena. */
struct sim_bytes sim_bytes_copy(struct sim *sim, const void *data, size_t size);

#endif
