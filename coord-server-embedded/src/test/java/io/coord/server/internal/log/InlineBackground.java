package io.coord.server.internal.log;

/** Runs each task at once. */
final class InlineBackground implements Background {
    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public boolean isStopping() {
        return false;
    }
}
