#include "render/html.h"

#include <stdlib.h>

#include "render/quote.h"
#include "render/story.h"

static void put_colours(FILE *out, const struct theme *t)
{
    (void)fprintf(out,
                  "--background:#%06X;--panel:#%06X;--ink:#%06X;--second:#%06X;--line:#%06X;"
                  "--bug:#%06X;--on-bug:#%06X;--calm:#%06X",
                  (unsigned)t->background, (unsigned)t->panel, (unsigned)t->ink, (unsigned)t->ink2,
                  (unsigned)t->grid, (unsigned)t->bug, (unsigned)t->bug_text, (unsigned)t->calm);
}

/* In the colours of the picture. */
static void put_style(FILE *out, enum render_theme theme)
{
    (void)fprintf(out, "<style>\n:root{color-scheme:%s;", theme == RENDER_DARK ? "dark" : "light");
    put_colours(out, theme_of(theme));
    (void)fputs(
        "}\n"
        "body{margin:0 auto;max-width:75rem;padding:1rem;background:var(--background);"
        "color:var(--ink);font:1rem/1.5 \"DejaVu Sans\",Verdana,sans-serif}\n"
        "h1{font-size:1.4rem}h2{font-size:1.1rem}\n"
        ".badge{background:var(--calm);color:var(--background);padding:.1rem .6rem;"
        "border-radius:.25rem}\n"
        ".bug{background:var(--bug);color:var(--on-bug)}\n"
        ".place,dt{color:var(--second)}\n"
        "figure{margin:1rem 0;overflow-x:auto;border:1px solid var(--line);border-radius:.25rem}\n"
        "figure svg{display:block;margin:auto;max-width:100%;height:auto;min-width:40rem}\n"
        "figure text{pointer-events:none}\n"
        "pre{background:var(--panel);padding:.6rem;overflow-x:auto;user-select:all;"
        "-webkit-user-select:all}\n"
        "dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}\n"
        "</style>\n",
        out);
}

static void put_head(FILE *out, const struct trace *trace, enum render_theme theme)
{
    const struct sim_finding *f = trace->finding_count > 0 ? &trace->findings[0] : NULL;
    const char *badge = f == NULL ? "" : sim_finding_badge(f->kind);

    (void)fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">\n<title>",
                out);
    quote_markup(out, badge);
    (void)fputs(f == NULL ? "" : " in ", out);
    quote_markup(out, trace->program);
    (void)fputs("</title>\n", out);
    put_style(out, theme);
    (void)fputs("</head>\n<body>\n<main>\n<h1>", out);
    quote_markup(out, trace->program);
    (void)fputs("</h1>\n", out);
}

static void put_finding(FILE *out, const struct trace *trace, const struct sim_finding *f)
{
    (void)fputs("<section>\n<h2><span class=\"badge bug\">", out);
    quote_markup(out, sim_finding_badge(f->kind));
    (void)fputs("</span></h2>\n<p>", out);
    quote_markup(out, f->sentence);
    if (f->also > 0)
        (void)fprintf(out, " And %u more of this kind on the same object.", f->also);
    (void)fputs("</p>\n", out);
    if (f->step_count > 0)
        (void)fputs("<ol>\n", out);
    for (int i = 0; i < f->step_count; i++) {
        char place[LABEL_MAX];

        (void)fputs("<li>", out);
        quote_markup(out, f->steps[i].caption);
        (void)fprintf(out, " <span class=\"place\">step %u", f->steps[i].step);
        quote_markup(out, story_place(trace, &f->steps[i], place));
        (void)fputs("</span></li>\n", out);
    }
    (void)fputs(f->step_count > 0 ? "</ol>\n</section>\n" : "</section>\n", out);
}

static void put_fact(FILE *out, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    (void)fprintf(out, "<dt>%s</dt><dd>", name);
    quote_markup(out, value);
    (void)fputs("</dd>\n", out);
}

static void put_run(FILE *out, const struct trace *trace, const char *replay)
{
    const struct sim_event *last =
        trace->event_count == 0 ? NULL : &trace->events[trace->event_count - 1];
    char text[LABEL_MAX + 32];
    char time[LABEL_MAX];

    if (replay != NULL) {
        (void)fputs("<h2>See it again</h2>\n<pre><code>", out);
        quote_markup(out, replay);
        (void)fputs("</code></pre>\n", out);
    }
    (void)fputs("<h2>The run</h2>\n<dl>\n", out);
    put_fact(out, "parameters", trace->params);
    put_fact(out, "schedule by", trace->policy);
    put_fact(out, "freedom of tasks", trace->level);
    (void)snprintf(text, sizeof(text), "%s after step %u, %s", sim_outcome_words(trace->outcome),
                   last == NULL ? 0 : last->step,
                   timeline_time(last == NULL ? 0 : last->time_ns, time));
    put_fact(out, "outcome", text);
    (void)fputs("</dl>\n", out);
}

bool render_html(const struct trace *trace, const struct render_options *options, FILE *out,
                 char *error, size_t error_size)
{
    struct render_options picture = *options;
    unsigned char *svg = NULL;
    size_t length = 0;

    picture.tips = true;
    if (!render_svg_memory(trace, &picture, &svg, &length, error, error_size))
        return false;
    put_head(out, trace, options->theme);
    for (size_t i = 0; i < trace->finding_count; i++)
        put_finding(out, trace, &trace->findings[i]);
    if (trace->finding_count == 0)
        (void)fputs("<p><span class=\"badge\">CLEAN</span> Nothing was found in this run.</p>\n",
                    out);
    (void)fputs("<figure>\n", out);
    (void)fwrite(svg, 1, length, out);
    (void)fputs("</figure>\n", out);
    put_run(out, trace, options->replay);
    (void)fputs("</main>\n</body>\n</html>\n", out);
    free(svg);
    return true;
}
