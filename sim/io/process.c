/* Subprocesses as a loop sees them: asyncio.base_subprocess and asyncio.subprocess. */
#include "sim/io/process.h"

#include <string.h>

#include "sim/combine/gather.h"
#include "sim/core/task_state.h"
#include "sim/core/wait.h"
#include "sim/io/machine.h"
#include "sim/io/pipe_transport.h"
#include "sim/io/writer_state.h"

enum { PIPES = 3, PIPE_SIZE = 64 * 1024 };

struct sim_process;

/* A standard stream that is a pipe.  As WriteSubprocessPipeProto and ReadSubprocessPipeProto. */
struct stdio_pipe {
    struct sim_process *process;
    struct channel *channel; /* NULL: it is no pipe */
    struct pipe_transport *transport;
    int fd;
    bool disconnected; /* its transport knows that it has ended */
    bool lost;         /* and so does its reader */
};

/* A call that waits until the pipes are connected, or its turn. */
struct pending_call {
    struct pending_call *next;
    sim_callback_fn fn;
    void *arg;
};

/* Lives in the arena.  Transport, protocol and Process in one. */
struct sim_process {
    struct sim *sim;
    struct sim_loop *loop;
    struct sim_child *child;
    struct stdio_pipe pipes[PIPES];
    struct pending_call *pending;
    struct pending_call **last_pending;
    struct list_node exit_waiters;
    struct flow_control flow; /* of stdin */
    struct sim_writer *in;
    struct sim_reader *readers[PIPES]; /* [1], [2] */
    struct sim_future connected;
    size_t limit;
    int returncode;
    bool has_returncode;
    bool calls_directly; /* nothing is kept in pending any more */
    bool exited;         /* the protocol knows */
    bool closed;
    bool finished;
    bool gone; /* connection_lost was called */
};

static void call(struct sim_process *process, sim_callback_fn fn, void *arg)
{
    if (process->calls_directly) {
        transport_call_soon(process->loop, fn, arg);
        return;
    }
    struct pending_call *pending = sim_alloc(process->sim, sizeof(*pending));

    *pending = (struct pending_call){NULL, fn, arg};
    *process->last_pending = pending;
    process->last_pending = &pending->next;
}

/* ---- The transport. ---- */

static void close_process(struct sim_process *process)
{
    if (process->closed)
        return;
    process->closed = true;
    for (int fd = 0; fd < PIPES; fd++) {
        struct pipe_transport *transport = process->pipes[fd].transport;

        if (transport != NULL)
            transport->base.ops->close(&transport->base);
    }
    if (!process->has_returncode)
        child_kill(process->child, 9);
}

static void call_connection_lost(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;

    flow_control_lose(&process->flow, NULL);
    sim_note(sim, SIM_EV_REAP, .object = process->child->id, .value = process->returncode);
    LIST_EACH(node, &process->exit_waiters)
    {
        struct sim_future *waiter = &container_of(node, struct waiter, link)->future;

        if (waiter->state == FUTURE_PENDING)
            future_finish(waiter, sim_none(), NULL);
    }
    process->gone = true;
}

static void try_finish(struct sim_process *process)
{
    if (!process->has_returncode)
        return;
    for (int fd = 0; fd < PIPES; fd++)
        if (process->pipes[fd].channel != NULL && !process->pipes[fd].disconnected)
            return;
    process->finished = true;
    call(process, call_connection_lost, process);
}

/* ---- The protocol. ---- */

static void maybe_close(struct sim_process *process)
{
    if (!process->exited)
        return;
    for (int fd = 1; fd < PIPES; fd++)
        if (process->pipes[fd].channel != NULL && !process->pipes[fd].lost)
            return;
    close_process(process);
}

static void process_exited(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;

    (void)sim;
    process->exited = true;
    maybe_close(process);
}

/* What happened to a pipe. */
struct pipe_event {
    struct stdio_pipe *pipe;
    struct sim_bytes bytes;
    const struct sim_exception *exception;
};

static void call_for_pipe(struct stdio_pipe *pipe, sim_callback_fn fn, struct pipe_event event)
{
    struct pipe_event *copy = sim_alloc(pipe->process->sim, sizeof(*copy));

    *copy = event;
    call(pipe->process, fn, copy);
}

static void pipe_data_received(struct sim *sim, void *arg)
{
    const struct pipe_event *event = arg;
    struct sim_process *process = event->pipe->process;

    (void)sim;
    sim_reader_feed_data(process->readers[event->pipe->fd], event->bytes.data, event->bytes.size);
}

