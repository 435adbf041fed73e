package io.coord.server.internal.tree;

import io.coord.protocol.wire.EncodedStrings;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lists of children as they were replied last, until the next change: whoever asks for a long one asks again, and many ask
 * for the same. Holds the most recently used ones up to a number of bytes.
 */
final class ChildLists {
    private static final int WORTH_KEEPING = 16;

    private final int mostBytes;
    private final ZnodeStore store;
    private final Map<Children, EncodedStrings> lists = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    ChildLists(int mostBytes, ZnodeStore store) {
        this.mostBytes = mostBytes;
        this.store = store;
    }

    EncodedStrings of(Children children) {
        if (children.listed) {
            EncodedStrings known = lists.get(children);
            if (known != null) {
                return known;
            }
        }
        EncodedStrings names = children.names(store);
        if (children.count() >= WORTH_KEEPING && names.encodedLength() <= mostBytes) {
            children.listed = true;
            lists.put(children, names);
            bytes += names.encodedLength();
            makeRoom();
        }
        return names;
    }

    /** The list of children is about to change, or to vanish. */
    void forget(Children children) {
        if (children.listed) {
            children.listed = false;
            EncodedStrings names = lists.remove(children);
            bytes -= names == null ? 0 : names.encodedLength();
        }
    }

    long bytes() {
        return bytes;
    }

    private void makeRoom() {
        Iterator<Map.Entry<Children, EncodedStrings>> leastRecent =
                lists.entrySet().iterator();
        while (bytes > mostBytes) {
            Map.Entry<Children, EncodedStrings> each = leastRecent.next();
            each.getKey().listed = false;
            bytes -= each.getValue().encodedLength();
            leastRecent.remove();
        }
    }
}
