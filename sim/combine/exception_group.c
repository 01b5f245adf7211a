#include "sim/combine/exception_group.h"

#include <string.h>

#include "sim/core/state.h"

/* The message without what group_new has added. */
static const char *bare_message(struct sim *sim, const struct sim_exception *group)
{
    const char *end = strrchr(group->message, '(');

    return sim_format(sim, "%.*s", (int)(end - group->message - 1), group->message);
}

static const struct sim_exception *group_new(struct sim *sim, const char *message,
                                             const struct sim_exception *const *members,
                                             size_t count)
{
    const char *text =
        sim_format(sim, "%s (%zu sub-exception%s)", message, count, count == 1 ? "" : "s");
    const struct sim_exception **copy = sim_alloc(sim, count * sizeof(*copy));
    struct sim_exception *group = sim_alloc(sim, sizeof(*group));

    for (size_t i = 0; i < count; i++)
        copy[i] = members[i];
    *group = (struct sim_exception){
        .kind = SIM_EXCEPTION_GROUP, .message = text, .members = copy, .member_count = count};
    return group;
}

enum sim_status sim_raise_group(struct sim *sim, const char *message,
                                const struct sim_exception *const *members, size_t count)
{
    if (count == 0)
        return sim_raise(sim, SIM_VALUE_ERROR,
                         "second argument (exceptions) must be a non-empty sequence");
    const struct sim_exception *group = group_new(sim, message, members, count);
    enum sim_status status = sim_raise(sim, SIM_EXCEPTION_GROUP, "%s", group->message);

    *sim_raised(sim) = group;
    return status;
}

const struct sim_exception *const *sim_exception_members(const struct sim_exception *exception,
                                                         size_t *count)
{
    *count = exception->member_count;
    return exception->members;
}

/* A group of what is in parts; NULL if nothing is. */
static const struct sim_exception *regroup(struct sim *sim, const struct sim_exception *group,
                                           const struct sim_exception *const *parts, size_t count)
{
    if (count == 0)
        return NULL;
    return count == group->member_count && parts[0] == group->members[0] &&
                   memcmp(parts, group->members, count * sizeof(*parts)) == 0
               ? group
               : group_new(sim, bare_message(sim, group), parts, count);
}

/* As deep as groups are nested, which whoever nested them has on his stack, too. */
/* NOLINTNEXTLINE(misc-no-recursion) */
void sim_exception_split(struct sim *sim, const struct sim_exception *exception,
                         enum sim_status kind, const struct sim_exception **matched,
                         const struct sim_exception **rest)
{
    size_t count = exception->member_count;

    *matched = NULL;
    *rest = NULL;
    if (exception->kind == kind || exception->kind != SIM_EXCEPTION_GROUP) {
        *(exception->kind == kind ? matched : rest) = exception;
        return;
    }
    const struct sim_exception **in = sim_alloc(sim, 2 * count * sizeof(*in));
    const struct sim_exception **out = in + count;
    size_t in_count = 0;
    size_t out_count = 0;

    for (size_t i = 0; i < count; i++) {
        const struct sim_exception *yes = NULL;
        const struct sim_exception *no = NULL;

        sim_exception_split(sim, exception->members[i], kind, &yes, &no);
        if (yes != NULL)
            in[in_count++] = yes;
        if (no != NULL)
            out[out_count++] = no;
    }
    *matched = regroup(sim, exception, in, in_count);
    *rest = regroup(sim, exception, out, out_count);
}
