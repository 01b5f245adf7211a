#include "cli/ci.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "render/quote.h"
#include "sim/base/file.h"

enum { PATH_BYTES = 512 };

/* Where a finding is: the place of the last step of its story that has one, or else the last place
 * that somebody in the story passed before.  Returns NULL if there is none. */
static const struct sim_site *place_of(const struct trace *trace, const struct sim_finding *f)
{
    for (int i = f->step_count; i > 0; i--) {
        const struct sim_site *site = registry_site_at(trace->registry, f->steps[i - 1].site);

        if (site != NULL)
            return site;
    }
    for (size_t i = trace->event_count; i > 0 && f->step_count > 0; i--) {
        const struct sim_event *e = &trace->events[i - 1];
        const struct finding_step *last = &f->steps[f->step_count - 1];

        if (e->step <= last->step && e->actor == last->actor && e->site != 0)
            return registry_site_at(trace->registry, e->site);
    }
    return NULL;
}

/* A file as it is called from here: what runs in CI stands in the root of its repository. */
static const char *path_from_here(const char *file)
{
    char here[PATH_BYTES];
    size_t length = getcwd(here, sizeof(here)) == NULL ? 0 : strlen(here);

    if (length > 1 && strncmp(file, here, length) == 0 && file[length] == '/')
        return file + length + 1;
    return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}

/* A finding in words, and how to see it again. */
static void tell(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    char *replay = report_replay_line(trace);

    (void)fprintf(out, "%s\n", f->sentence);
    for (int i = 0; i < f->step_count; i++) {
        const struct sim_site *site = registry_site_at(trace->registry, f->steps[i].site);

        (void)fprintf(out, "%d. %s, step %u", i + 1, f->steps[i].caption, f->steps[i].step);
        if (site != NULL)
            (void)fprintf(out, " (%s:%d)", path_from_here(site->file), site->line);
        (void)fputc('\n', out);
    }
    (void)fprintf(out, "replay: %s", replay == NULL ? "" : replay);
    free(replay);
}

/* The same in memory, to be freed; NULL when out of memory. */
static char *words_of(const struct trace *trace, const struct sim_finding *f)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    tell(out, trace, f);
    return fclose(out) == 0 ? text : NULL;
}

static size_t findings_of(const struct ci_case *c)
{
    return c->trace == NULL ? 0 : c->trace->finding_count;
}

static void put_attribute(FILE *out, const char *name, const char *value)
{
    (void)fprintf(out, " %s=\"", name);
    quote_markup(out, value);
    (void)fputc('"', out);
}

static void put_failure(FILE *out, const struct ci_case *c)
{
    (void)fputs("      <failure", out);
    put_attribute(out, "type", sim_finding_name(c->trace->findings[0].kind));
    put_attribute(out, "message", c->trace->findings[0].sentence);
    (void)fputc('>', out);
    for (size_t i = 0; i < c->trace->finding_count; i++) {
        const struct sim_finding *f = &c->trace->findings[i];
        char *words = words_of(c->trace, f);

        (void)fprintf(out, "%s%s: ", i == 0 ? "" : "\n\n", sim_finding_badge(f->kind));
        quote_markup(out, words == NULL ? f->sentence : words);
        free(words);
    }
    (void)fputs("</failure>\n", out);
}

static void put_output(FILE *out, const struct ci_case *c)
{
    bool any = c->verdict != NULL;

    for (size_t i = 0; i < sizeof(c->files) / sizeof(c->files[0]); i++)
        any |= c->files[i] != NULL;
    if (!any)
        return;
    (void)fputs("      <system-out>", out);
    quote_markup(out, c->verdict == NULL ? "" : c->verdict);
    for (size_t i = 0; i < sizeof(c->files) / sizeof(c->files[0]); i++) {
        if (c->files[i] == NULL)
            continue;
        (void)fputs("[[ATTACHMENT|", out);
        quote_markup(out, path_from_here(c->files[i]));
        (void)fputs("]]\n", out);
    }
    (void)fputs("</system-out>\n", out);
}

static void put_case(FILE *out, const struct ci_case *c)
{
    char group[64];

    (void)snprintf(group, sizeof(group), "pickglass.%s", c->command);
    (void)fputs("    <testcase", out);
    put_attribute(out, "classname", group);
    put_attribute(out, "name", c->name);
    const struct sim_site *site =
        findings_of(c) == 0 ? NULL : place_of(c->trace, &c->trace->findings[0]);

    if (site != NULL) {
        put_attribute(out, "file", path_from_here(site->file));
        (void)fprintf(out, " line=\"%d\"", site->line);
    }
    (void)fputs(">\n", out);
    if (findings_of(c) > 0) {
        put_failure(out, c);
    } else if (c->inconclusive) {
        (void)fputs("      <error type=\"inconclusive\"", out);
        put_attribute(out, "message", "the search was cut short, and proves nothing");
        (void)fputs("/>\n", out);
    }
    put_output(out, c);
    (void)fputs("    </testcase>\n", out);
}

