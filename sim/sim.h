/* Everything that a scenario or a test may call. */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "sim/combine/coroutine.h"
#include "sim/combine/exception_group.h"
#include "sim/combine/gather.h"
#include "sim/combine/generator.h"
#include "sim/combine/task_group.h"
#include "sim/combine/timeout.h"
#include "sim/combine/wait.h"
#include "sim/combine/wait_for.h"
#include "sim/core/context.h"
#include "sim/core/future.h"
#include "sim/core/loop.h"
#include "sim/core/property.h"
#include "sim/core/runner.h"
#include "sim/core/sim.h"
#include "sim/core/task.h"
#include "sim/explore/check.h"
#include "sim/io/bytes.h"
#include "sim/io/file.h"
#include "sim/io/network.h"
#include "sim/io/process.h"
#include "sim/io/program.h"
#include "sim/io/reader.h"
#include "sim/io/stream.h"
#include "sim/io/writer.h"
#include "sim/sync/barrier.h"
#include "sim/sync/condition.h"
#include "sim/sync/event.h"
#include "sim/sync/lock.h"
#include "sim/sync/queue.h"
#include "sim/sync/semaphore.h"
#include "sim/thread/compute.h"
#include "sim/thread/executor.h"
#include "sim/thread/memory.h"
#include "sim/thread/mutex.h"
#include "sim/thread/thread.h"

/* A program's exceptions have a place in its source. */
#define sim_raise(sim, status, ...) sim_raise_at((sim), (status), SIM_HERE, __VA_ARGS__)

#endif
