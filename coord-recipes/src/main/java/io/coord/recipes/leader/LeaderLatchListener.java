package io.coord.recipes.leader;

/**
 * Told when leadership comes and goes. Called on a callback thread of the client, never two calls of one registration at
 * once, in the order of the changes; by the time of the call it may have changed again. It must not make blocking calls of
 * the client.
 *
 * <pre>{@code
 * LeaderLatch latch = new LeaderLatch(client, "/leader", "shop-3");
 * latch.addListener(new LeaderLatchListener() {
 *     @Override
 *     public void isLeader(Leadership leadership) {
 *         executor.execute(() -> work());
 *     }
 *
 *     @Override
 *     public void notLeader(Leadership leadership) {
 *         stopWork();
 *     }
 * });
 * latch.start();
 * }</pre>
 */
public interface LeaderLatchListener {
    /** This latch is the leader now. */
    void isLeader(Leadership leadership);

    /**
     * This latch is not, or not certainly, the leader any more: the servers are out of reach, the session or the znode is
     * lost, or the latch was closed with {@link LeaderLatch.CloseMode#NOTIFY_LEADER}.
     *
     * @param leadership the one that is over
     */
    void notLeader(Leadership leadership);
}
