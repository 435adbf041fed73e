package io.coord.recipes.leader;

/**
 * What only the leader does.
 *
 * <pre>{@code
 * LeaderTask task = leadership -> {
 *     leadership.ensureHeld();
 *     Thread.sleep(1000); // It is interrupted when the leadership is lost.
 * };
 * LeaderSelector selector = new LeaderSelector(client, "/leader", "shop-3", task, executor);
 * }</pre>
 */
@FunctionalInterface
public interface LeaderTask {
    /**
     * Runs while this selector is the leader; returning gives the leadership up. The thread is interrupted when the
     * leadership is lost or becomes uncertain, or when it is asked for, and should return soon then: meanwhile somebody else
     * may lead already. Writes that must not overlap go through {@link Leadership#guarded}.
     *
     * @throws Exception gives the leadership up as well; it is logged unless the task was interrupted
     */
    void takeLeadership(Leadership leadership) throws Exception;
}
