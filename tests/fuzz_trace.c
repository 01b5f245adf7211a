/* A fuzzer of the trace reader, for clang:
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -D_GNU_SOURCE -I. tests/fuzz_trace.c \
 *       sim/trace/[a-z]*.c sim/base/[a-z]*.c -o fuzz_trace && ./fuzz_trace tests/golden/traces */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/base/assert.h"
#include "sim/trace/file.h"
#include "sim/trace/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[256];
    struct trace *trace = trace_parse((const char *)data, size, "input", error, sizeof(error));

    if (trace != NULL) {
        size_t length = 0;
        char *text = trace_format(trace, &length);
        struct trace *again = trace_parse(text, length, "again", error, sizeof(error));

        SIM_ASSERT(again != NULL);
        free(text);
        trace_free(again);
    }
    trace_free(trace);
    return 0;
}
