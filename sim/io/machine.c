#include "sim/io/machine.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_PID = 1000 };

/* End the threads of a process. */
static void kill_threads(struct sim *sim, uint32_t process, const struct sim_thread *but)
{
    for (uint32_t i = 0; i < sim->thread_count; i++) {
        struct sim_thread *thread = sim->threads[i];

        if (thread->process == process && thread != but)
            sched_kill(thread);
    }
}

/* Main has ended, and with it its threads and its ends of pipes; the other processes go on to their
 * own ends. */
static void outlive(struct sim *sim)
{
    struct sim_thread *self = sim->running;
    struct machine *machine = sim->machine;

    for (struct sim_child *child = machine->children; child != NULL; child = child->next) {
        if (child->ended)
            continue;
        kill_threads(sim, 0, self);
        if (child->in != NULL)
            channel_end(child->in, 0);
        for (int fd = 1; fd <= 2; fd++)
            if (child->out[fd] != NULL)
                channel_close_reader(child->out[fd], NULL);
    }
    for (struct sim_child *child = machine->children; child != NULL; child = child->next) {
        if (child->ended)
            continue;
        list_append(&child->thread->joiners, &self->waiting);
        sched_block(sim, SIM_WAIT_PROCESS, child->id, 0, NULL);
    }
}

struct machine *machine_of(struct sim *sim)
{
    struct machine *machine = sim->machine;

    if (machine != NULL)
        return machine;
    machine = sim_alloc(sim, sizeof(*machine));
    machine->sim = sim;
    machine->last_pid = FIRST_PID;
    sim->machine = machine;
    sim->at_exit = outlive;
    machine_add_programs(sim);
    return machine;
}

const struct program *machine_program(struct machine *machine, const char *name)
{
    const struct program *program = machine->programs;

    while (program != NULL && strcmp(program->name, name) != 0)
        program = program->next;
    return program;
}

void sim_program_add(struct sim *sim, const char *name, sim_program_fn main, void *arg)
{
    struct machine *machine = machine_of(sim);
    struct program *program = sim_alloc(sim, sizeof(*program));

    *program = (struct program){machine->programs, sim_strdup(sim, name), main, arg};
    machine->programs = program;
}

/* ---- A process. ---- */

static void close_streams(struct sim_child *child)
{
    if (child->in != NULL)
        channel_close_reader(child->in, NULL);
    for (int fd = 1; fd <= 2; fd++)
        if (child->out[fd] != NULL)
            channel_end(child->out[fd], 0);
}

static void end(struct sim_child *child, int returncode)
{
    child->ended = true;
    child->returncode = returncode;
    close_streams(child);
    poll_set(&child->pidfd, true, false);
}

static enum sim_status run_process(struct sim *sim, void *arg)
{
    struct sim_child *child = arg;
    int code = child_run(child);

    child_flush(child);
    kill_threads(sim, child->thread->id, child->thread);
    sim_op(sim, SIM_EV_EXIT, .actor = sim_actor(sim), .object = child->id, .value = code);
    end(child, code);
    return SIM_OK;
}

void child_start(struct sim_child *child, const char *const *argv, const struct sim_site *site)
{
    struct sim *sim = child->sim;
    struct machine *machine = machine_of(sim);

    child->argv = argv;
    while (argv[child->argc] != NULL)
        child->argc++;
    child->pid = ++machine->last_pid;
    child->next = machine->children;
    machine->children = child;
    poll_init(&child->pidfd);
    sched_point(sim, SIM_EV_SPAWN, 0);
    child->thread = sched_thread_new(
        sim, sim_format(sim, "%s[%lld]", argv[0], (long long)child->pid), run_process, child, site);
    child->thread->process = child->thread->id;
    child->id = sim_object_new(sim, SIM_OBJ_PROCESS,
                               sim_format(sim, "%s %lld", argv[0], (long long)child->pid),
                               child->thread->id, site);
}

int child_run(struct sim_child *child)
{
    return child->program->main(child->sim, child, child->program->arg) & 0xff;
}

void child_kill(struct sim_child *child, int signal)
{
    if (child->ended)
        return;
    kill_threads(child->sim, child->thread->id, NULL);
    end(child, -signal);
}

/* ---- What it sees. ---- */

int sim_child_argc(const struct sim_child *child)
{
    return child->argc;
}

const char *const *sim_child_argv(const struct sim_child *child)
{
    return child->argv;
}

struct sim_bytes(sim_child_read)(struct sim_child *child, size_t size, const struct sim_site *site)
{
    struct sim_bytes bytes = {"", 0};

    if (buffer_size(&child->read) > 0)
        return buffer_take(child->sim, &child->read, size);
    if (child->in != NULL && size > 0)
        (void)channel_read_blocking(child->in, size, &bytes, site);
    return bytes;
}

struct sim_bytes(sim_child_read_line)(struct sim_child *child, const struct sim_site *site)
{
    enum { BLOCK = 4096 };

    for (;;) {
        size_t size = buffer_size(&child->read);
        const char *text = buffer_front(&child->read);
        const char *newline = size == 0 ? NULL : memchr(text, '\n', size);
        struct sim_bytes more = {"", 0};

        if (newline != NULL)
            return buffer_take(child->sim, &child->read, (size_t)(newline - text) + 1);
        if (child->in != NULL)
            (void)channel_read_blocking(child->in, BLOCK, &more, site);
        if (more.size == 0)
            return buffer_take(child->sim, &child->read, SIZE_MAX);
        buffer_append(child->sim, &child->read, more.data, more.size);
    }
}

/* Print the lines that are whole. */
static void print_lines(struct sim_child *child, struct buffer *buffer)
{
    const char *newline;

    while (buffer_size(buffer) > 0 &&
           (newline = memchr(buffer_front(buffer), '\n', buffer_size(buffer))) != NULL) {
        int length = (int)(newline - buffer_front(buffer));

        sim_print(child->sim, "%.*s", length, buffer_front(buffer));
        buffer_drop(buffer, (size_t)length + 1);
    }
}

void child_flush(struct sim_child *child)
{
    for (int fd = 1; fd <= 2; fd++) {
        if (buffer_size(&child->line[fd]) == 0)
            continue;
        buffer_append(child->sim, &child->line[fd], "\n", 1);
        print_lines(child, &child->line[fd]);
    }
}

enum sim_status(sim_child_write)(struct sim_child *child, int fd, const void *data, size_t size,
                                 const struct sim_site *site)
{
    struct sim *sim = child->sim;

    if (fd != 1 && fd != 2)
        return sim_raise(sim, SIM_VALUE_ERROR, "a program writes to 1 or 2, not to %d", fd);
    if (child->out[fd] != NULL) {
        if (channel_write_blocking(child->out[fd], data, size, site) == CHANNEL_BROKEN)
            return sim_raise(sim, SIM_BROKEN_PIPE, "[Errno 32] Broken pipe");
        return SIM_OK;
    }
    if (child->dropped[fd])
        return SIM_OK;
    buffer_append(sim, &child->line[fd], data, size);
    print_lines(child, &child->line[fd]);
    return SIM_OK;
}

enum sim_status sim_child_printf(struct sim_child *child, const char *format, ...)
{
    va_list args;
    va_list again;

    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);

    va_end(args);
    SIM_ASSERT(length >= 0);
    char *text = sim_alloc(child->sim, (size_t)length + 1);

    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return (sim_child_write)(child, 1, text, (size_t)length, NULL);
}
