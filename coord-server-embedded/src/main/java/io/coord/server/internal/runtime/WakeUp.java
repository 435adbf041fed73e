package io.coord.server.internal.runtime;

import io.netty.channel.nio.NioSelectableChannelIoHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;

/**
 * Ends the sleep of the event loop from another thread: a byte in a pipe that its selector watches.
 *
 * <p>Not {@link java.nio.channels.Selector#wakeup}: that writes while it holds a lock which the selector takes first of all
 * when it returns, so on one processor each wake-up costs two more switches between the threads; and Netty, which cannot
 * tell whether such a wake-up came too early, calls it a second time after each.
 */
final class WakeUp extends NioSelectableChannelIoHandle<Pipe.SourceChannel> {
    private static final ByteBuffer ONE_BYTE = ByteBuffer.allocateDirect(1).asReadOnlyBuffer();
    private static final int DRAINED_BYTES = 64;

    private final Pipe.SinkChannel sink;
    private final ByteBuffer drained = ByteBuffer.allocateDirect(DRAINED_BYTES);

    private WakeUp(Pipe pipe) throws IOException {
        super(pipe.source());
        this.sink = pipe.sink();
        pipe.source().configureBlocking(false);
        sink.configureBlocking(false);
    }

    /** @throws UncheckedIOException when the process may open no further files */
    static WakeUp open() {
        try {
            return new WakeUp(Pipe.open());
        } catch (IOException e) {
            throw new UncheckedIOException("no pipe to wake the server's thread with", e);
        }
    }

    /** Any thread. What is in the pipe already wakes as well, so a full one is no failure. */
    void wake() throws IOException {
        sink.write(ONE_BYTE.duplicate());
    }

    @Override
    protected void handle(Pipe.SourceChannel source, SelectionKey key) {
        drained.clear();
        try {
            while (source.read(drained) == DRAINED_BYTES) {
                drained.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe that wakes the server's thread is broken", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            sink.close();
        } finally {
            selectableChannel().close();
        }
    }
}
