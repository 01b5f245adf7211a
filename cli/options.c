#include "cli/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/jobs.h"
#include "render/text.h"
#include "scenarios/scenarios.h"
#include "sim/explore/freedom.h"
#include "sim/policy/pct.h"

enum kind { TEXT, NUMBER, FLAG, PARAM, LEVEL, TIME, DURATION, SIZE, ONLY, RANGE };

struct rule {
    const char *name;
    unsigned option; /* the set it belongs to */
    enum kind kind;
    size_t offset; /* of its field */
    int64_t min;
    int64_t max;
};

#define MEMORY_MOST (INT64_C(1) << 50)
#define FIELD(field) offsetof(struct cli_options, field)

static const struct rule rules[] = {
    {"-p", CLI_PARAM, PARAM, 0, 0, 0},
    {"--schedule", CLI_SCHEDULE, TEXT, FIELD(schedule), 0, 0},
    {"--order", CLI_ORDER, TEXT, FIELD(order), 0, 0},
    {"--policy", CLI_POLICY, TEXT, FIELD(policy), 0, 0},
    {"--seed", CLI_POLICY, NUMBER, FIELD(seed), 0, INT64_MAX},
    {"--level", CLI_LEVEL, LEVEL, FIELD(level), 0, 0},
    {"--time", CLI_LEVEL, TIME, FIELD(time), 0, 0},
    {"--early", CLI_LEVEL, NUMBER, FIELD(early), 1, SIM_EARLY_MOST},
    {"--cancel", CLI_LEVEL, TEXT, FIELD(cancel), 0, 0},
    {"--png", CLI_OUTPUT, TEXT, FIELD(png), 0, 0},
    {"--svg", CLI_OUTPUT, TEXT, FIELD(svg), 0, 0},
    {"--trace", CLI_OUTPUT, TEXT, FIELD(trace), 0, 0},
    {"--times", CLI_TIMES, FLAG, FIELD(times), 0, 0},
    {"--preemptions", CLI_SEARCH | CLI_EXPLORE, NUMBER, FIELD(preemptions), 0, 1000000},
    {"--delays", CLI_SEARCH | CLI_EXPLORE, NUMBER, FIELD(delays), 0, 1000000},
    {"--depth", CLI_SEARCH | CLI_EXPLORE, NUMBER, FIELD(depth), 1, PCT_DEPTH_MOST},
    {"--executions", CLI_SEARCH | CLI_EXPLORE, NUMBER, FIELD(executions), 1, INT64_MAX},
    {"--budget", CLI_SEARCH, DURATION, FIELD(budget_ns), 0, 0},
    {"--jobs", CLI_PARTS, NUMBER, FIELD(jobs), 1, JOBS_MAX},
    {"--shard", CLI_PARTS, TEXT, FIELD(shard), 0, 0},
    {"--checkpoint", CLI_SEARCH, TEXT, FIELD(checkpoint), 0, 0},
    {"--resume", CLI_SEARCH, TEXT, FIELD(resume), 0, 0},
    {"--checkpoint-every", CLI_SEARCH, NUMBER, FIELD(checkpoint_every), 1, INT64_MAX},
    {"--report", CLI_REPORT, TEXT, FIELD(report), 0, 0},
    {"--map", CLI_REPORT, TEXT, FIELD(map), 0, 0},
    {"--all", CLI_SEARCH, FLAG, FIELD(all), 0, 0},
    {"--check-determinism", CLI_TWICE, FLAG, FIELD(check_determinism), 0, 0},
    {"--no-shrink", CLI_SHRINK, FLAG, FIELD(no_shrink), 0, 0},
    {"--emit-test", CLI_SHRINK, TEXT, FIELD(emit_test), 0, 0},
    {"--emit-test-fixed", CLI_SHRINK, TEXT, FIELD(emit_test_fixed), 0, 0},
    {"--fate", CLI_SHRINK | CLI_FATE, FLAG, FIELD(fate), 0, 0},
    {"--fairness", CLI_FAIRNESS, FLAG, FIELD(fairness), 0, 0},
    {"--on-drift", CLI_DRIFT, TEXT, FIELD(on_drift), 0, 0},
    {"--width", CLI_PICTURE, NUMBER, FIELD(width), 1, INT32_MAX},
    {"--scale", CLI_PICTURE, NUMBER, FIELD(scale), 1, 4},
    {"--theme", CLI_PICTURE, TEXT, FIELD(theme), 0, 0},
    {"--axis", CLI_PICTURE, TEXT, FIELD(axis), 0, 0},
    {"--explore", CLI_EXPLORE, FLAG, FIELD(explore), 0, 0},
    {"--dump-state", CLI_STATE, TEXT, FIELD(dump_state), 0, 0},
    {"--window-scale", CLI_STATE, NUMBER, FIELD(window_scale), 100, 400},
    {"--format", CLI_TARGET, TEXT, FIELD(format), 0, 0},
    {"-o", CLI_TARGET, TEXT, FIELD(target), 0, 0},
    {"--only", CLI_PART, ONLY, 0, 0, 0},
    {"--steps", CLI_PART, RANGE, 0, 0, 0},
    {"--junit", CLI_CI, TEXT, FIELD(junit), 0, 0},
    {"--annotate", CLI_CI, TEXT, FIELD(annotate), 0, 0},
    {"--code-quality", CLI_CI, TEXT, FIELD(code_quality), 0, 0},
    {"--max-steps", CLI_STEPS, NUMBER, FIELD(max_steps), 1, UINT32_MAX},
    {"--max-memory", CLI_STEPS, SIZE, FIELD(max_memory), SIM_MAX_MEMORY_LEAST, MEMORY_MOST},
};

