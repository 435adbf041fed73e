package io.coord.client.session;

/** Something registered, until it is closed. Closing is idempotent, may be done by any thread and does not block. */
public interface Registration extends AutoCloseable {
    /** After it returns no callback is started any more; one that runs already may go on. */
    @Override
    void close();
}
