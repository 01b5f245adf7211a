/* The stories that come with Pickglass: one file each, and one table of them all. */
#ifndef SCENARIOS_SCENARIOS_H
#define SCENARIOS_SCENARIOS_H

#include "sim/explore/scenario.h"

/* In the order in which they are listed. */
/* clang-format off */
#define SCENARIOS(X) \
    /* coroutines and tasks */ \
    X(hello_world) X(rocket) X(say_after) X(coroutine_object) X(coroutine_never_awaited) \
    X(task_starts_later) X(task_in_background) X(task_names) X(task_state) \
    X(task_result_after_turn) X(current_task) X(all_tasks) X(done_callback) \
    X(ensure_future) X(await_future) X(main_ends_early) X(sleep_clock) X(runner_hello) \
    /* many at once */ \
    X(gather_two) X(gather_data) X(gather_factorial) X(gather_many) X(gather_jobs) \
    X(gather_groups) X(gather_futures) X(gather_users) X(gather_exception) \
    X(gather_return_exceptions) X(wait_three) X(wait_all) X(wait_first) \
    X(wait_hello_world) X(wait_in_stages) X(exception_never_retrieved) X(as_completed) \
    X(as_completed_at_once) X(as_completed_timeout) X(task_group) X(task_group_failure) \
    /* cancellation and time-outs */ \
    X(cancel_task) X(cancel_then_shield) X(shield_task) X(shield_cancel) \
    X(wait_for_slow) X(wait_for_message) X(wait_for_task) X(timeout_gather) \
    X(timeout_vs_completion) X(timeout_vs_completion_fixed) X(task_group_cancel_race) \
    X(task_group_cancel_race_fixed) X(timeout_tie) X(timeout_tie_fixed) X(cancel_swallowed) \
    X(cancel_swallowed_fixed) \
    /* what blocks */ \
    X(blocking_sequence) X(cpu_bound_yields) X(to_thread) X(to_thread_beside) \
    X(gil_threads_vs_processes) \
    /* iterators, generators, managers */ \
    X(generator_round_robin) X(generator_next) X(async_iterator) X(async_generator_next) \
    X(async_generator_for) X(async_comprehension) X(async_context_manager) \
    X(connection_manager) \
    /* networks, processes, files */ \
    X(name_lookup) X(http_status) X(echo_server) X(subprocess_exec) X(subprocess_wait) \
    X(subprocess_shell) X(subprocess_echo) X(file_append) \
    /* synchronisation */ \
    X(semaphore_requests) X(event_set) X(condition_notify_all) X(condition_wait_for) \
    X(lost_wakeup) X(download_slots) X(download_slots_fixed) X(queue_join) \
    X(queue_join_fixed) X(empty_plate) X(empty_plate_fixed) \
    /* races */ \
    X(counter_race) X(counter_lock) X(counter_race_threads) X(counter_lock_threads) \
    X(counter_atomic) X(check_then_act_cache) X(check_then_act_cache_fixed) \
    X(double_checked_init) X(double_checked_init_fixed) X(bank_transfer) \
    X(bank_transfer_abba) X(bank_transfer_fixed) X(publish) X(publish_fixed) \
    X(cache_stampede) X(cache_stampede_fixed) X(connection_pool) X(connection_pool_cancel) \
    X(connection_pool_fixed) X(pool_cancel_acquire) X(pool_cancel_acquire_fixed) \
    X(parking_lot) X(parking_lot_fixed) X(autosave) X(autosave_fixed) X(on_call) \
    X(on_call_fixed) \
    /* mutexes and condition variables by hand */ \
    X(bounded_buffer) X(bounded_buffer_if) X(bounded_buffer_fixed) X(readers_writers) \
    X(readers_writers_fixed) X(barrier_reuse) X(barrier_reuse_fixed) \
    X(spurious_wakeup) X(spurious_wakeup_fixed) X(late_answer) X(late_answer_fixed) \
    X(doorbell) X(doorbell_fixed) X(early_return) X(early_return_fixed) X(unfair_lock) \
    X(unfair_lock_fixed) X(priority_inversion) X(priority_inversion_fixed) \
    X(deadlock_timedlock) X(deadlock_timedlock_fixed) \
    X(mutex_across_await) X(mutex_across_await_fixed) \
    /* without locks */ \
    X(peterson) X(peterson_late) X(dekker) X(lock_free_stack) X(lock_free_stack_fixed) \
    X(work_stealing_queue) X(work_stealing_queue_fixed) \
    /* measures of a search */ \
    X(readers) X(writers_reader) X(last_zero) X(indexer) X(file_system) \
    X(circular_buffer) X(fib_bench) X(fib_bench_tight) \
    /* deadlocks, and a livelock */ \
    X(deadlock_self) X(deadlock_abba) X(deadlock_ordered) X(deadlock_timeout) \
    X(deadlock_abandoned) X(dining_philosophers) X(deadlock_abba_threads) \
    X(deadlock_ordered_threads) X(dining_philosophers_threads) \
    X(dining_philosophers_threads_fixed) X(corridor) X(corridor_fixed)
/* clang-format on */

#define SCENARIO_DECLARE(name) extern const struct sim_scenario name;
SCENARIOS(SCENARIO_DECLARE)
#undef SCENARIO_DECLARE

/* Every scenario, in the order in which they are listed; ends with NULL. */
extern const struct sim_scenario *const scenarios[];

/* The scenario with this name; NULL if there is none. */
const struct sim_scenario *scenario_find(const char *name);

#endif
