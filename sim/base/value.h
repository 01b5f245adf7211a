/* Value: the small tagged result of a task or future, so that traces and pictures can show it. */
#ifndef SIM_BASE_VALUE_H
#define SIM_BASE_VALUE_H

#include <stddef.h>
#include <stdint.h>

struct sim_exception;

enum sim_value_type { SIM_NONE, SIM_INT, SIM_STR, SIM_PTR, SIM_LIST, SIM_EXC };

struct sim_value {
    enum sim_value_type type;
    uint32_t count; /* of a list */
    union {
        int64_t integer;
        const char *string; /* borrowed: the arena's, or static */
        void *pointer;
        const struct sim_value *items;         /* count values */
        const struct sim_exception *exception; /* gather(return_exceptions) */
    } as;
};

/* An order of values: less than 0 if a comes before b.  Must not block. */
typedef int (*sim_compare_fn)(struct sim_value a, struct sim_value b);

static inline struct sim_value sim_none(void)
{
    return (struct sim_value){.type = SIM_NONE};
}

static inline struct sim_value sim_int(int64_t integer)
{
    return (struct sim_value){.type = SIM_INT, .as.integer = integer};
}

static inline struct sim_value sim_str(const char *string)
{
    return (struct sim_value){.type = SIM_STR, .as.string = string};
}

static inline struct sim_value sim_ptr(void *pointer)
{
    return (struct sim_value){.type = SIM_PTR, .as.pointer = pointer};
}

#endif
