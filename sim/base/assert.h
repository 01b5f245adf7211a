/* A bug of the simulator itself ends the process, in every build. */
#ifndef SIM_BASE_ASSERT_H
#define SIM_BASE_ASSERT_H

/* Print the failed expression and abort. */
_Noreturn void sim_assert_failed(const char *expr, const char *file, int line);

#define SIM_ASSERT(expr)                                                                           \
    (__builtin_expect(!!(expr), 1) ? (void)0 : sim_assert_failed(#expr, __FILE__, __LINE__))

#endif
