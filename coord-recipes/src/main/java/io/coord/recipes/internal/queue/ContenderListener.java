package io.coord.recipes.internal.queue;

/** What a contender tells its recipe, on the recipe's serial queue. {@code lost} or {@code left} is the last of it. */
public interface ContenderListener {
    /** It stands in the queue and someone is before it. Told each time that it starts to wait. */
    default void waiting() {}

    /** Its turn has come, and its znode belongs to the present session. Told once. */
    void granted(Place place);

    /** It was granted, and the servers are out of reach: nobody can say whether it still is. */
    void suspended();

    /** The servers confirmed, after {@code suspended}, that its znode is still there. */
    void restored();

    /** Its znode is gone although nobody here gave it up: the session has ended or somebody deleted it. */
    void lost();

    /** Somebody asks for its place, in Curator's way: its znode's data are {@code __REVOKE__} now. Told once. */
    default void releaseRequested() {}

    /** It could not get in. Told instead of {@code granted}; {@code left} follows when nothing of it is left behind. */
    void refused(RuntimeException cause);

    /** Its first attempt to leave was not confirmed. It goes on trying, and {@code left} tells when it has succeeded. */
    default void leaveDelayed() {}

    /** It was told to leave or was refused, and its znode is surely gone. */
    void left();
}
