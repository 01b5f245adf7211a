/* Subprocesses: what CPython's test_subprocess asks of them, in SubprocessMixin (which it runs once
 * for each of its watchers), SubprocessTransportTests and GenericWatcherTests, test by test.
 *
 *   n/a test_subprocess_repr: C has no repr
 *   n/a test_start_new_session: C simulates no sessions of processes
 *   n/a test_devstdin_input: C simulates no /dev
 *   n/a test_cancel_post_init: C has no loop.subprocess_exec beside create_subprocess_exec
 *   n/a test_close_kill_running: C offers no transport of a subprocess
 *   n/a test_close_dont_kill_finished: C offers no transport of a subprocess
 *   n/a test_create_subprocess_exec_text_mode_fails: C has no text mode
 *   n/a test_create_subprocess_shell_text_mode_fails: C has no text mode
 *   n/a test_create_subprocess_exec_with_path: C has no objects for paths
 *   n/a test_create_subprocess_env_shell: C simulates no environment variables
 *   n/a test_create_subprocess_env_exec: C simulates no environment variables
 *   n/a test_subprocess_protocol_events: C has no subprocess protocols
 *   n/a test_warns: C has no child watchers
 *   n/a test_create_subprocess_fails_with_inactive_watcher: C has no child watchers
 */
#include "tests/findings.h"
#include "tests/stream_users.h"

#include "sim/io/machine.h"
#include "sim/io/transport.h"

enum { LARGE = 4 * 64 * 1024 }; /* bytes: more than a pipe and the buffer before it hold */

static const struct sim_process_options in_only = {.in = SIM_PIPE};
static const struct sim_process_options out_only = {.out = SIM_PIPE};
static const struct sim_process_options both_ways = {.in = SIM_PIPE, .out = SIM_PIPE};
static const struct sim_process_options all_pipes = {
    .in = SIM_PIPE, .out = SIM_PIPE, .err = SIM_PIPE};

#define EXEC(sim, process, options, ...)                                                           \
    sim_subprocess_exec((sim), TEXTS(__VA_ARGS__), (options), (process))

/* Whether it ends, and so. */
static bool ends_with(struct sim_process *process, int expected)
{
    int code = -100;
    int known = -100;

    return sim_process_wait(process, &code) == SIM_OK && code == expected &&
           sim_process_returncode(process, &known) && known == expected;
}

static enum sim_status start_blocked(struct sim *sim, struct sim_process **process)
{
    return EXEC(sim, process, NULL, "sleep", "3600");
}

/* ---- SubprocessTransportTests ---- */

static int six_main(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)sim;
    (void)child;
    (void)arg;
    return 6;
}

static enum sim_status test_proc_exited(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    sim_program_add(sim, "six", six_main, NULL);
    SIM_TRY(EXEC(sim, &process, NULL, "six"));
    EXPECT(!sim_process_returncode(process, NULL));
    EXPECT(ends_with(process, 6));
    EXPECT(sim_process_send_signal(process, 15) == SIM_PROCESS_LOOKUP);
    EXPECT(sim_process_terminate(process) == SIM_PROCESS_LOOKUP);
    EXPECT(sim_process_kill(process) == SIM_PROCESS_LOOKUP);
    EXPECT(ends_with(process, 6));
    return SIM_OK;
}

/* ---- SubprocessMixin: what goes in and comes out. ---- */

static enum sim_status through_cat(struct sim *sim, void *arg)
{
    struct sim_process *process;
    struct sim_writer *in;

    (void)arg;
    SIM_TRY(EXEC(sim, &process, &both_ways, "cat"));
    in = sim_process_stdin(process);
    SIM_TRY(sim_writer_printf(in, "some data"));
    SIM_TRY(sim_writer_drain(in));
    sim_writer_close(in);
    EXPECT(reads(sim_process_stdout(process), -1, "some data"));
    EXPECT(ends_with(process, 0));
    return SIM_OK;
}

static enum sim_status test_stdin_stdout(struct sim *sim, void *arg)
{
    return sim_wait_for_call(sim, through_cat, arg, 60 * SIM_SECOND);
}

