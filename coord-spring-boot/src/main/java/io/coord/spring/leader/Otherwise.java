package io.coord.spring.leader;

/** What a call of a {@link LeaderOnly} method does in an application that does not lead. */
public enum Otherwise {

    /**
     * Nothing: it returns {@code null}, an empty {@code Optional} or a {@code CompletionStage} that is complete with {@code null}. A
     * method that returns a primitive type or a publisher cannot be skipped; the application does not start with it.
     */
    SKIP,

    /** It throws a {@link NotLeaderException}. */
    THROW
}
