package io.coord.server.internal.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the server says of itself. It begins with the version of ZooKeeper whose contract it keeps, because clients read there
 * what they may ask for; ours stands behind it.
 */
public final class ServerVersion {
    /** {@code 3.9.5-coord-1.2.3, built on 2026-01-31 23:59 UTC}. */
    public static final String FULL = read();

    private static final String CONTRACT = "3.9.5";

    private ServerVersion() {}

    private static String read() {
        Properties properties = new Properties();
        try (InputStream in = ServerVersion.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is not beside " + ServerVersion.class);
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CONTRACT + "-coord-" + properties.getProperty("version") + ", built on "
                + properties.getProperty("built").replace('T', ' ').replaceFirst(":\\d\\dZ$", " UTC");
    }
}
