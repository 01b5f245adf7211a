/* Twins: run a program in the simulator, and compare what it prints with what its Python twin
 * printed (NAME.out). */
#ifndef TESTS_CONFORMANCE_TWIN_H
#define TESTS_CONFORMANCE_TWIN_H

#include "tests/test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"
#include "sim/trace/sink.h"

/* A text that grows; a test that runs out of memory has failed anyway. */
struct text {
    char *bytes; /* owned; NUL-terminated once anything was added */
    size_t length;
};

static inline void text_add(struct text *text, const char *more, size_t length)
{
    char *bytes = realloc(text->bytes, text->length + length + 1);

    assert_non_null(bytes);
    memcpy(bytes + text->length, more, length);
    text->bytes = bytes;
    text->length += length;
    text->bytes[text->length] = '\0';
}

/* A sink that collects the printed lines, each with the virtual time before it. */
struct printer {
    struct sink sink; /* first: a printer is a sink */
    const struct registry *registry;
    struct text text;
};

static inline void printer_begin(struct sink *sink, const struct registry *reg)
{
    struct printer *printer = (struct printer *)sink;

    printer->registry = reg;
    free(printer->text.bytes);
    printer->text = (struct text){0};
    text_add(&printer->text, "", 0);
}

static inline void printer_event(struct sink *sink, const struct sim_event *event)
{
    struct printer *printer = (struct printer *)sink;
    long long ms = (long long)(event->time_ns / SIM_MS);
    char time[32];

    if (event->kind != SIM_EV_PRINT)
        return;
    const char *line = registry_text_at(printer->registry, (uint32_t)event->value);
    int length = snprintf(time, sizeof(time), "[%lld.%03lld] ", ms / 1000, ms % 1000);

    text_add(&printer->text, time, (size_t)length);
    text_add(&printer->text, line, strlen(line));
    text_add(&printer->text, "\n", 1);
}

static inline void printer_init(struct printer *printer)
{
    *printer = (struct printer){.sink = {.begin = printer_begin, .event = printer_event}};
}

typedef enum sim_outcome (*twin_run_fn)(struct sim *sim, sim_body_fn main, void *arg);

/* Run main, by sim_run_async or sim_run, and return its output, to be freed.  How it ended, if not
 * well, is its last line. */
static inline char *twin_output_of(twin_run_fn run, sim_body_fn main, void *arg)
{
    struct sim *sim = sim_new(NULL);
    struct printer printer;

    assert_non_null(sim);
    printer_init(&printer);
    assert_true(sim_add_sink(sim, &printer.sink));
    enum sim_outcome outcome = run(sim, main, arg);

    if (outcome == SIM_OUTCOME_FAILED) {
        const struct sim_exception *failure = sim_failure(sim);
        const char *message = sim_exception_message(failure);
        char line[256];
        int length = snprintf(line, sizeof(line), "raised %s%s%s\n",
                              sim_status_name(sim_exception_kind(failure)),
                              *message != '\0' ? ": " : "", message);

        text_add(&printer.text, line, (size_t)length);
    } else if (outcome == SIM_OUTCOME_STUCK) {
        text_add(&printer.text, "stuck\n", strlen("stuck\n"));
    } else {
        assert_int_equal(outcome, SIM_OUTCOME_FINISHED);
    }
    sim_free(sim);
    return printer.text.bytes;
}

static inline char *twin_output(sim_body_fn main, void *arg)
{
    return twin_output_of(sim_run_async, main, arg);
}

/* Has this program a Python twin? */
static inline bool twin_recorded(const char *name)
{
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/tests/conformance/%s.out", PICKGLASS_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");

    if (file != NULL)
        (void)fclose(file);
    return file != NULL;
}

/* What the Python twin printed, to be freed. */
static inline char *twin_recording(const char *name)
{
    char path[512];
    char chunk[4096];
    struct text text = {0};

    (void)snprintf(path, sizeof(path), "%s/tests/conformance/%s.out", PICKGLASS_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");

    if (file == NULL)
        fail_msg("cannot open %s", path);
    text_add(&text, "", 0);
    for (size_t got = fread(chunk, 1, sizeof(chunk), file); got > 0;
         got = fread(chunk, 1, sizeof(chunk), file))
        text_add(&text, chunk, got);
    (void)fclose(file);
    return text.bytes;
}

/* Compare line by line, and show the first line that differs.  Returns whether all are equal. */
static inline bool twin_equal(const char *name, const char *recorded, const char *output)
{
    for (int line = 1; *recorded != '\0' || *output != '\0'; line++) {
        size_t want = strcspn(recorded, "\n");
        size_t have = strcspn(output, "\n");

        if (want != have || strncmp(recorded, output, want) != 0) {
            print_error("%s, line %d\n  CPython:   %.*s\n  simulator: %.*s\n", name, line,
                        (int)want, recorded, (int)have, output);
            return false;
        }
        recorded += want + (recorded[want] == '\n');
        output += have + (output[have] == '\n');
    }
    return true;
}

static inline bool twin_agrees_of(twin_run_fn run, const char *name, sim_body_fn main, void *arg)
{
    char *recorded = twin_recording(name);
    char *output = twin_output_of(run, main, arg);
    bool equal = twin_equal(name, recorded, output);

    free(recorded);
    free(output);
    return equal;
}

static inline bool twin_agrees(const char *name, sim_body_fn main, void *arg)
{
    return twin_agrees_of(sim_run_async, name, main, arg);
}

#endif
