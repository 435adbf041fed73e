package io.coord.recipes.leader;

/**
 * A candidate of an election.
 *
 * <pre>{@code
 * LeaderLatch latch = new LeaderLatch(client, "/leader", "shop-3").start();
 * for (Participant each : latch.participants()) {
 *     use(each.id(), each.leader() ? "leads" : "waits");
 * }
 * }</pre>
 *
 * @param id what the candidate calls itself; may be empty
 * @param leader whether its znode is the first
 * @param sessionId of its client
 * @param fencingToken zxid at which its znode was created
 */
public record Participant(String id, boolean leader, String path, long sessionId, long fencingToken) {}
