package io.coord.cli.command;

import io.coord.protocol.tls.TlsMaterial;
import io.coord.protocol.tls.TlsSource;
import org.jspecify.annotations.Nullable;

/** Reads keys and certificates again only when they have changed: several connections use them. Thread-safe: one lock. */
final class RememberedMaterial implements TlsSource {
    private final TlsSource files;
    private @Nullable TlsMaterial material;
    private @Nullable Object version;

    RememberedMaterial(TlsSource files) {
        this.files = files;
    }

    @Override
    public synchronized TlsMaterial load() {
        Object now = files.version();
        TlsMaterial known = material;
        if (known != null && now.equals(version)) {
            return known;
        }
        TlsMaterial read = files.load();
        material = read;
        version = now;
        return read;
    }

    @Override
    public Object version() {
        return files.version();
    }
}