static void stdin_lost(struct sim_process *process, const struct sim_exception *exception)
{
    if (process->in != NULL)
        sim_writer_close(process->in);
    flow_control_lose(&process->flow, exception);
    if (process->flow.closed.state == FUTURE_PENDING)
        future_finish(&process->flow.closed, sim_none(), exception);
}

static void pipe_connection_lost(struct sim *sim, void *arg)
{
    const struct pipe_event *event = arg;
    struct stdio_pipe *pipe = event->pipe;
    struct sim_process *process = pipe->process;

    (void)sim;
    if (pipe->fd == 0) {
        stdin_lost(process, event->exception);
        return;
    }
    if (event->exception == NULL)
        sim_reader_feed_eof(process->readers[pipe->fd]);
    else
        reader_set_exception(process->readers[pipe->fd], event->exception);
    pipe->lost = true;
    maybe_close(process);
}

/* ---- A pipe's protocol. ---- */

static void on_connection_made(void *self, struct transport *transport)
{
    struct stdio_pipe *pipe = self;

    pipe->transport = container_of(transport, struct pipe_transport, base);
}

static void on_data_received(void *self, struct sim_bytes bytes)
{
    call_for_pipe(self, pipe_data_received, (struct pipe_event){.pipe = self, .bytes = bytes});
}

static bool on_eof_received(void *self)
{
    (void)self;
    return false;
}

static void on_connection_lost(void *self, const struct sim_exception *exception)
{
    struct stdio_pipe *pipe = self;

    pipe->disconnected = true;
    call_for_pipe(pipe, pipe_connection_lost,
                  (struct pipe_event){.pipe = pipe, .exception = exception});
    try_finish(pipe->process);
}

static void on_pause_writing(void *self)
{
    const struct stdio_pipe *pipe = self;

    flow_control_pause(&pipe->process->flow);
}

static void on_resume_writing(void *self)
{
    const struct stdio_pipe *pipe = self;

    flow_control_resume(&pipe->process->flow);
}

static const struct protocol_ops pipe_ops = {
    .connection_made = on_connection_made,
    .data_received = on_data_received,
    .eof_received = on_eof_received,
    .connection_lost = on_connection_lost,
    .pause_writing = on_pause_writing,
    .resume_writing = on_resume_writing,
};

/* ---- Starting. ---- */

static void connection_made(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;
    struct stdio_pipe *in = &process->pipes[0];

    (void)sim;
    for (int fd = 1; fd < PIPES; fd++) {
        struct stdio_pipe *pipe = &process->pipes[fd];

        if (pipe->channel == NULL)
            continue;
        process->readers[fd] = reader_new(process->loop, process->limit);
        reader_set_transport(process->readers[fd], &pipe->transport->base, pipe->channel->id);
    }
    if (in->channel != NULL)
        process->in = writer_new(&in->transport->base, &process->flow, NULL);
}

static enum sim_status connect_pipe(struct stdio_pipe *pipe)
{
    struct sim_process *process = pipe->process;
    struct sim_future *waiter = sim_alloc(process->sim, sizeof(*waiter));

    future_init(waiter, process->loop, 0);
    struct pipe_transport *transport =
        pipe->fd == 0 ? write_pipe_new(process->loop, pipe->channel, &pipe_ops, pipe, waiter)
                      : read_pipe_new(process->loop, pipe->channel, &pipe_ops, pipe, waiter);
    enum sim_status status =
        task_wait(process->sim, waiter, SIM_WAIT_CONNECT, pipe->channel->id, 0, NULL);

    if (status != SIM_OK)
        transport->base.ops->close(&transport->base);
    return status;
}

/* As _connect_pipes, in a task of its own. */
static enum sim_status connect_pipes(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;
    struct sim_future *connected = &process->connected;
    enum sim_status status = SIM_OK;

    for (int fd = 0; fd < PIPES && status == SIM_OK; fd++)
        if (process->pipes[fd].channel != NULL)
            status = connect_pipe(&process->pipes[fd]);
    if (status == SIM_OK) {
        transport_call_soon(process->loop, connection_made, process);
        process->calls_directly = true;
        for (const struct pending_call *at = process->pending; at != NULL; at = at->next)
            transport_call_soon(process->loop, at->fn, at->arg);
    }
    if (connected->state == FUTURE_PENDING)
        future_finish(connected, sim_none(), status == SIM_OK ? NULL : *sim_raised(sim));
    return SIM_OK;
}