/* Run a program with these options and this input. */
static enum sim_status talk(struct sim *sim, const char *program, const char *input,
                            const struct sim_process_options *options, struct sim_bytes *out,
                            struct sim_bytes *err)
{
    struct sim_process *process;

    SIM_TRY(EXEC(sim, &process, options, program));
    EXPECT((sim_process_stdin(process) != NULL) == (options->in == SIM_PIPE));
    EXPECT((sim_process_stdout(process) != NULL) == (options->out == SIM_PIPE));
    EXPECT((sim_process_stderr(process) != NULL) == (options->err == SIM_PIPE));
    SIM_TRY(sim_process_communicate(process, input, out, err));
    EXPECT(sim_process_returncode(process, NULL));
    EXPECT(ends_with(process, 0));
    return SIM_OK;
}

static enum sim_status give_cat_data(struct sim *sim, void *arg)
{
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(talk(sim, "cat", "some data", &both_ways, &out, NULL));
    EXPECT(are(out, "some data"));
    return SIM_OK;
}

static enum sim_status test_communicate(struct sim *sim, void *arg)
{
    return sim_wait_for_call(sim, give_cat_data, arg, 60 * SIM_SECOND);
}

static enum sim_status give_cat_nothing(struct sim *sim, void *arg)
{
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(talk(sim, "cat", NULL, &both_ways, &out, NULL));
    EXPECT(are(out, ""));
    return SIM_OK;
}

static enum sim_status test_communicate_none_input(struct sim *sim, void *arg)
{
    return sim_wait_for_call(sim, give_cat_nothing, arg, 60 * SIM_SECOND);
}

/* Print how many bytes come in, and complain of nothing. */
static int length_main(struct sim *sim, struct sim_child *child, void *arg)
{
    size_t length = 0;

    (void)sim;
    (void)arg;
    for (;;) {
        size_t more = sim_child_read(child, 2).size;

        if (more == 0)
            break;
        length += more;
    }
    if (sim_child_write(child, 2, "!", 1) != SIM_OK)
        return 2;
    return sim_child_printf(child, "%zu\n", length) == SIM_OK ? 0 : 1;
}

static enum sim_status measure(struct sim *sim, const char *input,
                               const struct sim_process_options *options, struct sim_bytes *out,
                               struct sim_bytes *err)
{
    sim_program_add(sim, "length", length_main, NULL);
    return talk(sim, "length", input, options, out, err);
}

/* The child has no copy of its parent's end, else it would never see the end of its input. */
static enum sim_status test_stdin_not_inheritable(struct sim *sim, void *arg)
{
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(measure(sim, "abc", &all_pipes, &out, NULL));
    EXPECT(are(out, "3\n"));
    return SIM_OK;
}

static enum sim_status test_empty_input(struct sim *sim, void *arg)
{
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(measure(sim, "", &all_pipes, &out, NULL));
    EXPECT(are(out, "0\n"));
    return SIM_OK;
}

static enum sim_status test_devnull_input(struct sim *sim, void *arg)
{
    const struct sim_process_options options = {SIM_DEVNULL, SIM_PIPE, SIM_PIPE, 0};
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(measure(sim, NULL, &options, &out, NULL));
    EXPECT(are(out, "0\n"));
    return SIM_OK;
}

static enum sim_status test_devnull_output(struct sim *sim, void *arg)
{
    const struct sim_process_options options = {SIM_PIPE, SIM_DEVNULL, SIM_PIPE, 0};
    struct sim_bytes out;
    struct sim_bytes err;

    (void)arg;
    SIM_TRY(measure(sim, "abc", &options, &out, &err));
    EXPECT(are(out, ""));
    EXPECT(are(err, "!"));
    return SIM_OK;
}

static enum sim_status test_devnull_error(struct sim *sim, void *arg)
{
    const struct sim_process_options options = {SIM_PIPE, SIM_PIPE, SIM_DEVNULL, 0};
    struct sim_bytes out;
    struct sim_bytes err;

