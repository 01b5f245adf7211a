/* What the writer and the reader of trace files must agree on. */
#ifndef SIM_TRACE_FILE_FORMAT_H
#define SIM_TRACE_FILE_FORMAT_H

#define TRACE_FILE_MAGIC "pickglass-trace"
#define TRACE_FILE_VERSION "1"
#define TRACE_FILE_FIRST_LINE TRACE_FILE_MAGIC " " TRACE_FILE_VERSION
#define TRACE_FILE_LAST_LINE "end"

#endif