static void on_exit_known(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;

    (void)sim;
    process->returncode = process->child->returncode;
    process->has_returncode = true;
    call(process, process_exited, process);
    try_finish(process);
}

/* As PidfdChildWatcher._do_wait. */
static void on_pidfd(struct sim *sim, void *arg)
{
    struct sim_process *process = arg;

    (void)sim;
    poll_remove_reader(&process->child->pidfd);
    transport_call_soon(process->loop, on_exit_known, process);
}

static void add_pipe(struct sim_process *process, int fd)
{
    static const char *const names[PIPES] = {"stdin", "stdout", "stderr"};

    process->pipes[fd].channel = channel_new(process->sim, names[fd], PIPE_SIZE);
}

static void set_streams(struct sim_process *process, const struct sim_process_options *options)
{
    struct sim_child *child = process->child;

    if (options->in == SIM_PIPE)
        add_pipe(process, 0);
    if (options->out == SIM_PIPE)
        add_pipe(process, 1);
    if (options->err == SIM_PIPE)
        add_pipe(process, 2);
    child->in = process->pipes[0].channel;
    child->out[1] = process->pipes[1].channel;
    child->out[2] = process->pipes[2].channel;
    child->dropped[1] = options->out == SIM_DEVNULL;
    child->dropped[2] = options->err == SIM_DEVNULL;
    if (options->err == SIM_STDOUT) {
        child->out[2] = child->out[1];
        child->dropped[2] = child->dropped[1];
    }
}

static struct sim_process *process_new(struct sim_loop *loop,
                                       const struct sim_process_options *options)
{
    struct sim *sim = loop->sim;
    struct sim_process *process = sim_alloc(sim, sizeof(*process));

    process->sim = sim;
    process->loop = loop;
    process->last_pending = &process->pending;
    process->limit = (size_t)(options->limit == 0 ? SIM_STREAM_LIMIT : options->limit);
    process->child = sim_alloc(sim, sizeof(*process->child));
    process->child->sim = sim;
    list_init(&process->exit_waiters);
    flow_control_init(&process->flow, loop);
    future_init(&process->connected, loop, 0);
    for (int fd = 0; fd < PIPES; fd++) {
        process->pipes[fd].process = process;
        process->pipes[fd].fd = fd;
    }
    set_streams(process, options);
    return process;
}

static const char *const *copy_argv(struct sim *sim, const char *const *argv)
{
    size_t count = 0;

    while (argv[count] != NULL)
        count++;
    const char **copy = sim_alloc(sim, (count + 1) * sizeof(*copy));

    for (size_t i = 0; i < count; i++)
        copy[i] = sim_strdup(sim, argv[i]);
    return copy;
}

enum sim_status(sim_subprocess_exec)(struct sim *sim, const char *const *argv,
                                     const struct sim_process_options *options,
                                     struct sim_process **process, const struct sim_site *site)
{
    static const struct sim_process_options usual = {0};
    struct sim_loop *loop = loop_required(sim);
    const struct program *program;

    if (loop == NULL || sim->running->task == NULL)
        return SIM_RUNTIME_ERROR;
    if (options == NULL)
        options = &usual;
    if (options->limit < 0)
        return sim_raise(sim, SIM_VALUE_ERROR, "Limit cannot be <= 0");
    program = argv[0] == NULL ? NULL : machine_program(machine_of(sim), argv[0]);
    if (program == NULL)
        return sim_raise(sim, SIM_FILE_NOT_FOUND, "[Errno 2] No such file or directory: '%s'",
                         argv[0] == NULL ? "" : argv[0]);
    struct sim_process *made = process_new(loop, options);

    made->child->program = program;
    child_start(made->child, copy_argv(sim, argv), site);
    (void)(sim_task_new)(sim, NULL, connect_pipes, made, site);
    (void)poll_add_reader(loop, &made->child->pidfd, on_pidfd, made);
    enum sim_status status =
        task_wait(sim, &made->connected, SIM_WAIT_CONNECT, made->child->id, 0, site);

    if (status != SIM_OK) {
        const struct sim_exception *raised = *sim_raised(sim);

        close_process(made);
        SIM_TRY((sim_process_wait)(made, NULL, site));
        *sim_raised(sim) = raised;
        return status;
    }
    *process = made;
    return SIM_OK;
}

enum sim_status(sim_subprocess_shell)(struct sim *sim, const char *command,
                                      const struct sim_process_options *options,
                                      struct sim_process **process, const struct sim_site *site)
{
    const char *const argv[] = {"sh", "-c", command, NULL};

    return (sim_subprocess_exec)(sim, argv, options, process, site);
}

