#include "sim/explore/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/base/file.h"
#include "sim/explore/outcome_lines.h"
#include "sim/policy/guided.h"

#define CHECKPOINT_MAGIC "pickglass-checkpoint"
/* Another one when the lines change, and when a policy goes through executions in another order:
 * a search that goes on must be one search. */
#define CHECKPOINT_VERSION "7"
#define CHECKPOINT_FILE_MAX ((size_t)1 << 32)

/* ---- Which search, and of which program. ---- */

struct fingerprint {
    struct sink sink; /* first */
    const struct registry *registry;
    uint64_t hash;
};

enum { FINGERPRINT_STEPS = 100000 };

static void mix(struct fingerprint *print, uint64_t value)
{
    print->hash = (print->hash ^ value) * UINT64_C(0x100000001b3);
    print->hash ^= print->hash >> 29;
}

static void begin_print(struct sink *sink, const struct registry *registry)
{
    struct fingerprint *print = (struct fingerprint *)sink;

    print->registry = registry;
    print->hash = UINT64_C(0xcbf29ce484222325);
}

/* Not where in the source it happened: a comment more is the same program. */
static void add_event(struct sink *sink, const struct sim_event *event)
{
    struct fingerprint *print = (struct fingerprint *)sink;

    mix(print, (uint64_t)event->kind << 8 | event->aux);
    mix(print, (uint64_t)event->actor << 32 | event->object);
    mix(print, (uint64_t)event->value);
    mix(print, (uint64_t)event->time_ns);
    if (event->kind != SIM_EV_PRINT)
        return;
    for (const char *at = registry_text_at(print->registry, (uint32_t)event->value); *at != '\0';
         at++)
        mix(print, (unsigned char)*at);
}

static bool take_fingerprint(const struct explore_request *request, uint64_t *hash)
{
    const struct sim_scenario *scenario = request->run.scenario;
    struct fingerprint print = {.sink = {.begin = begin_print, .event = add_event}};
    struct policy_guided guided;
    struct sim_config config = run_config(&request->run);
    int64_t params[SIM_PARAMS_MAX];

    if (config.max_steps == 0 || config.max_steps > FINGERPRINT_STEPS)
        config.max_steps = FINGERPRINT_STEPS;
    struct sim *sim = sim_new(&config);

    if (sim == NULL)
        return false;
    memcpy(params, request->run.params, sizeof(params));
    if (request->prefix != NULL) {
        policy_guided_init(&guided, request->prefix, NULL);
        sim_set_policy(sim, &guided.policy);
    }
    (void)sim_add_sink(sim, &print.sink);
    enum sim_outcome outcome =
        (scenario->async ? sim_run_async : sim_run)(sim, scenario->main, params);

    sim_free(sim);
    *hash = print.hash & INT64_MAX;
    return outcome != SIM_OUTCOME_NO_MEMORY;
}

/* The lines that say what was asked for.  NULL when out of memory. */
static char *describe(const struct explore_request *request)
{
    struct explore_report none = {.worst = -1};
    struct outcome *asked = calloc(1, sizeof(*asked));
    char *text = NULL;
    size_t size = 0;
    FILE *out = asked == NULL ? NULL : open_memstream(&text, &size);
    bool ok = out != NULL && outcome_init(asked, request, &none) && outcome_put_search(asked, out);

    if (ok)
        (void)fprintf(out, "shard %u %u\n", request->shard_index + 1, asked->shard_count);
    if (out != NULL)
        ok = fclose(out) == 0 && ok;
    if (asked != NULL)
        outcome_free(asked);
    free(asked);
    if (ok)
        return text;
    free(text);
    return NULL;
}

bool checkpoint_begin(struct checkpoint *checkpoint, const struct explore_request *request)
{
    *checkpoint = (struct checkpoint){.request = request, .asked = describe(request)};
    return checkpoint->asked != NULL && take_fingerprint(request, &checkpoint->fingerprint);
}

void checkpoint_end(struct checkpoint *checkpoint)
{
    free(checkpoint->asked);
    checkpoint->asked = NULL;
}

/* ---- Writing. ---- */

char *checkpoint_format(const struct checkpoint *checkpoint, const struct checkpoint_state *state,
                        size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);

    if (out == NULL)
        return NULL;
    (void)fputs(CHECKPOINT_MAGIC " " CHECKPOINT_VERSION "\n", out);
    (void)fputs(checkpoint->asked, out);
    (void)fprintf(out, "fingerprint %" PRIu64 "\n", checkpoint->fingerprint);
    outcome_put_counts(state->report, out);
    bool ok = outcome_put_findings(state->report, out);

    (void)fprintf(out, "held %d\nleft %d\nwithheld %u\nmapped %d\n", state->held, state->left,
                  state->withheld, checkpoint->request->map != NULL);
    if (checkpoint->request->map != NULL)
        map_put(checkpoint->request->map, out);
    ok = ok && state->strategy->ops->save(state->strategy, out);
    (void)fputs("end\n", out);
    if (fclose(out) == 0 && ok)
        return text;
    free(text);
    return NULL;
}

bool checkpoint_save(struct checkpoint *checkpoint, const struct checkpoint_state *state,
                     char *error, size_t error_size)
{
    const char *path = checkpoint->request->checkpoint;
    size_t length = 0;
    char *text = checkpoint_format(checkpoint, state, &length);

    if (text == NULL) {
        (void)snprintf(error, error_size, "%s: out of memory", path);
        return false;
    }
    bool ok = file_replace_again(path, text, length, error, error_size);

    free(text);
    checkpoint->saved = state->report->executions;
    return ok;
}

