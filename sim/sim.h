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
#include "sim/core/runner.h"
#include "sim/core/sim.h"
#include "sim/core/task.h"
#include "sim/explore/check.h"
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

#endif
