/* Verdict: what a search was worth.  A search that was cut short has passed nothing. */
#ifndef SIM_EXPLORE_VERDICT_H
#define SIM_EXPLORE_VERDICT_H

enum explore_verdict {
    EXPLORE_EXHAUSTED,        /* every schedule was run, up to the order of independent steps */
    EXPLORE_BOUNDED,          /* every schedule within a bound */
    EXPLORE_SAMPLED,          /* so many of them */
    EXPLORE_STOPPED,          /* at the first error */
    EXPLORE_INCONCLUSIVE,     /* a limit came first */
    EXPLORE_NONDETERMINISTIC, /* the program did not repeat itself: the search means nothing */
};

#endif
