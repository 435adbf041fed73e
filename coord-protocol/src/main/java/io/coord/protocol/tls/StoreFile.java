package io.coord.protocol.tls;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key store or a trust store, in one file or, in PEM, with the private key in a second one.
 *
 * @param location of key and certificates; of the certificates only when there is a {@code privateKey}
 * @param password of the store, or of an encrypted private key in PEM
 * @param passwordFile whose first line is the password; read again with each load, so it may change together with the store
 * @param privateKey in a file of its own; PEM only
 */
public record StoreFile(
        Path location,
        StoreFormat format,
        @Nullable String password,
        @Nullable Path passwordFile,
        @Nullable Path privateKey) {
    /** @throws IllegalArgumentException when two passwords are given, or a second file for a format that has none */
    public StoreFile {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(format, "format");
        if (password != null && passwordFile != null) {
            throw new IllegalArgumentException(location + ": either a password or a file with one, not both");
        }
        if (privateKey != null && format != StoreFormat.PEM) {
            throw new IllegalArgumentException(location + ": only PEM has the private key in a file of its own");
        }
    }

    /**
     * A file without a password; its format is told by its name.
     *
     * @throws IllegalArgumentException when the name does not tell the format
     */
    public static StoreFile of(Path location) {
        Path name = location.getFileName();
        return new StoreFile(location, StoreFormat.ofFileName(name == null ? "" : name.toString()), null, null, null);
    }

    /** As {@link #of(Path)}, with a password. */
    public static StoreFile of(Path location, String password) {
        return of(location).withPassword(password);
    }

    /** A certificate with its chain, and its private key, in two files in PEM. */
    public static StoreFile pem(Path certificates, Path privateKey) {
        return new StoreFile(certificates, StoreFormat.PEM, null, null, privateKey);
    }

    public StoreFile withFormat(StoreFormat value) {
        return new StoreFile(location, value, password, passwordFile, privateKey);
    }

    public StoreFile withPassword(String value) {
        return new StoreFile(location, format, value, null, privateKey);
    }

    public StoreFile withPasswordFile(Path value) {
        return new StoreFile(location, format, null, value, privateKey);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return format + " " + location + (privateKey == null ? "" : " with " + privateKey);
    }
}
