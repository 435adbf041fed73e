package io.coord.verification.server;

/** A server in the test's own process, which can be told what no client may tell it. Thread-safe. */
public interface InProcessServer extends ServerUnderTest {
    /** Ends a session as if its client had been silent for too long; it is under way to its end when this returns. */
    void expireSession(long sessionId);
}
