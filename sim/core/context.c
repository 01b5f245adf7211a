#include "sim/core/context_state.h"

struct context_entry {
    const struct sim_context_var *var;
    struct sim_value value;
};

/* Never changed: a context that sets a variable gets a new one, and its copies keep the old. */
struct context_map {
    size_t count;
    struct context_entry entries[];
};

struct sim_context_var {
    struct sim *sim;
    const char *name;
    struct sim_value fallback;
    bool has_fallback;
};

struct sim_context_token {
    const struct sim_context_var *var;
    const struct sim_context *context;
    struct sim_value before;
    bool had_value;
    bool used;
};

struct sim_context_var *sim_context_var_new(struct sim *sim, const char *name)
{
    struct sim_context_var *var = sim_alloc(sim, sizeof(*var));

    var->sim = sim;
    var->name = sim_strdup(sim, name);
    return var;
}

struct sim_context_var *sim_context_var_new_default(struct sim *sim, const char *name,
                                                    struct sim_value value)
{
    struct sim_context_var *var = sim_context_var_new(sim, name);

    var->fallback = value;
    var->has_fallback = true;
    return var;
}

/* The index of a variable's entry; the count if it has none. */
static size_t find(const struct context_map *map, const struct sim_context_var *var)
{
    size_t count = map == NULL ? 0 : map->count;

    for (size_t i = 0; i < count; i++)
        if (map->entries[i].var == var)
            return i;
    return count;
}

/* A map of the same entries, and room for some more, of which none counts yet. */
static struct context_map *copy(struct sim *sim, const struct context_map *map, size_t more)
{
    size_t count = map == NULL ? 0 : map->count;
    struct context_map *fresh =
        sim_alloc(sim, sizeof(*fresh) + (count + more) * sizeof(struct context_entry));

    fresh->count = count;
    for (size_t i = 0; i < count; i++)
        fresh->entries[i] = map->entries[i];
    return fresh;
}

static void put(struct sim *sim, struct sim_context *context, const struct sim_context_var *var,
                struct sim_value value)
{
    size_t index = find(context->map, var);
    struct context_map *fresh = copy(sim, context->map, 1);

    fresh->entries[index] = (struct context_entry){var, value};
    if (index == fresh->count)
        fresh->count++;
    context->map = fresh;
}

static void drop(struct sim *sim, struct sim_context *context, const struct sim_context_var *var)
{
    size_t index = find(context->map, var);
    struct context_map *fresh = copy(sim, context->map, 0);

    if (index == fresh->count)
        return;
    fresh->count--;
    for (; index < fresh->count; index++)
        fresh->entries[index] = fresh->entries[index + 1];
    context->map = fresh;
}

enum sim_status sim_context_var_get(struct sim_context_var *var, struct sim_value *value)
{
    const struct context_map *map = context_current(var->sim)->map;
    size_t index = find(map, var);

    if (map != NULL && index < map->count)
        *value = map->entries[index].value;
    else if (var->has_fallback)
        *value = var->fallback;
    else
        return sim_raise(var->sim, SIM_LOOKUP_ERROR, "%s has no value", var->name);
    return SIM_OK;
}

struct sim_context_token *sim_context_var_set(struct sim_context_var *var, struct sim_value value)
{
    struct sim_context *context = context_current(var->sim);
    struct sim_context_token *token = sim_alloc(var->sim, sizeof(*token));
    size_t index = find(context->map, var);

    token->var = var;
    token->context = context;
    token->had_value = context->map != NULL && index < context->map->count;
    if (token->had_value)
        token->before = context->map->entries[index].value;
    put(var->sim, context, var, value);
    return token;
}

enum sim_status sim_context_var_reset(struct sim_context_var *var, struct sim_context_token *token)
{
    struct sim_context *context = context_current(var->sim);

    if (token->used)
        return sim_raise(var->sim, SIM_RUNTIME_ERROR, "the token has already been used once");
    if (token->var != var)
        return sim_raise(var->sim, SIM_VALUE_ERROR, "the token is another variable's");
    if (token->context != context)
        return sim_raise(var->sim, SIM_VALUE_ERROR, "the token was created in a different Context");
    token->used = true;
    if (token->had_value)
        put(var->sim, context, var, token->before);
    else
        drop(var->sim, context, var);
    return SIM_OK;
}

struct sim_context *sim_copy_context(struct sim *sim)
{
    struct sim_context *context = sim_alloc(sim, sizeof(*context));

    context->map = context_current(sim)->map;
    return context;
}

/* Is it entered, by whoever is in `current`, or by somebody else?  What a task was given is not
 * marked: the task is in it. */
static bool is_entered(const struct sim_context *context, const struct sim_context *current)
{
    for (const struct sim_context *at = current; at != NULL;
         at = at->below == at ? NULL : at->below)
        if (at == context)
            return true;
    return context->below != NULL;
}

enum sim_status sim_context_run(struct sim *sim, struct sim_context *context, sim_body_fn body,
                                void *arg)
{
    struct sim_thread *thread = sim->running;
    struct sim_task *task = thread->task;
    struct sim_context **current = task != NULL ? &task->context : &thread->context;
    struct sim_context *before = *current;

    if (is_entered(context, before))
        return sim_raise(sim, SIM_RUNTIME_ERROR, "cannot enter context: it is already entered");
    context->below = before != NULL ? before : context;
    *current = context;
    enum sim_status status = body(sim, arg);

    *current = before;
    context->below = NULL;
    return status;
}
