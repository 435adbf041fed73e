package io.coord.cli.command;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.protocol.tls.Revocation;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.coord.protocol.tls.TlsConfig;
import io.coord.protocol.tls.TlsFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a client is told about its connections: the properties of ZooKeeper's {@code -client-configuration} file that mean something
 * here, and what options of the command line put over them.
 *
 * @param secure {@code zookeeper.client.secure}: nothing is encrypted without it, whatever else is set
 * @param requestTimeout {@code zookeeper.request.timeout}; null when it sets none
 */
public record ClientConfiguration(
        boolean secure,
        @Nullable StoreFile keyStore,
        @Nullable StoreFile trustStore,
        Revocation revocation,
        List<String> protocols,
        List<String> cipherSuites,
        boolean verifyingHostname,
        @Nullable Duration requestTimeout) {
    /** Of a client that is told nothing. */
    public static final ClientConfiguration NONE =
            new ClientConfiguration(false, null, null, Revocation.NONE, List.of(), List.of(), true, null);

    private static final String SECURE = "zookeeper.client.secure";
    private static final String REQUEST_TIMEOUT = "zookeeper.request.timeout";
    private static final String TLS = "zookeeper.ssl.";
    private static final Set<String> TLS_KEYS = Set.of(
            "keyStore.location",
            "keyStore.password",
            "keyStore.passwordPath",
            "keyStore.type",
            "trustStore.location",
            "trustStore.password",
            "trustStore.passwordPath",
            "trustStore.type",
            "protocol",
            "enabledProtocols",
            "ciphersuites",
            "hostnameVerification",
            "crl",
            "ocsp");
    /** They are for servers, or say with which code ZooKeeper's client does what it does. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "clientAuth",
            "clientHostnameVerification",
            "allowReverseDnsLookup",
            "handshakeDetectionTimeoutMillis",
            "authProvider",
            "sslProvider");

    /**
     * Reads a file as ZooKeeper's shell does. A key of TLS that is not known is refused: whoever misspells one would be less secure than
     * they believe.
     *
     * @throws IllegalArgumentException when there is no such file, or a value in it is none; the message names it
     */
    public static ClientConfiguration read(Path file) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("There is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read " + file + ": " + e.getMessage(), e);
        }
        try {
            return of(properties);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static ClientConfiguration of(Properties properties) {
        for (String key : new TreeSet<>(properties.stringPropertyNames())) {
            if (key.startsWith(TLS) && !key.startsWith(TLS + "quorum.")) {
                requireKnown(key);
            }
        }
        List<String> protocols = words(properties, "enabledProtocols");
        return new ClientConfiguration(
                isTrue(properties, SECURE, false),
                store(properties, "keyStore."),
                store(properties, "trustStore."),
                Revocation.of(isTrue(properties, TLS + "crl", false), isTrue(properties, TLS + "ocsp", false)),
                protocols.isEmpty() ? words(properties, "protocol") : protocols,
                words(properties, "ciphersuites"),
                isTrue(properties, TLS + "hostnameVerification", true),
                timeout(properties));
    }

    private static void requireKnown(String key) {
        String name = key.substring(TLS.length());
        if (name.equals("context.supplier.class")) {
            throw new IllegalArgumentException(
                    key + " names code that is not here; set key store and trust store instead");
        }
        if (!TLS_KEYS.contains(name) && !WITHOUT_EFFECT.contains(name)) {
            throw new IllegalArgumentException(key + " is not known; there is "
                    + String.join(", ", TLS_KEYS.stream().sorted().toList()));
        }
    }

    /** As {@link Boolean#parseBoolean} has it, which ZooKeeper asks: but for what is neither true nor false. */
    private static boolean isTrue(Properties properties, String key, boolean otherwise) {
        @Nullable String value = text(properties, key);
        if (value == null) {
            return otherwise;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(key + " is true or false, not " + value);
        };
    }

    private static @Nullable String text(Properties properties, String key) {
        @Nullable String value = properties.getProperty(key);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static List<String> words(Properties properties, String name) {
        @Nullable String value = text(properties, TLS + name);
        return value == null
                ? List.of()
                : Arrays.stream(value.split(",", -1)).map(String::strip).toList();
    }

    private static @Nullable Duration timeout(Properties properties) {
        @Nullable String value = text(properties, REQUEST_TIMEOUT);
        if (value == null) {
            return null;
        }
        try {
            long ms = Long.parseLong(value);
            // ZooKeeper's word for "as long as it takes".
            return ms <= 0 ? null : Duration.ofMillis(ms);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(REQUEST_TIMEOUT + " is a number of milliseconds, not " + value, e);
        }
    }

    private static @Nullable StoreFile store(Properties properties, String which) {
        @Nullable String location = text(properties, TLS + which + "location");
        if (location == null) {
            return null;
        }
        @Nullable String type = text(properties, TLS + which + "type");
        StoreFormat format = type == null ? StoreFormat.ofFileName(location) : format(which, type);
        @Nullable String passwordPath = text(properties, TLS + which + "passwordPath");
        // A password may end with blanks, and an empty one is none.
        @Nullable String password = properties.getProperty(TLS + which + "password", "");
        return new StoreFile(
                Path.of(location),
                format,
                passwordPath != null || password.isEmpty() ? null : password,
                passwordPath == null ? null : Path.of(passwordPath),
                null);
    }

    private static StoreFormat format(String which, String type) {
        return Arrays.stream(StoreFormat.values())
                .filter(each -> each.name().equals(type.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(TLS + which + "type is PEM, PKCS12 or JKS here, not " + type));
    }

    public ClientConfiguration withKeyStore(StoreFile other) {
        return new ClientConfiguration(
                secure, other, trustStore, revocation, protocols, cipherSuites, verifyingHostname, requestTimeout);
    }

    public ClientConfiguration withTrustStore(StoreFile other) {
        return new ClientConfiguration(
                secure, keyStore, other, revocation, protocols, cipherSuites, verifyingHostname, requestTimeout);
    }

    public ClientConfiguration withoutHostnameVerification() {
        return new ClientConfiguration(
                secure, keyStore, trustStore, revocation, protocols, cipherSuites, false, requestTimeout);
    }

    /** Whatever the file says. */
    public ClientConfiguration secured() {
        return new ClientConfiguration(
                true, keyStore, trustStore, revocation, protocols, cipherSuites, verifyingHostname, requestTimeout);
    }

    /**
     * Null when nothing is to be encrypted. Keys and certificates are read now, and again when their files have changed.
     *
     * @throws InvalidTlsMaterialException when they cannot be used
     */
    public @Nullable Security security() {
        if (!secure) {
            return null;
        }
        RememberedMaterial source = new RememberedMaterial(new TlsFiles(keyStore, trustStore, revocation));
        TlsConfig tls = TlsConfig.builder()
                .source(source)
                .protocols(protocols)
                .cipherSuites(cipherSuites)
                .build();
        tls.requireSupported(source.load().toContext());
        return new Security(tls, verifyingHostname);
    }
}
