package io.coord.client.internal.session;

/** What becomes of a request that was sent when its connection breaks before the answer came. */
public enum Repeat {
    /** Changes nothing, so it is sent again until its deadline, and its failure is always certain. */
    READ,
    /** Changes something: it fails at once, outcome unknown. */
    WRITE,
    /** Changes something, but whoever made the call can tell a second execution from the first: it is sent again. */
    IDEMPOTENT
}
