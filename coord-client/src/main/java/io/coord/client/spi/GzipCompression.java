package io.coord.client.spi;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Thread-safe: it has no state. */
final class GzipCompression implements CompressionProvider {
    static final GzipCompression WITH_DEFAULT_LIMIT = new GzipCompression(64 * 1024 * 1024);
    private static final byte[] EMPTY = {};

    private final int maxBytes;

    GzipCompression(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public byte[] compress(String path, byte[] data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(data.length / 2 + 32);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(data);
        }
        return bytes.toByteArray();
    }

    @Override
    public byte[] decompress(String path, byte[] data) throws IOException {
        if (data.length == 0) {
            return EMPTY;
        }
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(data))) {
            byte[] whole = gzip.readNBytes(maxBytes);
            if (gzip.read() >= 0) {
                throw new IOException("more than " + maxBytes + " bytes when decompressed");
            }
            return whole;
        }
    }
}
