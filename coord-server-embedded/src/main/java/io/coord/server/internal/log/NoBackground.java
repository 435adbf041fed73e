package io.coord.server.internal.log;

/** For a log that nobody writes to: there is nothing to prepare. */
enum NoBackground implements Background {
    INSTANCE;

    @Override
    public void execute(Runnable task) {
        throw new IllegalStateException("a log that is not written to needs no background work");
    }

    @Override
    public boolean isStopping() {
        return false;
    }
}
