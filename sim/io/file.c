#include "sim/io/file.h"

#include <string.h>

#include "sim/io/machine.h"

/* What is on the disk.  Invariant: in the order of their names. */
struct sim_file_node {
    struct sim_file_node *next;
    const char *name;
    struct buffer content;
    uint32_t id;
};

/* An open file.  Lives in the arena. */
struct sim_file {
    struct sim *sim;
    struct sim_file_node *node;
    size_t place;
    char mode; /* 'r', 'w', 'a' */
    bool closed;
};

static struct sim_file_node *find(struct machine *machine, const char *name)
{
    struct sim_file_node *node = machine->files;

    while (node != NULL && strcmp(node->name, name) != 0)
        node = node->next;
    return node;
}

static struct sim_file_node *find_or_make(struct machine *machine, const char *name)
{
    struct sim_file_node *node = find(machine, name);
    struct sim_file_node **place = &machine->files;

    if (node != NULL)
        return node;
    while (*place != NULL && strcmp((*place)->name, name) < 0)
        place = &(*place)->next;
    node = sim_alloc(machine->sim, sizeof(*node));
    node->name = sim_strdup(machine->sim, name);
    node->id = sim_object_new(machine->sim, SIM_OBJ_FILE, name, 0, NULL);
    node->next = *place;
    *place = node;
    return node;
}

const char **machine_files(struct machine *machine)
{
    size_t count = 0;

    for (const struct sim_file_node *node = machine->files; node != NULL; node = node->next)
        count++;
    const char **names = sim_alloc(machine->sim, (count + 1) * sizeof(*names));

    count = 0;
    for (const struct sim_file_node *node = machine->files; node != NULL; node = node->next)
        names[count++] = node->name;
    return names;
}

size_t machine_file_size(struct machine *machine, const char *name)
{
    const struct sim_file_node *node = find(machine, name);

    return node == NULL ? 0 : buffer_size(&node->content);
}

void sim_disk_latency(struct sim *sim, int64_t latency_ns)
{
    machine_of(sim)->disk_ns = latency_ns;
}

void sim_file_create(struct sim *sim, const char *name, const char *text)
{
    struct sim_file_node *node = find_or_make(machine_of(sim), name);

    node->content = (struct buffer){0};
    buffer_append(sim, &node->content, text, strlen(text));
}

/* The disk is at work. */
static void work(struct sim *sim, const struct sim_site *site)
{
    int64_t latency_ns = machine_of(sim)->disk_ns;

    sched_point(sim, SIM_EV_FILE, 0);
    if (latency_ns > 0)
        sched_sleep(sim, latency_ns, site);
}

enum sim_status(sim_file_open)(struct sim *sim, const char *name, const char *mode,
                               struct sim_file **file, const struct sim_site *site)
{
    struct machine *machine = machine_of(sim);

    if (strlen(mode) != 1 || strchr("rwa", mode[0]) == NULL)
        return sim_raise(sim, SIM_VALUE_ERROR, "invalid mode: '%s'", mode);
    work(sim, site);
    if (mode[0] == 'r' && find(machine, name) == NULL)
        return sim_raise(sim, SIM_FILE_NOT_FOUND, "[Errno 2] No such file or directory: '%s'",
                         name);
    struct sim_file *made = sim_alloc(sim, sizeof(*made));

    *made = (struct sim_file){.sim = sim, .node = find_or_make(machine, name), .mode = mode[0]};
    if (mode[0] == 'w')
        made->node->content = (struct buffer){0};
    *file = made;
    return SIM_OK;
}

static enum sim_status check(const struct sim_file *file, bool reads)
{
    if (file->closed)
        return sim_raise(file->sim, SIM_VALUE_ERROR, "I/O operation on closed file.");
    if (reads != (file->mode == 'r'))
        return sim_raise(file->sim, SIM_OS_ERROR, reads ? "not readable" : "not writable");
    return SIM_OK;
}

/* Take size bytes from where the last read ended. */
static enum sim_status take(struct sim_file *file, size_t size, struct sim_bytes *bytes,
                            const struct sim_site *site)
{
    struct sim *sim = file->sim;
    const struct buffer *content = &file->node->content;

    *bytes = sim_bytes_copy(sim, size == 0 ? "" : buffer_front(content) + file->place, size);
    file->place += size;
    sim_op(sim, SIM_EV_FILE, .actor = sim_actor(sim), .object = file->node->id,
           .value = -(int64_t)size, .site = site);
    return SIM_OK;
}

static size_t left(const struct sim_file *file)
{
    size_t size = buffer_size(&file->node->content);

    return file->place < size ? size - file->place : 0;
}

enum sim_status(sim_file_read)(struct sim_file *file, size_t size, struct sim_bytes *bytes,
                               const struct sim_site *site)
{
    SIM_TRY(check(file, true));
    work(file->sim, site);
    return take(file, size < left(file) ? size : left(file), bytes, site);
}

enum sim_status(sim_file_read_line)(struct sim_file *file, struct sim_bytes *bytes,
                                    const struct sim_site *site)
{
    SIM_TRY(check(file, true));
    work(file->sim, site);
    size_t size = left(file);
    const char *text = size == 0 ? "" : buffer_front(&file->node->content) + file->place;
    const char *newline = size == 0 ? NULL : memchr(text, '\n', size);

    return take(file, newline == NULL ? size : (size_t)(newline - text) + 1, bytes, site);
}

enum sim_status(sim_file_write)(struct sim_file *file, const void *data, size_t size,
                                const struct sim_site *site)
{
    struct sim *sim = file->sim;
    struct buffer *content = &file->node->content;

    SIM_TRY(check(file, false));
    work(sim, site);
    if (file->mode == 'a')
        file->place = buffer_size(content);
    while (buffer_size(content) < file->place)
        buffer_append(sim, content, "", 1);
    size_t over = left(file) < size ? left(file) : size;

    if (over > 0)
        memcpy(content->data + content->begin + file->place, data, over);
    buffer_append(sim, content, (const char *)data + over, size - over);
    file->place += size;
    sim_op(sim, SIM_EV_FILE, .actor = sim_actor(sim), .object = file->node->id,
           .value = (int64_t)size, .site = site);
    return SIM_OK;
}

void(sim_file_close)(struct sim_file *file, const struct sim_site *site)
{
    struct sim *sim = file->sim;

    if (file->closed)
        return;
    work(sim, site);
    file->closed = true;
    sim_op(sim, SIM_EV_CLOSE, .actor = sim_actor(sim), .object = file->node->id, .site = site);
}
