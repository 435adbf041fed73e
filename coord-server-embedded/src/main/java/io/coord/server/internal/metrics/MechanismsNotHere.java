package io.coord.server.internal.metrics;

import java.util.List;

/**
 * The metrics of parts that ZooKeeper has and this server has not: caches of responses, threads between which requests wait,
 * other members of an ensemble. They are shown, and are zero for ever, as most of them are on a single ZooKeeper server: rules
 * and dashboards that name them go on working. {@code docs/OPERATIONS.md} says which they are.
 */
final class MechanismsNotHere {
    private static final List<String> COUNTERS = List.of(
            "restore_error_count",
            "restore_rate_limited_count",
            "looking_count",
            "diff_count",
            "snap_count",
            "commit_count",
            "add_dead_watcher_stall_time",
            "dead_watchers_queued",
            "dead_watchers_cleared",
            "response_packet_cache_hits",
            "response_packet_cache_misses",
            "response_packet_get_children_cache_hits",
            "response_packet_get_children_cache_misses",
            "ensemble_auth_success",
            "ensemble_auth_fail",
            "ensemble_auth_skip",
            "prep_processor_request_queued",
            "outstanding_changes_queued",
            "outstanding_changes_removed",
            "revalidate_count",
            "request_commit_queued",
            "learner_proposal_received_count",
            "learner_commit_received_count",
            "proposal_count",
            "quit_leading_due_to_disloyal_voter",
            "stale_requests",
            "stale_requests_dropped",
            "stale_replies",
            "digest_mismatches_count",
            "insecure_admin_count",
            "skip_learner_request_to_next_processor_count",
            "requests_not_forwarded_to_commit_processor");

    private static final List<String> SUMMARIES = List.of(
            "restore_time",
            "follower_sync_time",
            "observer_sync_time",
            "election_time",
            "connection_token_deficit",
            "inflight_snap_count",
            "inflight_diff_count",
            "prep_processor_queue_size",
            "prep_process_time",
            "proposal_process_time",
            "unavailable_time",
            "leader_unavailable_time",
            "requests_in_session_queue",
            "pending_session_queue_size",
            "reads_after_write_in_session_queue",
            "reads_issued_from_session_queue",
            "session_queues_drained",
            "time_waiting_empty_pool_in_commit_processor_read_ms",
            "write_batch_time_in_commit_processor",
            "concurrent_request_processing_in_commit_processor",
            "read_commit_proc_req_queued",
            "write_commit_proc_req_queued",
            "commit_commit_proc_req_queued",
            "read_commit_proc_issued",
            "write_commit_proc_issued",
            "commit_process_time",
            "sync_processor_queue_size",
            "sync_process_time",
            "netty_queued_buffer_capacity",
            "learner_request_processor_queue_size",
            "socket_closing_time");

    private static final List<String> DETAILED_SUMMARIES = List.of(
            "dead_watchers_cleaner_latency",
            "prep_processor_queue_time_ms",
            "close_session_prep_time",
            "read_commitproc_time_ms",
            "write_commitproc_time_ms",
            "local_write_committed_time_ms",
            "server_write_committed_time_ms",
            "om_proposal_process_time_ms",
            "om_commit_process_time_ms",
            "read_final_proc_time_ms",
            "write_final_proc_time_ms",
            "proposal_latency",
            "proposal_ack_creation_latency",
            "commit_propagation_latency",
            "sync_processor_queue_and_flush_time_ms",
            "sync_processor_queue_time_ms",
            "quorum_ack_latency",
            "request_throttle_queue_time_ms");

    private MechanismsNotHere() {}

    static void register(MetricRegister register) {
        COUNTERS.forEach(register::counter);
        SUMMARIES.forEach(name -> register.summary(name, DetailLevel.BASIC));
        DETAILED_SUMMARIES.forEach(name -> register.summary(name, DetailLevel.ADVANCED));
    }
}