    (void)arg;
    SIM_TRY(measure(sim, "abc", &options, &out, &err));
    EXPECT(are(out, "3\n"));
    EXPECT(are(err, ""));
    return SIM_OK;
}

/* ---- Pipes that break, are full, or outlive their process. ---- */

static const char *large_text(struct sim *sim)
{
    char *text = sim_alloc(sim, LARGE + 1);

    memset(text, 'x', LARGE);
    return text;
}

static enum sim_status test_stdin_broken_pipe(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    /* It ends once the pipe is full, without having read from it. */
    SIM_TRY(EXEC(sim, &process, &in_only, "sleep", "0.1"));
    struct sim_writer *in = sim_process_stdin(process);

    SIM_TRY(sim_writer_write(in, large_text(sim), LARGE));
    EXPECT(sim_writer_buffer_size(in) > 0);
    enum sim_status status = sim_writer_drain(in);

    EXPECT(status == SIM_BROKEN_PIPE || status == SIM_CONNECTION_RESET);
    EXPECT(ends_with(process, 0));
    return SIM_OK;
}

static enum sim_status test_communicate_ignore_broken_pipe(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    SIM_TRY(EXEC(sim, &process, &in_only, "true"));
    EXPECT(sim_process_communicate(process, large_text(sim), NULL, NULL) == SIM_OK);
    EXPECT(ends_with(process, 0));
    return SIM_OK;
}

static enum sim_status test_pause_reading(struct sim *sim, void *arg)
{
    const struct sim_process_options options = {.in = SIM_PIPE, .out = SIM_PIPE, .limit = 10};
    const char *text = "xxxxxxxxxxxxxxxxxxxx"; /* and a newline: one more than twice the limit */
    struct sim_process *process;
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(EXEC(sim, &process, &options, "echo", text));
    const struct sim_reader *reader = sim_process_stdout(process);

    EXPECT(!reader->paused && !reader->transport->paused);
    SIM_TRY(sim_sleep(sim, SIM_MS));
    EXPECT(reader->paused && reader->transport->paused);
    SIM_TRY(sim_process_communicate(process, NULL, &out, NULL));
    EXPECT(out.size == 21 && strncmp(out.data, text, 20) == 0);
    EXPECT(!reader->paused && !reader->transport->paused);
    return SIM_OK;
}

static int flood_main(struct sim *sim, struct sim_child *child, void *arg)
{
    const char *text = large_text(sim);

    (void)arg;
    for (int i = 0; i < 64; i++)
        if (sim_child_write(child, 1, text, LARGE / 64) != SIM_OK)
            return 2;
    return 1;
}

static enum sim_status test_read_stdout_after_process_exit(struct sim *sim, void *arg)
{
    struct sim_process *process;
    struct sim_bytes bytes;
    size_t total = 0;

    (void)arg;
    sim_program_add(sim, "flood", flood_main, NULL);
    SIM_TRY(EXEC(sim, &process, &out_only, "flood"));
    for (;;) {
        SIM_TRY(sim_reader_read(sim_process_stdout(process), 65536, &bytes));
        if (bytes.size == 0)
            break;
        total += bytes.size;
        SIM_TRY(sim_sleep(sim, 300 * SIM_MS));
    }
    EXPECT(total == LARGE);
    EXPECT(ends_with(process, 1));
    return SIM_OK;
}

/* ---- Shells, signals and ends. ---- */

static enum sim_status test_shell(struct sim *sim, void *arg)
{
    static const struct {
        const char *command;
        int code;
    } shells[] = {
        {"exit 7", 7},
        {"false; exit", 1},
        {"true || exit 3; exit 260; echo never", 4},
        {"exit seven", 2},
    };

    (void)arg;
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
        struct sim_process *process;

        SIM_TRY(sim_subprocess_shell(sim, shells[i].command, NULL, &process));
        EXPECT(ends_with(process, shells[i].code));
    }
    return SIM_OK;
}

