package io.coord.client;

/**
 * One read of a {@link CoordClient#multiRead()}.
 *
 * <pre>{@code
 * List<ReadOp> reads = List.of(ReadOp.getData("/config/a"), ReadOp.getChildren("/workers"));
 * boolean readsData = reads.get(0).kind() == ReadOp.Kind.DATA;
 * List<ReadResult> results = client.multiRead().forOperations(reads);
 * }</pre>
 *
 * @param path as the client names it; checked when the reads are sent
 */
public record ReadOp(Kind kind, String path) {
    /** What is read. */
    public enum Kind {
        DATA,
        CHILDREN
    }

    /** Reads data and stat, as {@link CoordClient#getData()} does. */
    public static ReadOp getData(String path) {
        return new ReadOp(Kind.DATA, path);
    }

    /** Reads the names of the children, as {@link CoordClient#getChildren()} does, without a stat. */
    public static ReadOp getChildren(String path) {
        return new ReadOp(Kind.CHILDREN, path);
    }

    String operation() {
        return switch (kind) {
            case DATA -> "getData";
            case CHILDREN -> "getChildren";
        };
    }
}
