package io.coord.server.internal.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many sockets are open, in all and from each address, so that one of them cannot take them all. */
final class ConnectionsByAddress {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionsByAddress.class);

    private final int limit;
    private final int limitInAll;
    private final Map<InetAddress, Entry> entries = new HashMap<>();

    private int open;
    /** The log knows that the limit for all is reached. */
    private boolean told;

    /**
     * @param limit for each address; 0 for none
     * @param limitInAll 0 for none
     */
    ConnectionsByAddress(int limit, int limitInAll) {
        this.limit = limit;
        this.limitInAll = limitInAll;
    }

    /** Whether one more may come; if so, {@link #leave} has to be called when it goes. */
    boolean enter(InetAddress address) {
        if (limitInAll > 0 && open == limitInAll) {
            if (!told) {
                told = true;
                LOG.warn("There are {} connections, which is the limit (maxConnections): no more", limitInAll);
            }
            return false;
        }
        Entry entry = entries.computeIfAbsent(address, key -> new Entry());
        if (limit > 0 && entry.open == limit) {
            if (!entry.told) {
                entry.told = true;
                LOG.warn("{} has {} connections, which is the limit (maxClientConnections): no more", address, limit);
            }
            return false;
        }
        entry.open++;
        open++;
        return true;
    }

    void leave(InetAddress address) {
        Entry entry = entries.get(address);
        if (entry == null) {
            throw new IllegalStateException("a connection from " + address + " that never came");
        }
        entry.open--;
        open--;
        told = false;
        entry.told = false;
        if (entry.open == 0) {
            entries.remove(address);
        }
    }

    private static final class Entry {
        private int open;
        /** The log knows that the limit is reached. */
        private boolean told;
    }
}
