package io.coord.server.internal.log;

/** The machine stops in the middle of an operation: nothing may catch it and go on. */
public final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1;
}
