package io.coord.client.internal.session;

/** Where stages go that have an outcome, to be completed off the network thread. */
interface StageCompletions {
    void add(StageResult<?> stage);
}
