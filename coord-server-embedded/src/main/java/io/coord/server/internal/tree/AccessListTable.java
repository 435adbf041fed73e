package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.auth.AccessList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes equal ACLs one object: a tree of millions of znodes has a handful of lists. Counts their users and forgets a list
 * with its last one.
 */
final class AccessListTable {
    private static final class Entry {
        final AccessList list;
        int users;

        Entry(AccessList list) {
            this.list = list;
        }
    }

    private final Map<List<Acl>, Entry> entries = new HashMap<>();
    private Entry last = entry(Acl.OPEN);

    /** The one object for these entries; to be used by a further znode. */
    AccessList use(List<Acl> acl) {
        Entry entry = last;
        if (entry.list.entries() != acl && !entry.list.entries().equals(acl)) {
            if (entry.users == 0) {
                entries.remove(entry.list.entries());
            }
            entry = entry(acl);
            last = entry;
        }
        entry.users++;
        return entry.list;
    }

    void use(AccessList list) {
        use(list.entries());
    }

    /** A znode uses the list no more. */
    void release(AccessList list) {
        Entry entry = entries.get(list.entries());
        if (entry == null) {
            throw new IllegalStateException("released more often than used: " + list.entries());
        }
        if (--entry.users == 0 && entry != last) {
            entries.remove(list.entries());
        }
    }

    int size() {
        return entries.size();
    }

    private Entry entry(List<Acl> acl) {
        Entry known = entries.get(acl);
        if (known == null) {
            known = new Entry(new AccessList(acl));
            entries.put(known.list.entries(), known);
        }
        return known;
    }
}
