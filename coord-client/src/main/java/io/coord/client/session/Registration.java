package io.coord.client.session;

/**
 * Something registered, until it is closed. Closing is idempotent, may be done by any thread and does not block.
 *
 * <pre>{@code
 * Registration registration = client.addSessionListener(event -> use(event));
 * work();
 * registration.close();
 * }</pre>
 */
public interface Registration extends AutoCloseable {
    /** After it returns no callback is started any more; one that runs already may go on. */
    @Override
    void close();
}
