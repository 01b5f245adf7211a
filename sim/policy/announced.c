#include "sim/policy/announced.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/vec.h"

static void begin(struct policy *policy)
{
    struct policy_announced *announced = (struct policy_announced *)policy;

    announced->option_count = 0;
    announced->count = 0;
    if (announced->inner != NULL && announced->inner->begin != NULL)
        announced->inner->begin(announced->inner);
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_announced *announced = (struct policy_announced *)policy;
    size_t end = announced->option_count + choice->count;

    /* Where only one thing can happen there is no choice, for a policy that is asked all the same.
     */
    if (choice->count > 1) {
        if (!vec_reserve(&announced->options, end, &announced->option_capacity,
                         sizeof(*announced->options)) ||
            !vec_reserve(&announced->ends, announced->count + 1, &announced->capacity,
                         sizeof(*announced->ends))) {
            announced->out_of_memory = true;
            return SIM_NO_MEMORY;
        }
        memcpy(&announced->options[announced->option_count], choice->options,
               choice->count * sizeof(*announced->options));
        announced->option_count = end;
        announced->ends[announced->count++] = end;
    }
    if (announced->inner == NULL || (choice->count == 1 && !announced->inner->every))
        return 0;
    return announced->inner->choose(announced->inner, choice);
}

void policy_announced_init(struct policy_announced *announced, struct policy *inner)
{
    *announced = (struct policy_announced){
        .policy = {.every = inner != NULL && inner->every, .begin = begin, .choose = choose},
        .inner = inner};
}

void policy_announced_free(struct policy_announced *announced)
{
    free(announced->options);
    free(announced->ends);
    /* Who chose may be gone by now. */
    policy_announced_init(announced, NULL);
}

const struct sim_option *policy_announced_at(const struct policy_announced *announced,
                                             size_t choice, size_t *count)
{
    size_t begins = choice == 0 ? 0 : announced->ends[choice - 1];

    *count = announced->ends[choice] - begins;
    return &announced->options[begins];
}
