package io.coord.server.internal.transport;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the buffers of all connections within the memory that they may take: when they would take more, the connections that
 * hold the most are closed, so that those that do no harm do not suffer from them.
 *
 * <p>What is buffered is counted as it comes and measured only when that count reaches the limit. What is closed brings it
 * down to three quarters of it, so that the next measurement is far away.
 */
final class BufferBudget {
    private static final Logger LOG = LoggerFactory.getLogger(BufferBudget.class);

    private final long limit;
    private final Set<ServerConnection> open;
    /** At least what is buffered. */
    private long counted;

    private long cutOff;

    BufferBudget(long limit, Set<ServerConnection> open) {
        this.limit = limit;
        this.open = open;
    }

    /** To be called for whatever a connection has buffered. Closes connections, the caller's own perhaps. */
    void onBuffered(int bytes) {
        counted += bytes;
        if (counted > limit) {
            measure();
        }
    }

    /** A connection is closed because of what is buffered for it. */
    void onCutOff() {
        cutOff++;
    }

    /** How many connections were closed because of what was buffered for them. */
    long cutOff() {
        return cutOff;
    }

    private void measure() {
        List<Holding> holdings = new ArrayList<>(open.size());
        counted = 0;
        for (ServerConnection each : open) {
            long bytes = each.bufferedBytes();
            counted += bytes;
            holdings.add(new Holding(each, bytes));
        }
        long wanted = limit / 4 * 3;
        if (counted <= wanted) {
            return;
        }
        holdings.sort(Comparator.comparingLong(Holding::bytes).reversed());
        for (Holding each : holdings) {
            if (counted <= wanted) {
                break;
            }
            LOG.warn(
                    "{} is closed: {} bytes are buffered for it, more than for others, and {} for all are too many",
                    each.connection(),
                    each.bytes(),
                    counted);
            counted -= each.bytes();
            onCutOff();
            each.connection().close();
        }
    }

    private record Holding(ServerConnection connection, long bytes) {}
}
