package io.coord.spring.autoconfigure;

/** Where the servers run that an application coordinates through. */
public enum CoordMode {

    /** One server inside this process, started and stopped with the application. */
    EMBEDDED,

    /** A server inside this process as well, but one of several that share one log, each in a process of its own. */
    ENSEMBLE,

    /** Servers that run elsewhere: Coord or Apache ZooKeeper, named by a connect string. */
    EXTERNAL
}