static enum sim_status test_kill(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    SIM_TRY(start_blocked(sim, &process));
    EXPECT(sim_process_kill(process) == SIM_OK);
    EXPECT(ends_with(process, -9));
    EXPECT(sim_now(sim) < SIM_SECOND);
    return SIM_OK;
}

/* A shell that is killed between two commands, or in the second. */
static enum sim_status test_kill_issue43884(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    SIM_TRY(sim_subprocess_shell(sim, "sleep 1; sleep 1", &out_only, &process));
    SIM_TRY(sim_sleep(sim, SIM_SECOND));
    EXPECT(sim_process_kill(process) == SIM_OK);
    EXPECT(ends_with(process, -9));
    return SIM_OK;
}

static enum sim_status test_terminate(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    SIM_TRY(start_blocked(sim, &process));
    EXPECT(sim_process_terminate(process) == SIM_OK);
    EXPECT(ends_with(process, -15));
    EXPECT(sim_now(sim) < SIM_SECOND);
    return SIM_OK;
}

static int sleepy_main(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)arg;
    if (sim_child_printf(child, "sleeping\n") != SIM_OK)
        return 1;
    sim_thread_sleep(sim, 3600 * SIM_SECOND);
    return 0;
}

static enum sim_status test_send_signal(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    sim_program_add(sim, "sleepy", sleepy_main, NULL);
    SIM_TRY(EXEC(sim, &process, &out_only, "sleepy"));
    EXPECT(reads_line(sim_process_stdout(process), "sleeping\n"));
    EXPECT(sim_process_send_signal(process, 1) == SIM_OK);
    EXPECT(ends_with(process, -1));
    return SIM_OK;
}

/* A signal that comes before a process ends, just then, or after it. */
static enum sim_status test_subprocess_send_signal_race(struct sim *sim, void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        struct sim_process *process;
        int code = 255;

        SIM_TRY(EXEC(sim, &process, NULL, "sleep", "0.1"));
        SIM_TRY(sim_sleep(sim, 100 * SIM_MS + (i - 5) * SIM_MS));
        enum sim_status status = sim_process_send_signal(process, 10);

        EXPECT(status == SIM_OK || status == SIM_PROCESS_LOOKUP);
        SIM_TRY(sim_process_wait(process, &code));
        EXPECT(code == (i < 5 ? -10 : 0) || (i == 5 && code == -10));
    }
    return SIM_OK;
}

static enum sim_status wait_for_end(struct sim *sim, void *process)
{
    int code = 0;

    SIM_TRY(sim_process_wait((struct sim_process *)process, &code));
    return sim_return(sim, sim_int(code));
}

static enum sim_status test_subprocess_concurrent_wait(struct sim *sim, void *arg)
{
    struct sim_process *process;
    struct sim_future *all[10];
    struct sim_value codes;
    struct sim_bytes out;

    (void)arg;
    SIM_TRY(EXEC(sim, &process, &both_ways, "cat"));
    SIM_TRY(sim_process_communicate(process, "some data", &out, NULL));
    EXPECT(are(out, "some data"));
    EXPECT(ends_with(process, 0));
    for (int i = 0; i < 10; i++)
        all[i] = SIM_FUTURE(sim_task_new(sim, NULL, wait_for_end, process));
    SIM_TRY(sim_await(sim_gather(sim, all, 10, false), &codes));
    for (int i = 0; i < 10; i++)
        EXPECT(codes.as.items[i].type == SIM_INT && codes.as.items[i].as.integer == 0);
    return SIM_OK;
}

static enum sim_status echo(struct sim *sim, void *number)
{
    const char *word = sim_format(sim, "foo%d", *(const int *)number);
    struct sim_process *process;
    struct sim_bytes out;

    SIM_TRY(EXEC(sim, &process, &out_only, "echo", word));
    SIM_TRY(sim_process_communicate(process, NULL, &out, NULL));
    EXPECT(are(out, sim_format(sim, "%s\n", word)));
    return SIM_OK;
}

static enum sim_status test_subprocess_communicate_stdout(struct sim *sim, void *arg)
{
    struct sim_future *all[10];
    int numbers[10];

