#include "sim/policy/pct.h"

#include "sim/base/assert.h"
#include "sim/trace/reader.h"

static void begin(struct policy *policy)
{
    struct policy_pct *pct = (struct policy_pct *)policy;

    pct->number = pct->execution++;
    pct->length = 0;
    priorities_begin(&pct->priorities, pct->seed, pct->number);
    for (uint32_t label = 1; label < pct->depth; label++)
        pct->points[label] = prng_below(&pct->priorities.prng, pct->assumed);
}

/* The option of the highest priority; SIM_NO_MEMORY: there is none for it. */
static uint32_t highest(struct policy_pct *pct, const struct sim_choice *choice)
{
    uint32_t best = 0;
    uint64_t most = 0;

    for (uint32_t i = 0; i < choice->count; i++) {
        const uint64_t *priority = priorities_get(&pct->priorities, choice->options[i].actor);

        if (priority == NULL)
            return SIM_NO_MEMORY;
        if (*priority > most) {
            most = *priority;
            best = i;
        }
    }
    return best;
}

static uint32_t by_priority(struct policy_pct *pct, const struct sim_choice *choice, uint32_t at)
{
    uint32_t best = highest(pct, choice);

    for (uint32_t label = 1; label < pct->depth && sim_is_option(best); label++) {
        if (pct->points[label] != at)
            continue;
        *priorities_get(&pct->priorities, choice->options[best].actor) = label;
        best = highest(pct, choice);
    }
    return best;
}

static void measure(struct policy_pct *pct)
{
    if (pct->length > pct->longest)
        pct->longest = pct->length;
    if (pct->number < PCT_PROFILE && pct->length > pct->assumed)
        pct->assumed = pct->length;
    if (pct->priorities.actors > pct->actors)
        pct->actors = pct->priorities.actors;
}

static uint32_t choose(struct policy *policy, const struct sim_choice *choice)
{
    struct policy_pct *pct = (struct policy_pct *)policy;

    if (sim_choice_is_number(choice->kind)) {
        pct->numbers = true;
        return pct->number == 0 ? 0 : prng_below(&pct->priorities.prng, choice->count);
    }
    uint32_t at = pct->length++;
    /* While measuring, too: who is seen is counted. */
    uint32_t taken = highest(pct, choice);

    if (sim_is_option(taken) && pct->number >= PCT_PROFILE)
        taken = by_priority(pct, choice, at);
    else if (sim_is_option(taken))
        taken = pct->number == 0 ? 0 : prng_below(&pct->priorities.prng, choice->count);
    measure(pct);
    return taken;
}

void policy_pct_init(struct policy_pct *pct, uint64_t seed, uint32_t depth)
{
    SIM_ASSERT(depth >= 1 && depth <= PCT_DEPTH_MOST);
    *pct = (struct policy_pct){.policy = {.begin = begin, .choose = choose},
                               .seed = seed,
                               .depth = depth,
                               .assumed = 1,
                               .actors = 1};
}

void policy_pct_free(struct policy_pct *pct)
{
    priorities_free(&pct->priorities);
}

void policy_pct_save(const struct policy_pct *pct, FILE *out)
{
    (void)fprintf(out, "measured %u %u %u %d\n", pct->assumed, pct->longest, pct->actors,
                  pct->numbers);
}

bool policy_pct_load(struct policy_pct *pct, struct reader *in)
{
    if (!reader_key(in, "measured") || !reader_u32(in, UINT32_MAX, &pct->assumed) ||
        !reader_u32(in, UINT32_MAX, &pct->longest) || !reader_u32(in, UINT32_MAX, &pct->actors) ||
        !reader_flag(in, &pct->numbers) || !reader_end(in))
        return false;
    return (pct->assumed > 0 && pct->actors > 0) || reader_fail(in, "nothing was measured");
}

double policy_pct_bound(uint32_t actors, uint32_t length, uint32_t depth)
{
    double bound = 1.0 / actors;

    for (uint32_t i = 1; i < depth; i++)
        bound /= length;
    return bound;
}

double policy_pct_at_least_once(double bound, uint64_t executions)
{
    double sum = 0;     /* for the executions taken so far */
    double one = bound; /* for 1, 2, 4, 8 ... */

    /* Small probabilities survive, which 1 - p would round away. */
    for (; executions > 0; executions >>= 1) {
        if (executions & 1)
            sum = sum + one - sum * one;
        one = one * (2 - one);
    }
    return sum;
}
