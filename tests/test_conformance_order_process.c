/* Subprocesses: who runs when, from the start to the exit code. */
#include "tests/conformance/order.h"

static int count_main(struct sim *sim, struct sim_child *child, void *arg)
{
    int count = sim_child_argv(child)[1][0] - '0';

    (void)arg;
    for (int number = 0; number < count; number++) {
        if (sim_child_printf(child, "%d\n", number) != SIM_OK)
            return 1;
        sim_thread_sleep(sim, SIM_SECOND / 2);
    }
    return sim_child_write(child, 2, "done\n", 5) == SIM_OK ? 3 : 1;
}

static int upper_main(struct sim *sim, struct sim_child *child, void *arg)
{
    (void)arg;
    for (;;) {
        struct sim_bytes line = sim_child_read_line(child);
        char *upper = sim_alloc(sim, line.size + 1);

        if (line.size == 0)
            break;
        for (size_t i = 0; i < line.size; i++)
            upper[i] = (char)(line.data[i] >= 'a' && line.data[i] <= 'z' ? line.data[i] - 'a' + 'A'
                                                                         : line.data[i]);
        if (sim_child_write(child, 1, upper, line.size) != SIM_OK)
            return 1;
    }
    return sim_child_printf(child, "no newline at the end") == SIM_OK ? 0 : 1;
}

static int big_main(struct sim *sim, struct sim_child *child, void *arg)
{
    static char many[10000];

    (void)sim;
    (void)arg;
    for (int i = 0; i < 20; i++)
        if (sim_child_write(child, 1, many, sizeof(many)) != SIM_OK)
            return 1;
    return 0;
}

#define EXEC(sim, process, options, ...)                                                           \
    sim_subprocess_exec((sim), ((const char *const[]){__VA_ARGS__, NULL}), (options), (process))

static const struct sim_process_options out_only = {.out = SIM_PIPE};
static const struct sim_process_options both_ways = {.in = SIM_PIPE, .out = SIM_PIPE};
static const struct sim_process_options outputs = {.out = SIM_PIPE, .err = SIM_PIPE};

static enum sim_status print_code(struct sim *sim, struct sim_process *process)
{
    int code = 0;

    SIM_TRY(sim_process_wait(process, &code));
    sim_print(sim, "code %d", code);
    return SIM_OK;
}

static enum sim_status ticker(struct sim *sim, void *arg)
{
    (void)arg;
    for (int tick = 0; tick < 4; tick++) {
        sim_print(sim, "tick %d", tick);
        SIM_TRY(sim_sleep(sim, 400 * SIM_MS));
    }
    return SIM_OK;
}

static enum sim_status inherited(struct sim *sim)
{
    struct sim_process *process;
    int code = 0;

    SIM_TRY(EXEC(sim, &process, NULL, "echo", "Hello", "World"));
    sim_print(sim, "<Process %d> %s %s", (int)sim_process_pid(process),
              sim_process_returncode(process, NULL) ? "known" : "None",
              sim_process_stdout(process) == NULL ? "None" : "a pipe");
    SIM_TRY(print_code(sim, process));
    SIM_TRY(EXEC(sim, &process, NULL, "count", "1"));
    struct sim_task *beside = ruler(sim, 4);

    SIM_TRY(sim_process_wait(process, &code));
    sim_print(sim, "code %d %d", code, sim_process_returncode(process, &code) ? code : -1);
    SIM_TRY(sim_await(beside, NULL));
    sim_print(sim, "%s", sim_status_name(sim_process_kill(process)));
    sim_print(sim, "%s", outcome(sim, EXEC(sim, &process, NULL, "nothing", "x")));
    return SIM_OK;
}

static enum sim_status lines(struct sim *sim)
{
    struct sim_process *process;
    struct sim_bytes bytes;

    SIM_TRY(EXEC(sim, &process, &outputs, "count", "3"));
    struct sim_task *beside = sim_task_new(sim, NULL, ticker, NULL);

    for (;;) {
        SIM_TRY(sim_reader_readline(sim_process_stdout(process), &bytes));
        if (bytes.size == 0)
            break;
        sim_print(sim, "line %.*s", (int)bytes.size - 1, bytes.data);
    }
    SIM_TRY(sim_reader_read(sim_process_stderr(process), -1, &bytes));
    sim_print(sim, "err %.*s", (int)bytes.size - 1, bytes.data);
    SIM_TRY(print_code(sim, process));
    return sim_await(beside, NULL);
}

static int code_of(struct sim_process *process)
{
    int code = -100;

    (void)sim_process_returncode(process, &code);
    return code;
}

static enum sim_status talking(struct sim *sim)
{
    static const struct sim_process_options dropped = {.out = SIM_DEVNULL, .err = SIM_DEVNULL};
    static const struct sim_process_options joined = {.out = SIM_PIPE, .err = SIM_STDOUT};
    struct sim_process *process;
    struct sim_bytes out;

