/* The shell: words, quotes, pipelines, and what comes after them. */
#include <stdlib.h>
#include <string.h>

#include "sim/io/machine.h"
#include "sim/thread/thread.h"

enum { WORDS_MAX = 64, STAGES_MAX = 16, PIPE_SIZE = 64 * 1024 };

enum token { TOKEN_WORD, TOKEN_PIPE, TOKEN_THEN, TOKEN_AND, TOKEN_OR, TOKEN_END, TOKEN_BAD };

struct parser {
    struct sim *sim;
    const char *at;
    const char *word; /* of the last TOKEN_WORD */
};

/* One command of a pipeline. */
struct stage {
    const char *argv[WORDS_MAX + 1];
    int argc;
};

static bool ends_word(char c)
{
    return c == '\0' || strchr(" \t\n;&|", c) != NULL;
}

static enum token read_word(struct parser *parser)
{
    struct buffer word = {0};
    char quote = '\0';

    for (;; parser->at++) {
        char c = *parser->at;

        if (quote == '\0' && ends_word(c))
            break;
        if (c == '\0')
            return TOKEN_BAD;
        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else
            buffer_append(parser->sim, &word, &c, 1);
    }
    parser->word = buffer_take(parser->sim, &word, SIZE_MAX).data;
    return TOKEN_WORD;
}

static enum token next(struct parser *parser)
{
    static const struct {
        const char *text;
        enum token token;
    } operators[] = {{"&&", TOKEN_AND}, {"||", TOKEN_OR},   {"|", TOKEN_PIPE},
                     {";", TOKEN_THEN}, {"\n", TOKEN_THEN}, {"&", TOKEN_BAD}};

    parser->at += strspn(parser->at, " \t");
    if (*parser->at == '\0')
        return TOKEN_END;
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        size_t length = strlen(operators[i].text);

        if (strncmp(parser->at, operators[i].text, length) == 0) {
            parser->at += length;
            return operators[i].token;
        }
    }
    return read_word(parser);
}

/* Read a pipeline.  Returns what ends it. */
static enum token parse(struct parser *parser, struct stage *stages, int *count)
{
    *count = 1;
    stages[0].argc = 0;
    for (;;) {
        struct stage *stage = &stages[*count - 1];
        enum token token = next(parser);

        if (token == TOKEN_WORD) {
            if (stage->argc == WORDS_MAX)
                return TOKEN_BAD;
            stage->argv[stage->argc++] = parser->word;
            continue;
        }
        stage->argv[stage->argc] = NULL;
        if (token != TOKEN_PIPE)
            return stage->argc == 0 && (*count > 1 || token != TOKEN_END) ? TOKEN_BAD : token;
        if (stage->argc == 0 || *count == STAGES_MAX)
            return TOKEN_BAD;
        stages[(*count)++].argc = 0;
    }
}

static int complain(struct sim_child *child, const char *what)
{
    const char *line = sim_format(child->sim, "sh: 1: %s\n", what);

    (void)(sim_child_write)(child, 2, line, strlen(line), NULL);
    return 127;
}

static bool is_exit(const struct stage *stage)
{
    return stage->argc > 0 && strcmp(stage->argv[0], "exit") == 0;
}

/* The code that exit ends with; last: that of the command before it. */
static int exit_code(struct sim_child *child, const struct stage *stage, int last)
{
    char *end = NULL;

    if (stage->argc == 1)
        return last;
    long code = strtol(stage->argv[1], &end, 10);

    if (end != stage->argv[1] && *end == '\0' && code >= 0)
        return (int)(code & 255);
    (void)complain(child, sim_format(child->sim, "exit: Illegal number: %s", stage->argv[1]));
    return 2;
}

static int run_stage(struct sim_child *child)
{
    struct sim *sim = child->sim;

    child->program = machine_program(machine_of(sim), child->argv[0]);
    int code = child->program == NULL
                   ? complain(child, sim_format(sim, "%s: not found", child->argv[0]))
                   : child_run(child);

    child_flush(child);
    return code;
}

static enum sim_status run_stage_in_thread(struct sim *sim, void *arg)
{
    struct sim_child *child = arg;
    int code = run_stage(child);

    channel_end(child->out[1], 0);
    if (child->in != NULL)
        channel_close_reader(child->in, NULL);
    return sim_return(sim, sim_int(code));
}

/* Returns: the exit code of its last stage. */
static int run_pipeline(struct sim_child *shell, const struct stage *stages, int count)
{
    struct sim *sim = shell->sim;
    struct sim_thread *threads[STAGES_MAX] = {NULL};
    struct channel *in = shell->in;
    int code = 0;

    for (int i = 0; i < count; i++) {
        struct sim_child *child = sim_alloc(sim, sizeof(*child));
        struct stage *stage = sim_alloc(sim, sizeof(*stage));

        *stage = stages[i];
        *child = *shell;
        child->argv = stage->argv;
        child->argc = stage->argc;
        child->in = in;
        if (i == count - 1) {
            code = run_stage(child);
            if (i > 0)
                channel_close_reader(in, NULL);
            break;
        }
        child->out[1] = channel_new(sim, "pipe", PIPE_SIZE);
        in = child->out[1];
        threads[i] = (sim_thread_new)(sim, stage->argv[0], run_stage_in_thread, child, NULL);
    }
    for (int i = 0; i < count - 1; i++)
        if ((sim_thread_join)(threads[i], NULL, NULL) != SIM_OK)
            code = 1;
    return code;
}

int shell_main(struct sim *sim, struct sim_child *child, void *arg)
{
    struct stage stages[STAGES_MAX];
    struct parser parser = {sim, child->argc > 2 ? child->argv[2] : "", NULL};
    enum token before = TOKEN_THEN;
    int code = 0;

    (void)arg;
    for (;;) {
        int count = 0;
        enum token after = parse(&parser, stages, &count);

        if (stages[0].argc == 0 && (before == TOKEN_AND || before == TOKEN_OR))
            after = TOKEN_BAD;
        if (after == TOKEN_BAD) {
            (void)complain(child, "Syntax error");
            return 2;
        }
        bool skip = (before == TOKEN_AND && code != 0) || (before == TOKEN_OR && code == 0);

        if (count == 1 && is_exit(&stages[0]) && !skip)
            return exit_code(child, &stages[0], code);
        if (stages[0].argc > 0 && !skip)
            code = run_pipeline(child, stages, count);
        if (after == TOKEN_END)
            return code;
        before = after;
    }
}
