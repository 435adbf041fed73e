package io.coord.protocol.tls;

/**
 * Where keys and certificates come from. Implementations are thread-safe; both methods may block, and are never called on a
 * thread that must not.
 */
public interface TlsSource {
    /**
     * Keys and certificates as they are now.
     *
     * @throws InvalidTlsMaterialException when they cannot be used
     */
    TlsMaterial load();

    /**
     * Differs, by {@code equals}, from what it was before whenever {@link #load} may give something else. What cannot be
     * looked at counts as a state of its own; nothing is thrown.
     */
    Object version();

    /** Always the same. */
    static TlsSource fixed(TlsMaterial material) {
        return new TlsSource() {
            @Override
            public TlsMaterial load() {
                return material;
            }

            @Override
            public Object version() {
                return material;
            }
        };
    }
}
