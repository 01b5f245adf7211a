/* Options: what a command line says, checked. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "sim/explore/explore.h"

enum { CLI_PARAMS_MAX = SIM_PARAMS_MAX, CLI_ONLY_MAX = 12, SIZE_TEXT_MAX = 32 };

/* Exit statuses; there are no others. */
enum cli_status { CLI_CLEAN = 0, CLI_FOUND = 1, CLI_USAGE = 2 };

/* The options that a command may have; each command names its own set. */
enum cli_option {
    CLI_PARAM = 1 << 0,
    CLI_SCHEDULE = 1 << 1,
    CLI_POLICY = 1 << 2,
    CLI_LEVEL = 1 << 3,
    CLI_OUTPUT = 1 << 4, /* --png, --svg, --trace */
    CLI_TIMES = 1 << 5,
    CLI_SEARCH = 1 << 6,  /* --preemptions, --delays, --depth, --executions, --budget, --all */
    CLI_PICTURE = 1 << 7, /* --width, --scale, --theme, --axis */
    CLI_TARGET = 1 << 8,  /* -o, --format */
    CLI_STEPS = 1 << 9,   /* --max-steps, --max-memory */
    CLI_STATE = 1 << 10,  /* --dump-state, --window-scale */
    CLI_PARTS = 1 << 11,  /* --jobs, --shard */
    CLI_REPORT = 1 << 12, /* --report, --map */
    CLI_SHRINK = 1 << 13, /* --no-shrink, --emit-test, --emit-test-fixed, --fate */
    CLI_ORDER = 1 << 14,
    CLI_DRIFT = 1 << 15,
    CLI_FATE = 1 << 16,     /* --fate */
    CLI_SECOND = 1 << 17,   /* a second name is expected, too */
    CLI_PART = 1 << 18,     /* --only, --steps */
    CLI_CI = 1 << 19,       /* --junit, --annotate, --code-quality */
    CLI_TWICE = 1 << 20,    /* --check-determinism */
    CLI_EXPLORE = 1 << 21,  /* --explore, --preemptions, --delays, --depth, --executions */
    CLI_FAIRNESS = 1 << 22, /* --fairness */
};

struct cli_options {
    const char *subject; /* the one positional argument: a scenario or a file */
    const char *params[CLI_PARAMS_MAX];
    int param_count;
    const char *only[CLI_ONLY_MAX];
    int only_count;
    uint32_t first_step; /* 0: from the first */
    uint32_t last_step;  /* 0: up to the last */
    const char *second;  /* the other one of two, where there are two */
    const char *schedule;
    const char *order;
    const char *on_drift;
    const char *emit_test;
    const char *emit_test_fixed;
    const char *policy;
    const char *png;
    const char *svg;
    const char *trace;
    const char *target;
    const char *dump_state;
    int64_t window_scale; /* percent */
    const char *report;
    const char *map; /* "-": text on standard output */
    const char *checkpoint;
    const char *resume;
    const char *junit;
    const char *annotate;
    const char *code_quality;
    const char *shard;
    const char *format; /* unchecked: cli/render.c knows them all; NULL: not said */
    const char *theme;
    const char *axis;
    uint64_t seed;
    uint64_t executions;
    int64_t budget_ns;        /* of real time; -1: no bound */
    int64_t preemptions;      /* -1: no bound */
    int64_t delays;           /* -1: no bound */
    int64_t checkpoint_every; /* executions; 0: not said */
    int64_t jobs;             /* 0: not said */
    int64_t depth;            /* of PCT; 0: not said */
    int64_t width;            /* pixels, or characters of text; 0: not said */
    int64_t scale;
    uint32_t max_steps;  /* 0: not said */
    uint64_t max_memory; /* the same; in bytes */
    enum sim_level level;
    bool level_given; /* else it is the scenario's own */
    enum sim_time time;
    bool time_given;    /* the same */
    int64_t early;      /* 0: not said */
    const char *cancel; /* "none": nobody; NULL: not said, as the scenario says */
    bool times;
    bool explore;
    bool all;
    bool no_shrink;
    bool check_determinism;
    bool fate;
    bool fairness;
};

/* Read the arguments of a command; allowed is a set of enum cli_option.  Returns false after a
 * message on standard error. */
bool cli_parse(struct cli_options *options, const char *command, unsigned allowed, int argc,
               char **argv);

/* A run of the scenario that the options name.  Returns false after a message on standard error. */
bool cli_request(const struct cli_options *options, struct run_request *request);

/* Read --schedule, if there is one.  Returns false after a message on standard error. */
bool cli_schedule(const struct cli_options *options, struct schedule *schedule);

/* The same for a run of the request: a replay of it, or what guides it; borrowed by the request. */
bool cli_take_schedule(const struct cli_options *options, struct schedule *schedule,
                       struct run_request *request);

/* Whether lines of text are asked for, and not a picture. */
bool cli_is_text(const struct cli_options *options);

/* A number of bytes as --max-memory takes it, in the largest unit of which it is a whole number.
 * Returns text. */
const char *size_text(uint64_t bytes, char text[SIZE_TEXT_MAX]);

/* "pickglass: " and the message, on standard error. */
void cli_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