void ci_junit(const struct ci_case *cases, size_t count, FILE *out)
{
    size_t failures = 0;
    size_t errors = 0;

    for (size_t i = 0; i < count; i++) {
        failures += findings_of(&cases[i]) > 0;
        errors += findings_of(&cases[i]) == 0 && cases[i].inconclusive;
    }
    (void)fprintf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<testsuites tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n"
                  "  <testsuite name=\"pickglass\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                  "skipped=\"0\">\n",
                  count, failures, errors, count, failures, errors);
    for (size_t i = 0; i < count; i++)
        put_case(out, &cases[i]);
    (void)fputs("  </testsuite>\n</testsuites>\n", out);
}

/* A workflow command ends with its line, and its properties are told apart by , and :. */
static void put_command(FILE *out, const char *text, bool property)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '%' || c < ' ' || (property && (c == ',' || c == ':')))
            (void)fprintf(out, "%%%02X", (unsigned)c);
        else
            (void)fputc(c, out);
    }
}

void ci_github(const struct ci_case *cases, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < findings_of(&cases[i]); k++) {
            const struct trace *trace = cases[i].trace;
            const struct sim_finding *f = &trace->findings[k];
            const struct sim_site *site = place_of(trace, f);
            char *words = words_of(trace, f);

            /* The first is what the job fails for, whatever its kind. */
            (void)fprintf(out, "::%s ",
                          k == 0 || sim_finding_is_error(f->kind) ? "error" : "warning");
            if (site != NULL) {
                (void)fputs("file=", out);
                put_command(out, path_from_here(site->file), true);
                (void)fprintf(out, ",line=%d,", site->line);
            }
            (void)fputs("title=", out);
            put_command(out, cases[i].name, true);
            (void)fprintf(out, "%%3A %s::", sim_finding_name(f->kind));
            put_command(out, words == NULL ? f->sentence : words, false);
            (void)fputc('\n', out);
            free(words);
        }
    }
}

/* FNV-1a. */
static uint64_t mix(uint64_t sum, const char *text)
{
    do
        sum = (sum ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    while (*text++ != '\0');
    return sum;
}

/* The same for the same fault in the next run, whose steps may count otherwise. */
static uint64_t fingerprint(const struct ci_case *c, const struct sim_finding *f)
{
    uint64_t sum = mix(UINT64_C(0xcbf29ce484222325), c->name);

    sum = mix(sum, sim_finding_name(f->kind));
    for (int i = 0; i < f->step_count; i++)
        sum = mix(sum, f->steps[i].caption);
    return sum;
}

void ci_gitlab(const struct ci_case *cases, size_t count, FILE *out)
{
    bool first = true;

    (void)fputc('[', out);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < findings_of(&cases[i]); k++) {
            const struct trace *trace = cases[i].trace;
            const struct sim_finding *f = &trace->findings[k];
            const struct sim_site *site = place_of(trace, f);
            char *words = site == NULL ? NULL : words_of(trace, f);

            if (words == NULL)
                continue;
            (void)fputs(first ? "\n  {\"description\": " : ",\n  {\"description\": ", out);
            quote_json(out, words);
            (void)fprintf(out,
                          ", \"check_name\": \"%s\", \"fingerprint\": \"%016" PRIx64
                          "\", \"severity\": \"%s\", \"location\": {\"path\": ",
                          sim_finding_name(f->kind), fingerprint(&cases[i], f),
                          sim_finding_is_error(f->kind) ? "critical" : "major");
            quote_json(out, path_from_here(site->file));
            (void)fprintf(out, ", \"lines\": {\"begin\": %d}}}", site->line);
            free(words);
            first = false;
        }
    }
    (void)fputs(first ? "]\n" : "\n]\n", out);
}

/* Write one of them to a file.  Returns false after a message. */
static bool write_file(void (*write)(const struct ci_case *cases, size_t count, FILE *out),
                       const struct ci_case *cases, size_t count, const char *path)
{
    char *text = NULL;
    size_t length = 0;
    char error[512] = "out of memory";
    FILE *out = open_memstream(&text, &length);

    if (out != NULL)
        write(cases, count, out);
    bool ok =
        out != NULL && fclose(out) == 0 && file_replace(path, text, length, error, sizeof(error));

    free(text);
    if (!ok)
        cli_error("%s", error);
    return ok;
}

bool ci_write(const struct cli_options *options, const struct ci_case *cases, size_t count)
{
    if (options->annotate != NULL)
        ci_github(cases, count, stdout);
    return (options->junit == NULL || write_file(ci_junit, cases, count, options->junit)) &&
           (options->code_quality == NULL ||
            write_file(ci_gitlab, cases, count, options->code_quality));
}
