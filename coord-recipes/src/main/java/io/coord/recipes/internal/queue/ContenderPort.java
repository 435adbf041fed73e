package io.coord.recipes.internal.queue;

/**
 * What {@link ContenderCore} can have done for it. Each operation is answered by exactly one call of the core's method of
 * the same subject, on the core's queue and never from within the call itself.
 */
public interface ContenderPort {
    /** Id of the session that the client is in now, 0 when it has none. */
    long session();

    /**
     * Creates the contender's own znode, missing parents as containers. A znode that inherits a place is created only while
     * the znode of that place is there; a failure with NO_NODE says that it is not. Answer: {@code created} or
     * {@code createFailed}.
     */
    void create();

    /** Lists the queue. Answer: {@code listed} or {@code listFailed}. */
    void list();

    /**
     * Reads a node and leaves a one-shot watch on it if it is there. Answer: {@code watched} or {@code watchFailed}; when
     * it fires, {@code blockerChanged} with the same ticket.
     */
    void watch(String name, long ticket);

    /** Gives up the last watch, if there is one that has not fired. */
    void unwatch();

    /** Reads the stat of what may be the contender's own znode. Answer: {@code ownRead} or {@code ownReadFailed}. */
    void readOwn(String name);

    /** Answer: {@code deleted} or {@code deleteFailed}. */
    void delete(String name);

    /** Calls {@code pauseOver} with the ticket after a while that grows with the number of failures in a row. */
    void pause(int failures, long ticket);
}
