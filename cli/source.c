#include "cli/source.h"

#include <stddef.h>
#include <string.h>

#include "scenarios/scenario_sources.h"

enum { LINE_BYTES = 160 };

const char *source_line(void *arg, const char *file, int line)
{
    /* One picture is drawn at a time, and copies what it keeps. */
    static char text[LINE_BYTES];
    const char *at = scenario_source(file);

    (void)arg;
    for (int i = 1; at != NULL && i < line; i++) {
        at = strchr(at, '\n');
        if (at != NULL)
            at++;
    }
    if (at == NULL || *at == '\0' || line < 1)
        return NULL;
    size_t length = strcspn(at, "\n");

    if (length >= sizeof(text))
        length = sizeof(text) - 1;
    memcpy(text, at, length);
    text[length] = '\0';
    return text;
}
