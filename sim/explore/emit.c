#include "sim/explore/emit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *constant_of(enum sim_finding_kind kind)
{
    static const char *const names[] = {
#define EMIT_NAME(id, name, badge, error) [id] = #id,
        SIM_FINDINGS(EMIT_NAME)
#undef EMIT_NAME
    };

    return names[kind];
}

/* A finding's name as part of a name in C. */
static void identifier_of(enum sim_finding_kind kind, char *out, size_t size)
{
    (void)snprintf(out, size, "%s", sim_finding_name(kind));
    for (; *out != '\0'; out++)
        if (*out == '-')
            *out = '_';
}

static bool is_identifier(const char *name)
{
    return name[0] != '\0' && (name[0] < '0' || name[0] > '9') &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] ==
               '\0';
}

/* Text as a string of C, in pieces that fit on a line. */
static void write_string(FILE *out, const char *text, const char *indent)
{
    enum { PIECE = 70 };
    int column = 0;

    (void)fprintf(out, "%s\"", indent);
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;

        if (column >= PIECE && (byte == ' ' || byte == '.' || column > PIECE + 20)) {
            (void)fprintf(out, "\"\n%s\"", indent);
            column = 0;
        }
        if (byte == '"' || byte == '\\')
            column += fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f || byte == '?')
            column += fprintf(out, "\\%03o", byte);
        else
            column += fprintf(out, "%c", byte);
    }
    (void)fputc('"', out);
}

/* Text in a comment, which it cannot end. */
static void write_comment(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        (void)fputc((unsigned char)*text < 0x20 ? ' ' : *text, out);
        if ((text[0] == '*' && text[1] == '/') || (text[0] == '/' && text[1] == '*'))
            (void)fputc(' ', out);
    }
}

static const struct sim_finding *finding_of(const struct emit_request *request)
{
    for (size_t i = 0; i < request->trace->finding_count; i++)
        if (request->trace->findings[i].kind == request->kind)
            return &request->trace->findings[i];
    return NULL;
}

static void write_head(FILE *out, const struct emit_request *request)
{
    const char *name = request->run->scenario->name;
    const struct sim_finding *finding = finding_of(request);

    (void)fprintf(out, "/* %s of %s, as a unit test.", sim_finding_name(request->kind), name);
    if (finding != NULL) {
        (void)fputs("\n *\n * ", out);
        write_comment(out, finding->sentence);
    }
    (void)fprintf(out,
                  "\n *\n * %s\n * Build it with cmocka, libpickglass and the file that defines "
                  "the scenario:\n *     cc test.c %s.c $(pkg-config --cflags --libs pickglass "
                  "cmocka) */\n",
                  request->fixed ? "It fails until the fault is fixed."
                                 : "It passes as long as the fault is there.",
                  name);
    (void)fputs("#include <setjmp.h>\n#include <stdarg.h>\n#include <stddef.h>\n"
                "#include <stdint.h>\n\n#include <cmocka.h>\n\n#include <sim/sim.h>\n\n",
                out);
    (void)fprintf(out, "extern const struct sim_scenario %s;\n\n", name);
}

/* The limit that ended the run: without it, the run would go on. */
static void write_limit(FILE *out, const struct emit_request *request)
{
    const struct run_request *run = request->run;
    unsigned outcome = request->trace->outcome;

    if (outcome == SIM_OUTCOME_STEPS && run->max_steps != run->scenario->max_steps)
        (void)fprintf(out, "    scenario.max_steps = %" PRIu32 ";\n", run->max_steps);
    if (outcome == SIM_OUTCOME_MEMORY && run->max_memory != run->scenario->max_memory)
        (void)fprintf(out, "    scenario.max_memory = %zu;\n", run->max_memory);
}

