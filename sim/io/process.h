/* Subprocesses: simulated programs that run beside the loop.  As asyncio.subprocess. */
#ifndef SIM_IO_PROCESS_H
#define SIM_IO_PROCESS_H

#include "sim/io/program.h"
#include "sim/io/reader.h"
#include "sim/io/writer.h"

struct sim_process;

/* Where a standard stream leads. */
enum sim_stdio {
    SIM_INHERIT, /* the program's own: what is written there is printed, and nothing can be read */
    SIM_PIPE,
    SIM_DEVNULL,
    SIM_STDOUT, /* of stderr: where stdout leads */
};

struct sim_process_options {
    enum sim_stdio in;
    enum sim_stdio out;
    enum sim_stdio err;
    int64_t limit; /* of its readers, in bytes; 0: SIM_STREAM_LIMIT */
};

/* Start a program.
 *
 * argv:    its name and its arguments, ended with NULL
 * options: may be NULL
 * Returns: SIM_OK; SIM_FILE_NOT_FOUND if there is no such program; SIM_CANCELLED;
 *          SIM_VALUE_ERROR for a negative limit; SIM_RUNTIME_ERROR outside of a task.
 * As:      await asyncio.create_subprocess_exec(*argv, stdin=, stdout=, stderr=, limit=) */
SIM_MUST_USE enum sim_status(sim_subprocess_exec)(struct sim *sim, const char *const *argv,
                                                  const struct sim_process_options *options,
                                                  struct sim_process **process,
                                                  const struct sim_site *site);
#define sim_subprocess_exec(sim, argv, options, process)                                           \
    (sim_subprocess_exec)((sim), (argv), (options), (process), SIM_HERE)

/* Start a shell that runs a command: words, quoted with '...' or "...", and between them ; && || |.
 * "exit N" ends the shell; as a stage of a pipeline it is not known.
 *
 * Returns: as exec.
 * As:      await asyncio.create_subprocess_shell(command, ...) */
SIM_MUST_USE enum sim_status(sim_subprocess_shell)(struct sim *sim, const char *command,
                                                   const struct sim_process_options *options,
                                                   struct sim_process **process,
                                                   const struct sim_site *site);
#define sim_subprocess_shell(sim, command, options, process)                                       \
    (sim_subprocess_shell)((sim), (command), (options), (process), SIM_HERE)

/* As Process.pid, and .stdin, .stdout, .stderr: NULL unless it is a pipe. */
int64_t sim_process_pid(const struct sim_process *process);
struct sim_writer *sim_process_stdin(const struct sim_process *process);
struct sim_reader *sim_process_stdout(const struct sim_process *process);
struct sim_reader *sim_process_stderr(const struct sim_process *process);

/* True once its end is known, with its exit code in *returncode (may be NULL): minus the number of
 * the signal that ended it.  As Process.returncode. */
bool sim_process_returncode(const struct sim_process *process, int *returncode);

/* Wait for its end, and that of its pipes.
 *
 * Returns: SIM_OK with its exit code in *returncode (may be NULL); SIM_CANCELLED.
 * As:      await Process.wait() */
SIM_MUST_USE enum sim_status(sim_process_wait)(struct sim_process *process, int *returncode,
                                               const struct sim_site *site);
#define sim_process_wait(process, returncode) (sim_process_wait)((process), (returncode), SIM_HERE)

/* Write input (may be NULL) to its standard input, close that, and read the others to their ends;
 * then wait.  out and err (may be NULL) get what was read from pipes.
 *
 * Returns: SIM_OK; SIM_CANCELLED; what broke a pipe while it was read.
 * As:      await Process.communicate(input) */
SIM_MUST_USE enum sim_status(sim_process_communicate)(struct sim_process *process,
                                                      const char *input, struct sim_bytes *out,
                                                      struct sim_bytes *err,
                                                      const struct sim_site *site);
#define sim_process_communicate(process, input, out, err)                                          \
    (sim_process_communicate)((process), (input), (out), (err), SIM_HERE)

/* Send it a signal, which ends it: one of 1 (HUP), 2 (INT), 3 (QUIT), 6 (ABRT), 9 (KILL),
 * 10 (USR1), 12 (USR2), 13 (PIPE), 14 (ALRM), 15 (TERM).  One that has ended stays as it is.
 *
 * Returns: SIM_OK; SIM_PROCESS_LOOKUP once its end is known; SIM_VALUE_ERROR for another signal.
 * As:      Process.send_signal, .terminate (15), .kill (9) */
enum sim_status(sim_process_send_signal)(struct sim_process *process, int signal);
#define sim_process_send_signal(process, signal) (sim_process_send_signal)((process), (signal))
#define sim_process_terminate(process) (sim_process_send_signal)((process), 15)
#define sim_process_kill(process) (sim_process_send_signal)((process), 9)

#endif
