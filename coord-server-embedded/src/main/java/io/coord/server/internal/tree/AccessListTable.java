package io.coord.server.internal.tree;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.auth.AccessList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives equal ACLs one object and one number: a tree of millions of znodes has a handful of lists. Counts their users and
 * forgets a list with its last one.
 */
final class AccessListTable {
    private static final class Entry {
        final AccessList list;
        int number;
        int users;

        Entry(AccessList list) {
            this.list = list;
        }
    }

    private final Map<List<Acl>, Entry> entries = new HashMap<>();
    private final NumberedTable<Entry> numbers = new NumberedTable<>();
    private Entry last = entry(Acl.OPEN);

    /** The number of the one list with these entries; to be used by a further znode. */
    int use(List<Acl> acl) {
        Entry entry = last;
        if (entry.list.entries() != acl && !entry.list.entries().equals(acl)) {
            if (entry.users == 0) {
                forget(entry);
            }
            entry = entry(acl);
            last = entry;
        }
        entry.users++;
        return entry.number;
    }

    AccessList get(int number) {
        return numbers.get(number).list;
    }

    /** A znode uses the list no more. */
    void release(int number) {
        Entry entry = numbers.get(number);
        if (entry.users == 0) {
            throw new IllegalStateException("released more often than used: " + entry.list.entries());
        }
        if (--entry.users == 0 && entry != last) {
            forget(entry);
        }
    }

    int size() {
        return entries.size();
    }

    private void forget(Entry entry) {
        entries.remove(entry.list.entries());
        numbers.remove(entry.number);
    }

    private Entry entry(List<Acl> acl) {
        Entry known = entries.get(acl);
        if (known == null) {
            known = new Entry(new AccessList(acl));
            known.number = numbers.add(known);
            entries.put(known.list.entries(), known);
        }
        return known;
    }
}
