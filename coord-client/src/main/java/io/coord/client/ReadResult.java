package io.coord.client;

import io.coord.client.error.CoordException;
import io.coord.protocol.data.Stat;
import java.util.List;

/**
 * What one read of a {@link CoordClient#multiRead()} brought; in the order of the reads.
 *
 * <pre>{@code
 * for (ReadResult each : client.multiRead().forOperations(List.of(ReadOp.getData("/a"), ReadOp.getChildren("/a")))) {
 *     if (each instanceof ReadResult.Data found) {
 *         use(found.path(), found.data(), found.stat());
 *     } else if (each instanceof ReadResult.Children listed) {
 *         use(listed.names());
 *     } else if (each instanceof ReadResult.Failed failed) {
 *         use(failed.failure());
 *     }
 * }
 * }</pre>
 */
public sealed interface ReadResult {
    /** The path as the caller gave it. */
    String path();

    /**
     * The answer to {@link ReadOp#getData}.
     *
     * @param data never null; not copied
     */
    record Data(String path, byte[] data, Stat stat) implements ReadResult {}

    /**
     * The answer to {@link ReadOp#getChildren}.
     *
     * @param names not paths, in no particular order
     */
    record Children(String path, List<String> names) implements ReadResult {}

    /** This read failed, {@link io.coord.client.error.NoNodeException} for instance; the others may have succeeded. */
    record Failed(String path, CoordException failure) implements ReadResult {}
}
