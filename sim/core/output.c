/* What a program says: printed lines, formatted strings, raised exceptions, failed checks. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/format.h"
#include "sim/core/state.h"
#include "sim/core/task_state.h"

enum { SHORT = 256 };

static const char *format_arena(struct sim *sim, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));
static uint32_t format_registry(struct sim *sim, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static const char *format_arena(struct sim *sim, const char *format, va_list args)
{
    char plain[SHORT];
    bool room = sim->arena.end - sim->arena.cursor >= SHORT;
    size_t count = 0;
    va_list again;

    /* Where it is to stay, if that is there already. */
    if (format_plain(room ? sim->arena.cursor : plain, SHORT, format, args, &count)) {
        char *text = arena_alloc(&sim->arena, count + 1);

        if (text == NULL)
            sim_out_of_arena(sim, count + 1, ARENA_PIECE);
        return room ? text : memcpy(text, plain, count + 1);
    }
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);

    va_end(again);
    SIM_ASSERT(length >= 0);
    char *text = sim_alloc(sim, (size_t)length + 1);

    (void)vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

const char *sim_format(struct sim *sim, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *text = format_arena(sim, format, args);

    va_end(args);
    return text;
}

static uint32_t text_id(struct sim *sim, const char *text, size_t length)
{
    uint32_t id = registry_text(sim->registry, text, length);

    if (id == 0)
        sim_out_of_memory(sim);
    return id;
}

/* As format_arena, for a text that only those want who listen: it must not bring the run nearer to
 * its limit on memory, for it would end earlier than one to which nobody listens. */
static uint32_t format_registry(struct sim *sim, const char *format, va_list args)
{
    char plain[SHORT];
    size_t count = 0;
    va_list again;

    if (format_plain(plain, SHORT, format, args, &count))
        return text_id(sim, plain, count);
    va_copy(again, args);
    int length = vsnprintf(plain, SHORT, format, again);

    va_end(again);
    SIM_ASSERT(length >= 0);
    if (length < SHORT)
        return text_id(sim, plain, (size_t)length);
    char *text = malloc((size_t)length + 1);

    if (text == NULL)
        sim_out_of_memory(sim);
    (void)vsnprintf(text, (size_t)length + 1, format, args);
    uint32_t id = registry_text(sim->registry, text, (size_t)length);

    free(text);
    if (id == 0)
        sim_out_of_memory(sim);
    return id;
}

void sim_print(struct sim *sim, const char *format, ...)
{
    va_list args;

    if (!sim->wanted[SIM_EV_PRINT]) {
        sim_op(sim, SIM_EV_PRINT);
        return;
    }
    if (!sim->words) {
        sim_op(sim, SIM_EV_PRINT, .actor = sim_actor(sim));
        return;
    }
    va_start(args, format);
    uint32_t text = format_registry(sim, format, args);

    va_end(args);
    sim_op(sim, SIM_EV_PRINT, .actor = sim_actor(sim), .value = text);
}

bool(sim_check)(struct sim *sim, bool ok, const struct sim_site *site, const char *format, ...)
{
    va_list args;

    if (ok || sim->sink_count == 0)
        return ok;
    if (sim->summary != NULL)
        sim_refuse(sim);
    va_start(args, format);
    uint32_t text = format_registry(sim, format, args);

    va_end(args);
    sim_op(sim, SIM_EV_CHECK, .actor = sim_actor(sim), .value = text, .site = site);
    return false;
}

const struct sim_exception *sim_exception_new(struct sim *sim, enum sim_status kind,
                                              const char *message,
                                              const struct sim_exception *cause)
{
    struct sim_exception *exception = sim_alloc(sim, sizeof(*exception));

    SIM_ASSERT(kind > SIM_OK && kind < SIM_STATUS_COUNT);
    exception->kind = kind;
    exception->message = message == NULL ? "" : message;
    exception->cause = cause;
    return exception;
}

const struct sim_exception **sim_raised(struct sim *sim)
{
    struct sim_thread *thread = sim->running;

    return thread->task != NULL ? &thread->task->raised : &thread->raised;
}

static enum sim_status raise_message(struct sim *sim, enum sim_status status, const char *message,
                                     const struct sim_site *site)
{
    *sim_raised(sim) = sim_exception_new(sim, status, message, NULL);
    if (sim->sink_count != 0 && sim->summary == NULL)
        sim_op(sim, SIM_EV_RAISE, .actor = sim_actor(sim), .aux = status,
               .value = text_id(sim, message, strlen(message)), .site = site);
    else
        sim_op(sim, SIM_EV_RAISE);
    return status;
}

enum sim_status sim_raise(struct sim *sim, enum sim_status status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *message = format_arena(sim, format, args);

    va_end(args);
    return raise_message(sim, status, message, NULL);
}

enum sim_status sim_raise_at(struct sim *sim, enum sim_status status, const struct sim_site *site,
                             const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const char *message = format_arena(sim, format, args);

    va_end(args);
    return raise_message(sim, status, message, site);
}

const struct sim_exception *sim_ended_with(struct sim *sim, enum sim_status status,
                                           const struct sim_exception *raised)
{
    if (status == SIM_OK)
        return NULL;
    return raised != NULL && raised->kind == status ? raised
                                                    : sim_exception_new(sim, status, "", NULL);
}

enum sim_status sim_return(struct sim *sim, struct sim_value value)
{
    struct sim_thread *thread = sim->running;

    if (thread->task != NULL)
        thread->task->future.value = value;
    else
        thread->value = value;
    return SIM_OK;
}

enum sim_status sim_exception_kind(const struct sim_exception *exception)
{
    return exception->kind;
}

const char *sim_exception_message(const struct sim_exception *exception)
{
    return exception->message;
}

const struct sim_exception *sim_exception_cause(const struct sim_exception *exception)
{
    return exception->cause;
}

const struct sim_exception *sim_exception(const struct sim *sim)
{
    const struct sim_thread *thread = sim->running;

    return thread->task != NULL ? thread->task->raised : thread->raised;
}
