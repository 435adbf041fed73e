package io.coord.server.internal.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * Flushes, at the end of a turn of the loop, each connection that was written to in it. What has arrived on all sockets is
 * read, applied and encoded before, so a connection costs one system call a turn.
 */
final class TurnEnd implements Runnable {
    private final List<ConnectionOutput> written = new ArrayList<>();
    private boolean scheduled;

    /** To be called once for the first write of a connection in a turn. */
    void onFirstWrite(ConnectionOutput output, EventLoop loop) {
        written.add(output);
        if (!scheduled) {
            scheduled = true;
            // Not execute(): what that is given runs before the tasks that are waiting already, commits among them.
            ((SingleThreadEventLoop) loop).executeAfterEventLoopIteration(this);
        }
    }

    @Override
    public void run() {
        scheduled = false;
        for (int i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }
}
