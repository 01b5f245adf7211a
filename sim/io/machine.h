/* Machine: the processes, programs and files of a run, as a kernel keeps them. */
#ifndef SIM_IO_MACHINE_H
#define SIM_IO_MACHINE_H

#include "sim/core/poll.h"
#include "sim/io/channel.h"
#include "sim/io/process.h"

struct program {
    struct program *next;
    const char *name;
    sim_program_fn main;
    void *arg;
};

/* A process, or a stage of its shell.  Lives in the arena. */
struct sim_child {
    struct sim *sim;
    struct sim_child *next; /* of the run's processes, newest first; stages are not among them */
    const char *const *argv;
    int argc;
    const struct program *program;
    struct channel *in;     /* NULL: at its end at once */
    struct channel *out[3]; /* [1], [2]; NULL: printed, or dropped */
    bool dropped[3];        /* [1], [2] */
    struct buffer line[3];  /* [1], [2]: printed once it is whole */
    struct buffer read;     /* what sim_child_read_line has read too much */
    struct sim_thread *thread;
    struct poll pidfd; /* readable once it has ended */
    int64_t pid;
    uint32_t id;
    int returncode;
    bool ended;
};

/* Lives in the arena; one a run. */
struct machine {
    struct sim *sim;
    struct program *programs;
    struct sim_file_node *files;
    struct sim_child *children;
    int64_t last_pid;
    int64_t disk_ns;
};

struct machine *machine_of(struct sim *sim);

/* NULL: there is none of that name. */
const struct program *machine_program(struct machine *machine, const char *name);

/* The names of all files in order, ended with NULL; and the size of each. */
const char **machine_files(struct machine *machine);
size_t machine_file_size(struct machine *machine, const char *name);

/* Let a child, whose streams are set, run argv. */
void child_start(struct sim_child *child, const char *const *argv, const struct sim_site *site);

/* Run its program on the running thread.  Returns its exit code. */
int child_run(struct sim_child *child);

/* What is written there is printed when it ends, even without the end of its line. */
void child_flush(struct sim_child *child);

/* End it by a signal. */
void child_kill(struct sim_child *child, int signal);

/* The program of "sh": argv[2] is its command. */
int shell_main(struct sim *sim, struct sim_child *child, void *arg);

/* The programs that every machine has. */
void machine_add_programs(struct sim *sim);

#endif
