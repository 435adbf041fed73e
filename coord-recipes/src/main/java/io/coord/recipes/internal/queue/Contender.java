package io.coord.recipes.internal.queue;

/** One contender in a queue of znodes. Its methods are called on the recipe's serial queue only. */
public interface Contender {
    /** Gives up waiting, or gives up the place. The listener hears {@code left} when the znode is surely gone. */
    void leave();

    /**
     * From now on {@code lost} is told as soon as somebody deletes the znode, not only when the session ends, and
     * {@code releaseRequested} when somebody asks for the place.
     */
    void watchOwnNode();

    /** Somebody has reason to think that the znode is gone: have a look. */
    void verify();

    /** Makes contenders and has them enter. */
    @FunctionalInterface
    interface Factory {
        Contender enter(Entrance entrance, ContenderListener listener);
    }
}