    (void)arg;
    for (int i = 0; i < 10; i++) {
        numbers[i] = i;
        all[i] = SIM_FUTURE(sim_task_new(sim, NULL, echo, &numbers[i]));
    }
    return sim_await(sim_gather(sim, all, 10, false), NULL);
}

/* ---- Cancellation and errors. ---- */

static enum sim_status test_cancel_process_wait(struct sim *sim, void *arg)
{
    struct sim_process *process;

    (void)arg;
    SIM_TRY(start_blocked(sim, &process));
    struct sim_task *task = sim_task_new(sim, NULL, wait_for_end, process);

    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    EXPECT(!sim_cancel(task, NULL));
    EXPECT(!sim_process_returncode(process, NULL));
    EXPECT(sim_process_kill(process) == SIM_OK);
    EXPECT(ends_with(process, -9));
    return SIM_OK;
}

static enum sim_status start_never(struct sim *sim, void *arg)
{
    struct sim_process *process = NULL;

    (void)arg;
    SIM_TRY(start_blocked(sim, &process));
    EXPECT(process == NULL && "a task that was cancelled got a process");
    return SIM_OK;
}

static enum sim_status test_cancel_make_subprocess_transport_exec(struct sim *sim, void *arg)
{
    struct sim_task *task = sim_task_new(sim, NULL, start_never, NULL);

    (void)arg;
    cancel_soon(sim, task);
    EXPECT(sim_await(task, NULL) == SIM_CANCELLED);
    /* The process was there, and nobody is left to end it. */
    const struct sim_child *child = machine_of(sim)->children;

    EXPECT(child != NULL && child->ended && child->returncode == -9);
    EXPECT(sim_now(sim) < SIM_SECOND);
    return SIM_OK;
}

static enum sim_status expect_not_started(struct sim *sim,
                                          const struct sim_process_options *options)
{
    struct sim_process *process = NULL;

    EXPECT(EXEC(sim, &process, options, "no such program", "-c") == SIM_FILE_NOT_FOUND);
    EXPECT(process == NULL);
    EXPECT(machine_of(sim)->children == NULL);
    return SIM_OK;
}

static enum sim_status test_popen_error(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_not_started(sim, NULL);
}

static enum sim_status test_popen_error_with_stdin_pipe(struct sim *sim, void *arg)
{
    (void)arg;
    return expect_not_started(sim, &in_only);
}

/* ---- GenericWatcherTests ---- */

static enum sim_status run_in_thread(struct sim *sim, void *arg)
{
    return sim_loop_run(sim, give_cat_data, arg, NULL);
}

/* A loop need not be the main thread's. */
static enum sim_status test_create_subprocess_with_pidfd(struct sim *sim, void *arg)
{
    return sim_to_thread(sim, run_in_thread, arg, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        QUIET(test_proc_exited),
        QUIET(test_stdin_stdout),
        QUIET(test_communicate),
        QUIET(test_communicate_none_input),
        QUIET(test_shell),
        QUIET(test_kill),
        QUIET(test_kill_issue43884),
        QUIET(test_terminate),
        QUIET(test_send_signal),
        QUIET(test_stdin_broken_pipe),
        QUIET(test_communicate_ignore_broken_pipe),
        QUIET(test_pause_reading),
        QUIET(test_stdin_not_inheritable),
        QUIET(test_empty_input),
        QUIET(test_devnull_input),
        QUIET(test_devnull_output),
        QUIET(test_devnull_error),
        QUIET(test_cancel_process_wait),
        QUIET(test_cancel_make_subprocess_transport_exec),
        QUIET(test_popen_error),
        QUIET(test_popen_error_with_stdin_pipe),
        QUIET(test_read_stdout_after_process_exit),
        QUIET(test_subprocess_concurrent_wait),
        QUIET(test_subprocess_communicate_stdout),
        QUIET(test_subprocess_send_signal_race),
        QUIET(test_create_subprocess_with_pidfd),
    };

    return cmocka_run_group_tests_name("SubprocessMixin", tests, NULL, NULL);
}