void cli_error(const char *format, ...)
{
    va_list args;

    (void)fputs("pickglass: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

const char *size_text(uint64_t bytes, char text[SIZE_TEXT_MAX])
{
    static const char *const units[] = {"", "K", "M", "G"};
    size_t unit = 0;

    for (; unit < 3 && bytes > 0 && bytes % 1024 == 0; unit++)
        bytes /= 1024;
    (void)snprintf(text, SIZE_TEXT_MAX, "%" PRIu64 "%s", bytes, units[unit]);
    return text;
}

static const struct rule *find(const char *name, unsigned allowed)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (strcmp(rules[i].name, name) == 0 && (rules[i].option & allowed) != 0)
            return &rules[i];
    return NULL;
}

static bool parse_number(const struct rule *rule, const char *text, int64_t *number)
{
    char *end = NULL;

    errno = 0;
    *number = strtoll(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && *number >= rule->min && *number <= rule->max)
        return true;
    cli_error("%s: '%s' is not a whole number from %" PRId64 " to %" PRId64, rule->name, text,
              rule->min, rule->max);
    return false;
}

static bool store_number(struct cli_options *options, const struct rule *rule, const char *text)
{
    char *field = (char *)options + rule->offset;
    int64_t number = 0;

    if (!parse_number(rule, text, &number))
        return false;
    if (rule->offset == FIELD(max_steps)) {
        options->max_steps = (uint32_t)number;
        return true;
    }
    /* The other numbers are 64 bits wide, and none is negative. */
    memcpy(field, &number, sizeof(number));
    return true;
}

/* "500ms", "30s", "5m", "2h". */
static bool parse_duration(const struct rule *rule, const char *text, int64_t *duration_ns)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {
        {"ms", SIM_MS}, {"s", SIM_SECOND}, {"m", 60 * SIM_SECOND}, {"h", 3600 * SIM_SECOND}};
    char *end = NULL;

    errno = 0;
    long long number = strtoll(text, &end, 10);

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (errno != 0 || end == text || strcmp(end, units[i].name) != 0 || number < 1 ||
            number > INT64_MAX / units[i].ns)
            continue;
        *duration_ns = number * units[i].ns;
        return true;
    }
    cli_error("%s: '%s' is not a duration, as 500ms, 30s, 5m or 2h", rule->name, text);
    return false;
}

/* "1000000", "500K", "64M", "2G". */
static bool parse_size(const struct rule *rule, const char *text, uint64_t *bytes)
{
    static const char units[] = "KMG";
    char least[SIZE_TEXT_MAX];
    char most[SIZE_TEXT_MAX];
    char *end = NULL;

    errno = 0;
    long long number = strtoll(text, &end, 10);
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    int64_t each = unit == NULL ? 1 : INT64_C(1024) << (10 * (unit - units));

    if (errno == 0 && end != text && end[unit != NULL] == '\0' && number >= 0 &&
        number <= rule->max / each && number * each >= rule->min) {
        *bytes = (uint64_t)(number * each);
        return true;
    }
    cli_error("%s: '%s' is not a size from %s to %s, as 2000000, 5000K, 64M or 2G", rule->name,
              text, size_text((uint64_t)rule->min, least), size_text((uint64_t)rule->max, most));
    return false;
}

