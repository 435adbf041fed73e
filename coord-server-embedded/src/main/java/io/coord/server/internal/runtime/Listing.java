package io.coord.server.internal.runtime;

import java.util.List;

/**
 * Something long of the owner thread's, handed out a little at a time: the owner goes on with its work in between. So what comes
 * or goes meanwhile may be in it or not. Owner thread.
 */
public interface Listing<T> {
    /** How many entries there were at its begin. */
    int size();

    /**
     * The next entries.
     *
     * @param most at most so many
     * @return empty when there are none left
     */
    List<T> next(int most);
}
