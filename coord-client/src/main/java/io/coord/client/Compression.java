package io.coord.client;

import io.coord.client.error.UnreadableDataException;
import io.coord.client.spi.CompressionProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The client's rule about compression. Immutable; called on the threads of callers and callbacks. */
record Compression(CompressionProvider provider, boolean isOnByDefault) {
    /** @param asked by the call; null when it says nothing */
    boolean applies(@Nullable Boolean asked) {
        return asked == null ? isOnByDefault : asked;
    }

    /** Null stays null. */
    byte @Nullable [] toServer(@Nullable Boolean asked, String path, byte @Nullable [] data) {
        if (data == null || !applies(asked)) {
            return data;
        }
        try {
            return provider.compress(path, data);
        } catch (IOException e) {
            throw new UncheckedIOException("the data for " + path + " cannot be compressed", e);
        }
    }

    byte[] decompress(String operation, String path, byte[] data) {
        try {
            return provider.decompress(path, data);
        } catch (IOException e) {
            throw new UnreadableDataException(operation, path, "the data cannot be decompressed", e);
        }
    }
}