/* The scenario with the parameters, the freedom and the limits of the run. */
static void write_scenario(FILE *out, const struct emit_request *request)
{
    static const char *const levels[] = {[SIM_LEVEL_FIFO] = "SIM_LEVEL_FIFO",
                                         [SIM_LEVEL_TIMING] = "SIM_LEVEL_TIMING",
                                         [SIM_LEVEL_ANY] = "SIM_LEVEL_ANY"};
    const struct sim_scenario *scenario = request->run->scenario;

    (void)fprintf(out, "    struct sim_scenario scenario = %s;\n\n    (void)state;\n",
                  scenario->name);
    for (int i = 0; i < scenario_param_count(scenario); i++)
        if (request->run->params[i] != scenario->params[i].value)
            (void)fprintf(out, "    scenario.params[%d].value = %" PRId64 "; /* %s */\n", i,
                          request->run->params[i], scenario->params[i].name);
    (void)fprintf(out, "    scenario.level = %s;\n", levels[request->run->level]);
    if (request->run->time == SIM_TIME_EXPLORED || scenario->time != SIM_TIME_LATE)
        (void)fprintf(out, "    scenario.time = %s;\n",
                      request->run->time == SIM_TIME_EXPLORED ? "SIM_TIME_EXPLORED"
                                                              : "SIM_TIME_LATE");
    if (request->run->early != 0)
        (void)fprintf(out, "    scenario.early = %u;\n", request->run->early);
    if (request->run->cancel != NULL) {
        (void)fputs("    scenario.cancel =\n", out);
        write_string(out, request->run->cancel, "        ");
        (void)fputs(";\n", out);
    } else if (scenario->cancel != NULL) {
        (void)fputs("    scenario.cancel = NULL;\n", out);
    }
    write_limit(out, request);
}

static void write_fault_tests(FILE *out, const struct emit_request *request, const char *kind,
                              const char *schedule)
{
    (void)fprintf(out, "static void this_schedule_shows_the_%s(void **state)\n{\n", kind);
    write_scenario(out, request);
    (void)fputs("    assert_true(sim_check_finds(&scenario,\n", out);
    write_string(out, schedule, "                                ");
    (void)fprintf(out, ",\n                                %s));\n}\n\n",
                  constant_of(request->kind));
    if (request->order == NULL)
        return;
    (void)fprintf(out, "static void this_order_shows_the_%s(void **state)\n{\n", kind);
    write_scenario(out, request);
    (void)fputs("    assert_true(sim_check_order(&scenario,\n", out);
    write_string(out, request->order, "                                ");
    (void)fprintf(out, ",\n                                %s));\n}\n\n",
                  constant_of(request->kind));
}

static void write_remedy_test(FILE *out, const struct emit_request *request, const char *kind)
{
    (void)fprintf(out, "static void no_schedule_shows_the_%s(void **state)\n{\n", kind);
    write_scenario(out, request);
    (void)fprintf(out, "    assert_true(sim_check_never(&scenario, %s, %d));\n}\n\n",
                  constant_of(request->kind), request->max_preemptions);
}

static void write_main(FILE *out, const struct emit_request *request, const char *kind)
{
    (void)fputs("int main(void)\n{\n    const struct CMUnitTest tests[] = {\n", out);
    if (request->fixed)
        (void)fprintf(out, "        cmocka_unit_test(no_schedule_shows_the_%s),\n", kind);
    else
        (void)fprintf(out, "        cmocka_unit_test(this_schedule_shows_the_%s),\n", kind);
    if (!request->fixed && request->order != NULL)
        (void)fprintf(out, "        cmocka_unit_test(this_order_shows_the_%s),\n", kind);
    (void)fputs("    };\n\n    return cmocka_run_group_tests(tests, NULL, NULL);\n}\n", out);
}

char *emit_test(const struct emit_request *request, char *error, size_t error_size)
{
    char kind[64];
    char *schedule = schedule_format(&request->trace->schedule);
    char *text = NULL;
    size_t size = 0;
    FILE *out = NULL;

    (void)snprintf(error, error_size, "out of memory");
    if (!is_identifier(request->run->scenario->name))
        (void)snprintf(error, error_size, "'%s' is no name in C: no test can refer to it",
                       request->run->scenario->name);
    else if (schedule != NULL)
        out = open_memstream(&text, &size);
    if (out != NULL) {
        identifier_of(request->kind, kind, sizeof(kind));
        write_head(out, request);
        if (request->fixed)
            write_remedy_test(out, request, kind);
        else
            write_fault_tests(out, request, kind, schedule);
        write_main(out, request, kind);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    free(schedule);
    return text;
}
