package io.coord.server.internal.admin;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Where a snapshot comes from that somebody asks for over HTTP, and who may. Thread-safe. */
public interface SnapshotSource {
    /** Whether this proof, in the form of an addauth, is that of one who may do everything. */
    boolean isSuper(String scheme, byte[] proof);

    /** Whether there are files to save. */
    boolean isThere();

    /**
     * Saves all that was acknowledged, in a file whose name ends in {@code .tar.gz}, while the server goes on.
     *
     * @param target must not exist
     * @return the zxid up to which it goes; with the failure, and nothing in the target's place
     */
    CompletableFuture<Long> save(Path target);
}
