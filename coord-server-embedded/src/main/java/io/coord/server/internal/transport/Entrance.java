package io.coord.server.internal.transport;

/** Which way a connection has come in. */
enum Entrance {
    /** From within this process. */
    IN_PROCESS,
    /** By a port for plain text. */
    PLAIN,
    /** By a port that takes both; only its first byte tells. */
    EITHER,
    /** By a port for TLS alone. */
    SECURE
}
