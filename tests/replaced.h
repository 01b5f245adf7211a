/* A text with a piece of it replaced, for tests of readers. */
#ifndef TESTS_REPLACED_H
#define TESTS_REPLACED_H

#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The text with the first occurrence of what replaced by with; to be freed. */
static inline char *replaced(const char *text, const char *what, const char *with)
{
    const char *at = strstr(text, what);
    size_t size = strlen(text) + strlen(with) + 1;
    char *out = malloc(size);

    assert_non_null(at);
    assert_non_null(out);
    (void)snprintf(out, size, "%.*s%s%s", (int)(at - text), text, with, at + strlen(what));
    return out;
}

#endif
