package io.coord.client.spi;

import java.io.IOException;

/**
 * Compresses the data of znodes on the way to the server and back: of all calls when {@link
 * io.coord.client.CoordClientBuilder#enableCompression()} says so, or of single calls by {@code compressed()} and {@code
 * decompressed()}. Called on the thread that makes the call or takes its result. For the short data of recipes' own znodes,
 * descriptions of lock holders for instance, that is the network thread, so it must not block.
 *
 * <p>Implementations are thread-safe.
 *
 * <pre>{@code
 * CoordClient compressing = CoordClient.builder()
 *         .connectString("zk-1:2181")
 *         .compressionProvider(CompressionProvider.gzip(16 << 20))
 *         .enableCompression()
 *         .build();
 * }</pre>
 */
public interface CompressionProvider {
    /**
     * @param path as the caller gave it
     */
    byte[] compress(String path, byte[] data) throws IOException;

    /**
     * @param path as the caller gave it
     * @param data what a znode holds; empty for a parent that a create has made
     * @throws IOException when it was not made by {@link #compress}
     */
    byte[] decompress(String path, byte[] data) throws IOException;

    /**
     * Gzip, which Curator's own provider reads and writes, too. An empty znode reads as empty; data that would grow beyond
     * 64 MB is refused.
     */
    static CompressionProvider gzip() {
        return GzipCompression.WITH_DEFAULT_LIMIT;
    }

    /** As {@link #gzip()}, with another limit for what data may grow to. */
    static CompressionProvider gzip(int maxBytes) {
        return new GzipCompression(maxBytes);
    }
}
