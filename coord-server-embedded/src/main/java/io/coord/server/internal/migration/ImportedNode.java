package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A znode as ZooKeeper keeps it, while its files are read. Fields as in its snapshots. */
final class ImportedNode {
    byte @Nullable [] data;
    List<Acl> acl;
    long czxid;
    long mzxid;
    long ctime;
    long mtime;
    int version;
    /** How many children were ever created; clients see another number. */
    int cversion;

    int aversion;
    long owner;
    long pzxid;
    /** Names; null as long as there was none. */
    private @Nullable Set<String> children;

    ImportedNode(byte @Nullable [] data, List<Acl> acl) {
        this.data = data;
        this.acl = acl;
    }

    Set<String> children() {
        return children == null ? Set.of() : children;
    }

    void addChild(String name) {
        if (children == null) {
            children = new HashSet<>();
        }
        children.add(name);
    }

    void removeChild(String name) {
        if (children != null) {
            children.remove(name);
        }
    }

    int dataLength() {
        return data == null ? 0 : data.length;
    }
}
