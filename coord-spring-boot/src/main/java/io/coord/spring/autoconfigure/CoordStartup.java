package io.coord.spring.autoconfigure;

/** What the start of the application does about the first connection. */
public enum CoordStartup {

    /** Goes on at once; calls wait for the connection within their own deadline. */
    LAZY,

    /** Waits for the connection for a while, then goes on without it. */
    WAIT,

    /** Waits for the connection for a while, then fails the start of the application. */
    FAIL
}
