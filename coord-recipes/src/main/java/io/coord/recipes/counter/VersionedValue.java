package io.coord.recipes.counter;

import org.jspecify.annotations.Nullable;

/**
 * A shared value as it was at some moment. Only {@link SharedValue} makes them.
 *
 * <p>Example: {@link SharedValue}.
 *
 * @param bytes not copied
 * @param mzxid of the change that brought it; greater is newer
 * @param version the znode's data version
 */
public record VersionedValue(byte[] bytes, long mzxid, int version) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VersionedValue that && mzxid == that.mzxid && version == that.version;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(mzxid);
    }

    @Override
    public String toString() {
        return "VersionedValue[" + bytes.length + " bytes, version " + version + "]";
    }
}
