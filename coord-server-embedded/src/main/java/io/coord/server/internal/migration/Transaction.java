package io.coord.server.internal.migration;

import io.coord.protocol.data.Acl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An entry of ZooKeeper's log.
 *
 * @param timeMs wall-clock milliseconds
 * @param type ZooKeeper's number of the operation; -1 of one that failed
 * @param changes what it did; empty when it failed
 */
record Transaction(long zxid, long sessionId, long timeMs, int type, List<Change> changes) {
    sealed interface Change {}

    /**
     * @param owner as a znode has it
     * @param parentCversion the parent's count of creations from now on; -1 when the version did not log it
     * @param raisesCversionAnyway also when the znode is there already
     */
    record Create(
            String path,
            byte @Nullable [] data,
            List<Acl> acl,
            long owner,
            int parentCversion,
            boolean raisesCversionAnyway)
            implements Change {}

    record Delete(String path) implements Change {}

    /** @param version that the data has from now on */
    record SetData(String path, byte @Nullable [] data, int version) implements Change {}

    /** @param version that the ACL has from now on */
    record SetAcl(String path, List<Acl> acl, int version) implements Change {}

    record OpenSession(int timeoutMs) implements Change {}

    /** @param ephemerals their paths; empty in versions before 3.6, which do not log them */
    record CloseSession(List<String> ephemerals) implements Change {}
}