/* A number of a step at the beginning of text; 0 if there is none, or one too large. */
static uint32_t read_step(const char **text)
{
    uint64_t number = 0;

    for (; **text >= '0' && **text <= '9'; ++*text)
        if (number <= UINT32_MAX)
            number = 10 * number + (uint64_t)(**text - '0');
    return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* "10..20", "10..", "..20". */
static bool parse_range(struct cli_options *options, const char *text)
{
    const char *at = text;
    bool from = *at != '.';

    options->first_step = read_step(&at);
    bool dots = strncmp(at, "..", 2) == 0;

    at += dots ? 2 : 0;
    bool to = *at != '\0';

    options->last_step = read_step(&at);
    if (dots && *at == '\0' && (from || to) && from == (options->first_step > 0) &&
        to == (options->last_step > 0) && (!to || options->first_step <= options->last_step))
        return true;
    cli_error("--steps: '%s' is no range of steps, as 10..20, 10.. or ..20", text);
    return false;
}

static bool add_only(struct cli_options *options, const char *name)
{
    if (options->only_count == CLI_ONLY_MAX) {
        cli_error("--only: a picture shows at most %d tasks and threads by name", CLI_ONLY_MAX);
        return false;
    }
    options->only[options->only_count++] = name;
    return true;
}

static bool store(struct cli_options *options, const struct rule *rule, const char *value)
{
    switch (rule->kind) {
    case PARAM:
        if (options->param_count == CLI_PARAMS_MAX) {
            cli_error("too many parameters");
            return false;
        }
        options->params[options->param_count++] = value;
        return true;
    case LEVEL:
        options->level_given = freedom_level_named(value, &options->level);
        if (!options->level_given)
            cli_error("--level: '%s' is none of fifo, timing, any", value);
        return options->level_given;
    case TIME:
        options->time_given = freedom_time_named(value, &options->time);
        if (!options->time_given)
            cli_error("--time: '%s' is neither late nor explored", value);
        return options->time_given;
    case ONLY:
        return add_only(options, value);
    case RANGE:
        return parse_range(options, value);
    case DURATION:
        return parse_duration(rule, value, &options->budget_ns);
    case SIZE:
        return parse_size(rule, value, &options->max_memory);
    case NUMBER:
        return store_number(options, rule, value);
    case FLAG:
    case TEXT:
    default:
        memcpy((char *)options + rule->offset, &value, sizeof(value));
        return true;
    }
}

static bool is_one_of(const char *name, const char *value, const char *const *known)
{
    char list[128] = "";

    if (value == NULL)
        return true;
    for (int i = 0; known[i] != NULL; i++) {
        if (strcmp(value, known[i]) == 0)
            return true;
        size_t length = strlen(list);

        (void)snprintf(list + length, sizeof(list) - length, "%s%s", i == 0 ? "" : ", ", known[i]);
    }
    cli_error("%s: '%s' is none of %s", name, value, list);
    return false;
}

static bool check_picture(const struct cli_options *options)
{
    static const char *const themes[] = {"light", "dark", NULL};
    static const char *const axes[] = {"step", "time", NULL};
    bool text = cli_is_text(options);
    int64_t least = text ? RENDER_TEXT_LEAST : RENDER_WIDTH_LEAST;
    int64_t most = text ? RENDER_TEXT_MOST : RENDER_WIDTH_MOST;

    if (!is_one_of("--theme", options->theme, themes) || !is_one_of("--axis", options->axis, axes))
        return false;
    if (options->width == 0 || (options->width >= least && options->width <= most))
        return true;
    cli_error("--width: %" PRId64 " is not from %" PRId64 " to %" PRId64, options->width, least,
              most);
    return false;
}

bool cli_is_text(const struct cli_options *options)
{
    const char *target = options->target;
    size_t length = target == NULL ? 0 : strlen(target);

    if (options->format == NULL)
        return length > 4 && strcmp(target + length - 4, ".txt") == 0;
    return strcmp(options->format, "text") == 0 || strcmp(options->format, "ascii") == 0;
}

bool cli_parse(struct cli_options *options, const char *command, unsigned allowed, int argc,
               char **argv)
{
    *options = (struct cli_options){
        .preemptions = -1, .delays = -1, .budget_ns = -1, .scale = 2, .window_scale = 100};
    for (int i = 0; i < argc; i++) {
        const struct rule *rule = find(argv[i], allowed);

        if (rule == NULL && argv[i][0] == '-' && argv[i][1] != '\0') {
            cli_error("%s has no option '%s'; see 'pickglass help %s'", command, argv[i], command);
            return false;
        }
        if (rule == NULL && options->subject != NULL && options->second == NULL &&
            (allowed & CLI_SECOND) != 0) {
            options->second = argv[i];
            continue;
        }
        if (rule == NULL && options->subject != NULL) {
            cli_error("%s takes one name, and '%s' is the second", command, argv[i]);
            return false;
        }
        if (rule == NULL) {
            options->subject = argv[i];
        } else if (rule->kind == FLAG) {
            memcpy((char *)options + rule->offset, &(bool){true}, sizeof(bool));
        } else if (++i == argc) {
            cli_error("%s needs a value", rule->name);
            return false;
        } else if (!store(options, rule, argv[i])) {
            return false;
        }
    }
    static const char *const annotations[] = {"github", NULL};

    if (!check_picture(options) || !is_one_of("--annotate", options->annotate, annotations))
        return false;
    if (options->subject == NULL) {
        cli_error("%s needs a name; see 'pickglass help %s'", command, command);
        return false;
    }
    return true;
}

bool cli_schedule(const struct cli_options *options, struct schedule *schedule)
{
    char error[256];

    if (options->schedule == NULL ||
        schedule_parse(schedule, options->schedule, error, sizeof(error)))
        return true;
    cli_error("--schedule: %s", error);
    return false;
}

static bool choose_policy(const struct cli_options *options, struct run_request *request)
{
    static const char *const names[] = {[RUN_FIFO] = "fifo",
                                        [RUN_ROUND_ROBIN] = "round-robin",
                                        [RUN_RANDOM] = "random",
                                        [RUN_GUIDED] = "guided"};

    request->seed = options->seed;
    if (options->policy == NULL)
        return true;
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i] != NULL && strcmp(options->policy, names[i]) == 0) {
            request->policy = (enum run_policy)i;
            return true;
        }
    }
    cli_error("--policy: '%s' is none of fifo, round-robin, random, guided", options->policy);
    return false;
}

