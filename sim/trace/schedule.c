#include "sim/trace/schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

enum { CHOICES_MAX = 100000000 };

void schedule_free(struct schedule *schedule)
{
    free(schedule->choices);
    *schedule = (struct schedule){0};
}

static bool reserve(struct schedule *schedule, size_t count)
{
    return vec_reserve(&schedule->choices, count, &schedule->capacity, sizeof(*schedule->choices));
}

bool schedule_copy(struct schedule *to, const struct schedule *from)
{
    if (!reserve(to, from->count))
        return false;
    if (from->count > 0)
        memcpy(to->choices, from->choices, from->count * sizeof(*from->choices));
    to->count = from->count;
    return true;
}

/* Read decimal digits up to max.  Returns false if there are none, or too many. */
static bool number(const char **at, uint32_t max, uint32_t *value)
{
    const char *start = *at;
    uint64_t sum = 0;

    while (**at >= '0' && **at <= '9' && sum <= max)
        sum = sum * 10 + (uint64_t)(*(*at)++ - '0');
    *value = (uint32_t)sum;
    return *at != start && sum <= max;
}

/* One token: N or N*COUNT.  Returns what is wrong, or NULL. */
static const char *token(struct schedule *to, const char **at)
{
    uint32_t choice = 0;
    uint32_t count = 1;

    if (!number(at, UINT32_MAX - 1, &choice))
        return "expected the number of an option";
    if (**at == '*') {
        ++*at;
        if (!number(at, CHOICES_MAX, &count) || count == 0)
            return "expected a count from 1 to 100000000";
    }
    if (count > CHOICES_MAX - to->count)
        return "more than 100000000 choices";
    if (!reserve(to, to->count + count))
        return "out of memory";
    while (count-- > 0)
        to->choices[to->count++] = choice;
    return NULL;
}

bool schedule_parse(struct schedule *to, const char *text, char *error, size_t error_size)
{
    const char *at = text;
    const char *wrong = NULL;

    schedule_free(to);
    if (strncmp(text, "s1:", 3) != 0) {
        wrong = "a schedule begins with 's1:'";
    } else {
        at += 3;
        while (wrong == NULL && *at != '\0') {
            wrong = token(to, &at);
            if (wrong == NULL && *at == '.' && at[1] != '\0')
                at++;
            else if (wrong == NULL && *at != '\0')
                wrong = "expected '.' and another choice, or the end";
        }
    }
    if (wrong == NULL)
        return true;
    (void)snprintf(error, error_size, "column %zu: %s", (size_t)(at - text) + 1, wrong);
    schedule_free(to);
    return false;
}

char *schedule_format(const struct schedule *schedule)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out == NULL)
        return NULL;
    (void)fputs("s1:", out);
    for (size_t i = 0; i < schedule->count;) {
        size_t end = i + 1;

        while (end < schedule->count && schedule->choices[end] == schedule->choices[i])
            end++;
        (void)fprintf(out, "%s%u", i > 0 ? "." : "", schedule->choices[i]);
        if (end - i > 1)
            (void)fprintf(out, "*%zu", end - i);
        i = end;
    }
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