/* ---- Reading. ---- */

static bool read_magic(struct reader *in)
{
    if (!reader_next_line(in))
        return false;
    bool known = reader_word(in, CHECKPOINT_MAGIC);

    if (known && reader_space(in) && reader_word(in, CHECKPOINT_VERSION) && reader_end(in))
        return true;
    in->failed = false; /* there is more to say than what is missing */
    return known ? reader_fail(in, "a checkpoint of a version that this program cannot go on from "
                                   "(it knows " CHECKPOINT_VERSION ")")
                 : reader_fail(in, "this is not a checkpoint");
}

/* Is there a line of this only where it is not the usual? */
static bool is_sometimes_said(const char *word, size_t length)
{
    static const char *const words[] = {"time", "early", "cancel", "memory"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0)
            return true;
    return false;
}

/* A line that says what was asked for must be as it is here; how far to go may differ. */
static bool read_asked(struct reader *in, const char *asked)
{
    size_t length = strcspn(asked, "\n");
    size_t word = strcspn(asked, " ");
    char key[16] = "";
    int64_t limit = 0;
    bool all = false;

    (void)snprintf(key, sizeof(key), "%.*s", (int)word, asked);
    if (!reader_next_line(in))
        return false;
    const char *line = in->at;
    size_t size = (size_t)(in->line_end - line);
    size_t first_word = strcspn(line, " \n");

    if (size == length && memcmp(line, asked, length) == 0)
        return true;
    bool one_has_it = is_sometimes_said(asked, word) || is_sometimes_said(line, first_word);

    if (!one_has_it && !reader_word(in, key))
        return false;
    if (!one_has_it && strcmp(key, "limit") == 0)
        return reader_number(in, 0, INT64_MAX, &limit) && reader_end(in);
    if (!one_has_it && strcmp(key, "all") == 0 && asked[word + 1] == '1')
        return reader_flag(in, &all) && reader_end(in);
    return reader_fail(in, "a checkpoint of another search: '%.*s' there, '%.*s' here",
                       (int)(size > 50 ? 50 : size), line, (int)(length > 50 ? 50 : length), asked);
}

static bool read_search(struct reader *in, const struct checkpoint *checkpoint)
{
    int64_t fingerprint = 0;

    for (const char *asked = checkpoint->asked; *asked != '\0'; asked += strcspn(asked, "\n") + 1)
        if (!read_asked(in, asked))
            return false;
    if (!reader_number_line(in, "fingerprint", 0, INT64_MAX, &fingerprint))
        return false;
    return (uint64_t)fingerprint == checkpoint->fingerprint ||
           reader_fail(in, "the program is another one than when this was written: under the same "
                           "choices it does something else");
}

static bool read_progress(struct reader *in, const struct checkpoint *checkpoint,
                          struct checkpoint_state *state)
{
    uint64_t limit = checkpoint->request->max_executions;

    if (!outcome_read_counts(in, state->report))
        return false;
    if (limit != 0 && state->report->executions > limit)
        return reader_fail(in,
                           "%" PRIu64 " executions were run, and only %" PRIu64 " are asked for",
                           state->report->executions, limit);
    if (!outcome_read_findings(in, state->report))
        return false;
    return reader_key(in, "held") && reader_flag(in, &state->held) && reader_end(in) &&
           reader_key(in, "left") && reader_flag(in, &state->left) && reader_end(in) &&
           reader_key(in, "withheld") && reader_u32(in, 3, &state->withheld) && reader_end(in);
}

static bool read_map(struct reader *in, struct map *map)
{
    bool mapped = false;

    if (!reader_key(in, "mapped") || !reader_flag(in, &mapped) || !reader_end(in))
        return false;
    if (mapped != (map != NULL))
        return reader_fail(in, mapped ? "this search drew a map, and must go on with --map"
                                      : "this search drew no map, and cannot begin with it here");
    return map == NULL || map_read(map, in);
}

bool checkpoint_parse(const struct checkpoint *checkpoint, const char *text, size_t length,
                      const char *name, struct checkpoint_state *state, char *error,
                      size_t error_size)
{
    struct strategy *strategy = state->strategy;
    struct reader in = {
        .next = text, .end = text + length, .name = name, .error = error, .error_size = error_size};

    error[0] = '\0';
    if (!read_magic(&in) || !read_search(&in, checkpoint) ||
        !read_progress(&in, checkpoint, state) || !read_map(&in, checkpoint->request->map) ||
        !strategy->ops->load(strategy, &in) || !outcome_read_end(&in))
        return false;
    /* More may be asked for than when nothing was left of it. */
    if (strategy->number != 0)
        state->left = !strategy->idle;
    return true;
}

bool checkpoint_load(struct checkpoint *checkpoint, struct checkpoint_state *state, char *error,
                     size_t error_size)
{
    const char *path = checkpoint->request->checkpoint;
    size_t length = 0;
    char *text = file_read(path, CHECKPOINT_FILE_MAX, &length, error, error_size);

    if (text == NULL)
        return false;
    bool ok = checkpoint_parse(checkpoint, text, length, path, state, error, error_size);

    free(text);
    checkpoint->saved = state->report->executions;
    return ok;
}

bool checkpoint_exists(const char *path)
{
    return access(path, F_OK) == 0;
}
