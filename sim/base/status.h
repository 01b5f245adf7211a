/* What an operation tells the program under test: success, or which exception was raised. */
#ifndef SIM_BASE_STATUS_H
#define SIM_BASE_STATUS_H

#include <stdbool.h>

/* One row a status: constant, the name of the Python exception that it mirrors. */
#define SIM_STATUSES(X)                                                                            \
    X(SIM_OK, "OK")                                                                                \
    X(SIM_CANCELLED, "CancelledError")                                                             \
    X(SIM_TIMEOUT, "TimeoutError")                                                                 \
    X(SIM_INVALID_STATE, "InvalidStateError")                                                      \
    X(SIM_RUNTIME_ERROR, "RuntimeError")                                                           \
    X(SIM_VALUE_ERROR, "ValueError")                                                               \
    X(SIM_TYPE_ERROR, "TypeError")                                                                 \
    X(SIM_LOOKUP_ERROR, "LookupError")                                                             \
    X(SIM_KEY_ERROR, "KeyError")                                                                   \
    X(SIM_ZERO_DIVISION, "ZeroDivisionError")                                                      \
    X(SIM_CONNECTION_ERROR, "ConnectionError")                                                     \
    X(SIM_OS_ERROR, "OSError")                                                                     \
    X(SIM_ASSERTION_ERROR, "AssertionError")                                                       \
    X(SIM_EXCEPTION_GROUP, "ExceptionGroup")                                                       \
    X(SIM_KEYBOARD_INTERRUPT, "KeyboardInterrupt")                                                 \
    X(SIM_SYSTEM_EXIT, "SystemExit")                                                               \
    X(SIM_GENERATOR_EXIT, "GeneratorExit")                                                         \
    X(SIM_STOP_ITERATION, "StopIteration")                                                         \
    X(SIM_STOP_ASYNC_ITERATION, "StopAsyncIteration")                                              \
    X(SIM_EXCEPTION, "Exception")                                                                  \
    X(SIM_QUEUE_EMPTY, "QueueEmpty")                                                               \
    X(SIM_QUEUE_FULL, "QueueFull")                                                                 \
    X(SIM_QUEUE_SHUT_DOWN, "QueueShutDown")                                                        \
    X(SIM_BROKEN_BARRIER, "BrokenBarrierError")                                                    \
    X(SIM_CONNECTION_REFUSED, "ConnectionRefusedError")                                            \
    X(SIM_CONNECTION_RESET, "ConnectionResetError")                                                \
    X(SIM_BROKEN_PIPE, "BrokenPipeError")                                                          \
    X(SIM_GAI_ERROR, "gaierror")                                                                   \
    X(SIM_FILE_NOT_FOUND, "FileNotFoundError")                                                     \
    X(SIM_PROCESS_LOOKUP, "ProcessLookupError")                                                    \
    X(SIM_INCOMPLETE_READ, "IncompleteReadError")                                                  \
    X(SIM_LIMIT_OVERRUN, "LimitOverrunError")

enum sim_status {
#define SIM_STATUS_ENUM(id, name) id,
    SIM_STATUSES(SIM_STATUS_ENUM)
#undef SIM_STATUS_ENUM
        SIM_STATUS_COUNT
};

#define SIM_MUST_USE __attribute__((warn_unused_result))

/* Return early from a task body unless expr is SIM_OK. */
#define SIM_TRY(expr)                                                                              \
    do {                                                                                           \
        enum sim_status sim_try_status_ = (expr);                                                  \
        if (sim_try_status_ != SIM_OK)                                                             \
            return sim_try_status_;                                                                \
    } while (0)

/* True for what Python would catch as an OSError: also ConnectionError and its kinds, TimeoutError,
 * gaierror, FileNotFoundError, ProcessLookupError. */
bool sim_is_os_error(enum sim_status status);

/* The exception's name, e.g. "TimeoutError"; "OK" for SIM_OK. */
const char *sim_status_name(enum sim_status status);

#endif
