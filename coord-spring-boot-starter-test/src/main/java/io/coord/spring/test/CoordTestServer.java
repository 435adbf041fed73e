package io.coord.spring.test;

/** Which server the application of a test uses. */
public enum CoordTestServer {

    /** One that starts and ends with the application context. */
    PER_CONTEXT,

    /**
     * One for all contexts that say so, from the first of them to the end of the JVM. Each context has a part of the tree of its own, and
     * its own way there; a stop and the clock of the server are felt by all.
     */
    SHARED
}
