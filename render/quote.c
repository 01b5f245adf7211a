#include "render/quote.h"

#include <stdint.h>
#include <string.h>

#include "render/font.h"

struct escape {
    char from;
    const char *to;
};

/* Copy text; what is in the table (up to from = 0) is written as it says there. */
static void copy(FILE *out, const char *text, const struct escape *table)
{
    while (*text != '\0') {
        const char *start = text;
        int32_t code = font_decode(&text);
        const struct escape *escape = table;

        while (escape->from != '\0' && escape->from != code)
            escape++;
        if (escape->from != '\0')
            (void)fputs(escape->to, out);
        else if (!font_can_show(code))
            (void)fputs("\xEF\xBF\xBD", out);
        else
            (void)fwrite(start, 1, (size_t)(text - start), out);
    }
}

void quote_json(FILE *out, const char *text)
{
    static const struct escape table[] = {
        {'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\t', "\\t"}, {'\0', ""}};

    (void)fputc('"', out);
    copy(out, text, table);
    (void)fputc('"', out);
}

void quote_markup(FILE *out, const char *text)
{
    static const struct escape table[] = {{'&', "&amp;"},  {'<', "&lt;"}, {'>', "&gt;"},
                                          {'"', "&quot;"}, {'\n', "\n"},  {'\0', ""}};

    copy(out, text, table);
}

void quote_dot(FILE *out, const char *text)
{
    static const struct escape table[] = {{'"', "\\\""}, {'\\', "\\\\"}, {'\n', "\\n"}, {'\0', ""}};

    (void)fputc('"', out);
    copy(out, text, table);
    (void)fputc('"', out);
}

void quote_markdown(FILE *out, const char *text)
{
    static const struct escape table[] = {
        {'&', "&amp;"}, {'<', "&lt;"},  {'>', "&gt;"},  {'*', "\\*"}, {'_', "\\_"},
        {'`', "\\`"},   {'[', "\\["},   {']', "\\]"},   {'#', "\\#"}, {'|', "\\|"},
        {'~', "\\~"},   {'\\', "\\\\"}, {'@', "&#64;"}, {'\n', " "},  {'\0', ""}};

    copy(out, text, table);
}

void quote_line(FILE *out, const char *text)
{
    static const struct escape table[] = {{'\n', " "}, {'\0', ""}};

    copy(out, text, table);
}

void quote_mermaid(FILE *out, const char *text)
{
    static const struct escape table[] = {
        {'"', "#34;"},   {'#', "#35;"},  {'%', "#37;"},  {'&', "#38;"},  {'<', "#60;"},
        {'>', "#62;"},   {';', "#59;"},  {':', "#58;"},  {'[', "#91;"},  {']', "#93;"},
        {'`', "#96;"},   {'{', "#123;"}, {'|', "#124;"}, {'}', "#125;"}, {'\\', "#92;"},
        {'\n', "<br/>"}, {'\0', ""}};

    copy(out, text, table);
}