    SIM_TRY(EXEC(sim, &process, &both_ways, "upper"));
    SIM_TRY(sim_writer_printf(sim_process_stdin(process), "one\n"));
    SIM_TRY(sim_writer_drain(sim_process_stdin(process)));
    SIM_TRY(sim_reader_readline(sim_process_stdout(process), &out));
    sim_print(sim, "%.*s", (int)out.size - 1, out.data);
    SIM_TRY(sim_process_communicate(process, "two\nthree\n", &out, NULL));
    sim_print(sim, "['%.3s', '%.5s', '%s'] None %d", out.data, out.data + 4, out.data + 10,
              code_of(process));
    SIM_TRY(EXEC(sim, &process, &both_ways, "true"));
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    SIM_TRY(sim_process_communicate(process, "nobody reads this", &out, NULL));
    sim_print(sim, "b'%s' %d", out.data, code_of(process));
    SIM_TRY(EXEC(sim, &process, &out_only, "big"));
    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    sim_print(sim, "known %d", code_of(process));
    SIM_TRY(sim_process_communicate(process, NULL, &out, NULL));
    sim_print(sim, "%zu %d", out.size, code_of(process));
    SIM_TRY(EXEC(sim, &process, &dropped, "count", "1"));
    SIM_TRY(print_code(sim, process));
    SIM_TRY(EXEC(sim, &process, &joined, "count", "1"));
    SIM_TRY(sim_process_communicate(process, NULL, &out, NULL));
    sim_print(sim, "b'0\\ndone\\n' None");
    return strcmp(out.data, "0\ndone\n") == 0 ? SIM_OK : SIM_ASSERTION_ERROR;
}

static enum sim_status wait_for_it(struct sim *sim, void *arg)
{
    (void)sim;
    return sim_process_wait((struct sim_process *)arg, NULL);
}

static enum sim_status start_slowly(struct sim *sim, void *arg)
{
    static const struct sim_process_options in_only = {.in = SIM_PIPE};
    struct sim_process *process;

    (void)arg;
    return EXEC(sim, &process, &in_only, "sleep", "100");
}

static enum sim_status killing(struct sim *sim)
{
    struct sim_process *process;
    struct sim_bytes rest;

    SIM_TRY(EXEC(sim, &process, &out_only, "sleep", "100"));
    struct sim_task *waiting = sim_task_new(sim, NULL, wait_for_it, process);
    struct sim_task *beside = ruler(sim, 6);

    SIM_TRY(sim_sleep(sim, 100 * SIM_MS));
    SIM_TRY(sim_process_terminate(process));
    SIM_TRY(sim_await(waiting, NULL));
    sim_print(sim, "code %d", code_of(process));
    SIM_TRY(sim_await(beside, NULL));
    SIM_TRY(sim_reader_read(sim_process_stdout(process), -1, &rest));
    sim_print(sim, "rest b'%s'", rest.data);
    SIM_TRY(EXEC(sim, &process, NULL, "sleep", "100"));
    sim_print(sim, "%s", outcome(sim, sim_wait_for_call(sim, wait_for_it, process, SIM_SECOND)));
    SIM_TRY(sim_process_kill(process));
    SIM_TRY(sim_process_kill(process));
    SIM_TRY(print_code(sim, process));
    struct sim_task *slow = sim_task_new(sim, NULL, start_slowly, NULL);

    SIM_TRY(sim_sleep(sim, 0));
    sim_cancel(slow, NULL);
    sim_print(sim, "%s", outcome(sim, sim_await(slow, NULL)));
    return SIM_OK;
}

/* A string as Python shows it. */
static const char *shown(struct sim *sim, struct sim_bytes bytes)
{
    const char *text = "";

    for (size_t i = 0; i < bytes.size; i++)
        text = bytes.data[i] == '\n' ? sim_format(sim, "%s\\n", text)
                                     : sim_format(sim, "%s%c", text, bytes.data[i]);
    return sim_format(sim, "'%s'", text);
}

static enum sim_status shells(struct sim *sim)
{
    static const char *const commands[] = {
        "echo one; echo two",    "false && echo no || echo 'or else'",
        "true && echo \"a  b\"", "echo piped | upper | cat",
        "nothing here",          "count 2 | cat; false",
    };

    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct sim_process *process;
        struct sim_bytes out;
        struct sim_bytes err;

        SIM_TRY(sim_subprocess_shell(sim, commands[i], &outputs, &process));
        SIM_TRY(sim_process_communicate(process, NULL, &out, &err));
        sim_print(sim, "%s %s %d", shown(sim, out), shown(sim, err), code_of(process));
    }
    return SIM_OK;
}

static enum sim_status order_process(struct sim *sim, void *arg)
{
    (void)arg;
    sim_program_add(sim, "count", count_main, NULL);
    sim_program_add(sim, "upper", upper_main, NULL);
    sim_program_add(sim, "big", big_main, NULL);
    SIM_TRY(inherited(sim));
    SIM_TRY(lines(sim));
    SIM_TRY(talking(sim));
    SIM_TRY(killing(sim));
    return shells(sim);
}

static void processes_agree(void **state)
{
    (void)state;
    assert_true(twin_agrees("order_process", order_process, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(processes_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