static bool choose_freedom(const struct cli_options *options, struct run_request *request)
{
    if (options->level_given)
        request->level = options->level;
    if (options->time_given)
        request->time = options->time;
    if (options->early != 0)
        request->early = (uint32_t)options->early;
    if (options->cancel != NULL)
        request->cancel = strcmp(options->cancel, "none") == 0 ? NULL : options->cancel;
    if (options->early != 0 && request->time == SIM_TIME_LATE &&
        request->level != SIM_LEVEL_TIMING) {
        cli_error("--early says nothing without --time explored or --level timing");
        return false;
    }
    if (request->cancel == NULL ||
        (request->cancel[0] != '\0' && strlen(request->cancel) < TRACE_META_MAX))
        return true;
    cli_error("--cancel: '%s' is no name of a task", request->cancel);
    return false;
}

bool cli_request(const struct cli_options *options, struct run_request *request)
{
    const struct sim_scenario *scenario = scenario_find(options->subject);
    char error[256];

    if (scenario == NULL) {
        cli_error("there is no scenario '%s'; see 'pickglass list'", options->subject);
        return false;
    }
    run_request_init(request, scenario);
    if (!choose_freedom(options, request))
        return false;
    if (options->max_steps != 0)
        request->max_steps = options->max_steps;
    if (options->max_memory != 0)
        request->max_memory = (size_t)options->max_memory;
    for (int i = 0; i < options->param_count; i++) {
        if (!run_request_set(request, options->params[i], error, sizeof(error))) {
            cli_error("%s", error);
            return false;
        }
    }
    return choose_policy(options, request);
}

bool cli_take_schedule(const struct cli_options *options, struct schedule *schedule,
                       struct run_request *request)
{
    bool guided = request->policy == RUN_GUIDED;

    if (guided && options->schedule == NULL) {
        cli_error("the policy guided needs --schedule");
        return false;
    }
    if (options->schedule == NULL)
        return true;
    if (options->policy != NULL && !guided) {
        cli_error("--schedule and --policy exclude each other, but for --policy guided");
        return false;
    }
    if (!cli_schedule(options, schedule))
        return false;
    if (!guided)
        request->policy = RUN_REPLAY;
    request->schedule = schedule;
    return true;
}
