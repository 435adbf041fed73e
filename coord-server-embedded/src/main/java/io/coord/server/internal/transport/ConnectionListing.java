package io.coord.server.internal.transport;

import io.coord.server.internal.runtime.Listing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The connections that are open at its begin, but for those that close before their turn. */
final class ConnectionListing implements Listing<ConnectionInfo> {
    private final Set<ServerConnection> open;
    private final List<ServerConnection> listed;
    private int next;

    ConnectionListing(Set<ServerConnection> open) {
        this.open = open;
        this.listed = List.copyOf(open);
    }

    @Override
    public int size() {
        return listed.size();
    }

    @Override
    public List<ConnectionInfo> next(int most) {
        List<ConnectionInfo> some = new ArrayList<>();
        while (next < listed.size() && some.size() < most) {
            ServerConnection each = listed.get(next++);
            if (open.contains(each)) {
                some.add(each.info());
            }
        }
        return some;
    }
}