/* ---- Process. ---- */

int64_t sim_process_pid(const struct sim_process *process)
{
    return process->child->pid;
}

struct sim_writer *sim_process_stdin(const struct sim_process *process)
{
    return process->in;
}

struct sim_reader *sim_process_stdout(const struct sim_process *process)
{
    return process->readers[1];
}

struct sim_reader *sim_process_stderr(const struct sim_process *process)
{
    return process->readers[2];
}

bool sim_process_returncode(const struct sim_process *process, int *returncode)
{
    if (process->has_returncode && returncode != NULL)
        *returncode = process->returncode;
    return process->has_returncode;
}

enum sim_status(sim_process_wait)(struct sim_process *process, int *returncode,
                                  const struct sim_site *site)
{
    struct sim *sim = process->sim;

    if (!process->has_returncode)
        SIM_TRY(
            waitq_park(sim, &process->exit_waiters, SIM_WAIT_PROCESS, process->child->id, site));
    sim_op(sim, SIM_EV_REAP, .actor = sim_actor(sim), .object = process->child->id,
           .value = process->returncode, .site = site);
    if (returncode != NULL)
        *returncode = process->returncode;
    return SIM_OK;
}

enum sim_status(sim_process_send_signal)(struct sim_process *process, int signal)
{
    static const int known[] = {1, 2, 3, 6, 9, 10, 12, 13, 14, 15};

    if (process->gone)
        return sim_raise(process->sim, SIM_PROCESS_LOOKUP, "%s", "");
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (known[i] == signal) {
            child_kill(process->child, signal);
            return SIM_OK;
        }
    return sim_raise(process->sim, SIM_VALUE_ERROR, "no signal %d ends a process", signal);
}

/* ---- communicate: three coroutines at once. ---- */

struct communication {
    struct sim_process *process;
    const char *input;
    struct sim_bytes output[PIPES];
};

/* The reading of one pipe. */
struct pipe_reading {
    struct communication *communication;
    int fd;
};

static enum sim_status feed_stdin(struct sim *sim, void *arg)
{
    const struct communication *communication = arg;
    struct sim_writer *in = communication->process->in;
    enum sim_status status = SIM_OK;

    (void)sim;
    if (in == NULL)
        return SIM_OK;
    if (communication->input != NULL)
        status = sim_writer_write(in, communication->input, strlen(communication->input));
    if (status == SIM_OK)
        status = (sim_writer_drain)(in, NULL);
    if (status != SIM_OK && status != SIM_BROKEN_PIPE && status != SIM_CONNECTION_RESET)
        return status;
    sim_writer_close(in);
    return SIM_OK;
}

static enum sim_status read_pipe(struct sim *sim, void *arg)
{
    const struct pipe_reading *reading = arg;
    struct sim_process *process = reading->communication->process;
    struct sim_reader *reader = process->readers[reading->fd];

    (void)sim;
    if (reader == NULL)
        return SIM_OK;
    SIM_TRY((sim_reader_read)(reader, -1, &reading->communication->output[reading->fd], NULL));
    struct transport *transport = &process->pipes[reading->fd].transport->base;

    transport->ops->close(transport);
    return SIM_OK;
}

enum sim_status(sim_process_communicate)(struct sim_process *process, const char *input,
                                         struct sim_bytes *out, struct sim_bytes *err,
                                         const struct sim_site *site)
{
    struct sim *sim = process->sim;
    struct communication *communication = sim_alloc(sim, sizeof(*communication));
    struct pipe_reading *readings = sim_alloc(sim, 2 * sizeof(*readings));
    struct sim_future *parts[PIPES];

    *communication = (struct communication){process, input, {{"", 0}, {"", 0}, {"", 0}}};
    readings[0] = (struct pipe_reading){communication, 1};
    readings[1] = (struct pipe_reading){communication, 2};
    parts[0] = SIM_FUTURE((sim_task_new)(sim, NULL, feed_stdin, communication, site));
    parts[1] = SIM_FUTURE((sim_task_new)(sim, NULL, read_pipe, &readings[0], site));
    parts[2] = SIM_FUTURE((sim_task_new)(sim, NULL, read_pipe, &readings[1], site));
    SIM_TRY((sim_await)((sim_gather)(sim, parts, PIPES, false, site), NULL, site));
    SIM_TRY((sim_process_wait)(process, NULL, site));
    if (out != NULL)
        *out = communication->output[1];
    if (err != NULL)
        *err = communication->output[2];
    return SIM_OK;
}
