/* Registry: who is who in one run.  Ids, names, source places and texts that events refer to. */
#ifndef SIM_TRACE_REGISTRY_H
#define SIM_TRACE_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One row a kind of object: constant, name in the trace file, default prefix of names. */
#define SIM_OBJECTS(X)                                                                             \
    X(SIM_OBJ_NONE, "none", "object")                                                              \
    X(SIM_OBJ_THREAD, "thread", "Thread")                                                          \
    X(SIM_OBJ_TASK, "task", "Task")                                                                \
    X(SIM_OBJ_FUTURE, "future", "future")                                                          \
    X(SIM_OBJ_GATHER, "gather", "gather")                                                          \
    X(SIM_OBJ_LOCK, "lock", "lock")                                                                \
    X(SIM_OBJ_EVENT, "event", "event")                                                             \
    X(SIM_OBJ_CONDITION, "condition", "condition")                                                 \
    X(SIM_OBJ_MUTEX, "mutex", "mutex")                                                             \
    X(SIM_OBJ_CONDVAR, "condvar", "condvar")                                                       \
    X(SIM_OBJ_VAR, "variable", "var")                                                              \
    X(SIM_OBJ_ATOMIC, "atomic", "atomic")                                                          \
    X(SIM_OBJ_SEMAPHORE, "semaphore", "semaphore")                                                 \
    X(SIM_OBJ_BARRIER, "barrier", "barrier")                                                       \
    X(SIM_OBJ_QUEUE, "queue", "queue")                                                             \
    X(SIM_OBJ_TASK_GROUP, "task_group", "TaskGroup")                                               \
    X(SIM_OBJ_EXECUTOR, "executor", "executor")                                                    \
    X(SIM_OBJ_COROUTINE, "coroutine", "coroutine")                                                 \
    X(SIM_OBJ_STREAM, "stream", "stream")                                                          \
    X(SIM_OBJ_SERVER, "server", "server")                                                          \
    X(SIM_OBJ_PROCESS, "process", "process")                                                       \
    X(SIM_OBJ_FILE, "file", "file")                                                                \
    X(SIM_OBJ_PROPERTY, "property", "property")                                                    \
    X(SIM_OBJ_CLOCK, "clock", "clock")

enum sim_object_kind {
#define SIM_OBJECT_ENUM(id, name, prefix) id,
    SIM_OBJECTS(SIM_OBJECT_ENUM)
#undef SIM_OBJECT_ENUM
        SIM_OBJECT_COUNT
};

/* A place in the program's source.  The strings live as long as the registry. */
struct sim_site {
    const char *file;
    const char *func;
    int line;
};

/* The place where the macro stands; static, so its address is its identity.  Of a call that takes
 * several lines, compilers name different ones. */
#define SIM_HERE                                                                                   \
    (__extension__({                                                                               \
        static const struct sim_site sim_here_ = {__FILE__, __func__, __LINE__};                   \
        &sim_here_;                                                                                \
    }))

struct sim_object {
    const char *name; /* NULL: named after kind and number, e.g. "Task-7" */
    uint32_t number;  /* counts the unnamed objects of this kind in the run, from 1; 0: named */
    uint32_t parent;  /* task: the thread that runs its loop; thread: its creator; process: its
                         first thread; else 0 */
    uint16_t site;    /* where it was made */
    uint8_t kind;
};

struct registry;

/* Create an empty registry.  Returns NULL when out of memory. */
struct registry *registry_new(void);
void registry_free(struct registry *reg);

/* Forget everything but keep the memory, for the next execution. */
void registry_reset(struct registry *reg);

/* Make room for a first object with a short name, which stays.  False: out of memory. */
bool registry_make_room(struct registry *reg);

/* Did the machine have no memory for a name, place or text since the last reset?  It is missing. */
bool registry_out_of_memory(const struct registry *reg);

/* Add an object.  name may be NULL and is copied.  Returns its id, from 1; 0 when out of memory. */
uint32_t registry_add(struct registry *reg, enum sim_object_kind kind, const char *name,
                      uint32_t parent, uint16_t site);
/* The same, without name and place. */
uint32_t registry_add_unnamed(struct registry *reg, enum sim_object_kind kind, uint32_t parent);
void registry_rename(struct registry *reg, uint32_t id, const char *name);

/* Number of objects; ids are 1 .. count. */
/* After a reset: the first count objects are those of the run before it, but that whatever has no
 * name is numbered anew. */
void registry_keep(struct registry *reg, uint32_t count);

uint32_t registry_count(const struct registry *reg);

/* The object with this id; NULL if there is none. */
const struct sim_object *registry_object(const struct registry *reg, uint32_t id);

enum { REGISTRY_NAME_MAX = 128 };

/* Write the object's name to out, at most REGISTRY_NAME_MAX bytes with the NUL.  Returns out. */
char *registry_name(const struct registry *reg, uint32_t id, char out[REGISTRY_NAME_MAX]);

/* Sites: intern by address first, then by file and line.  What stands at the address must not
 * change as long as the registry lives: it is read once, not once a run.  Returns an id from 1, in
 * order of first use in the run, or 0 for NULL or when 65,535 are taken. */
uint16_t registry_site(struct registry *reg, const struct sim_site *site);
/* Add a place read from elsewhere, whose strings are copied.  0 if it is there already. */
uint16_t registry_site_copy(struct registry *reg, const char *file, const char *func, int line);
uint16_t registry_site_count(const struct registry *reg);
const struct sim_site *registry_site_at(const struct registry *reg, uint16_t id);

/* Texts that events carry (printed lines, messages).  Copied, not interned.  Id from 1; 0: none. */
uint32_t registry_text(struct registry *reg, const char *text, size_t length);
uint32_t registry_text_count(const struct registry *reg);
const char *registry_text_at(const struct registry *reg, uint32_t id); /* "" if there is none */

const char *sim_object_kind_name(unsigned kind);

#endif
