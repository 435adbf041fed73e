package io.coord.cli;

import io.coord.cli.command.ClientConfiguration;
import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How connections are encrypted: ZooKeeper's file of client properties, or options, which count more. */
final class TlsOptions {
    @Option(
            names = {"-client-configuration", "--client-configuration"},
            paramLabel = "file",
            description = "ZooKeeper's properties of a client: zookeeper.client.secure, zookeeper.ssl.* and others.")
    @Nullable
    Path file;

    @Option(
            names = "--tls",
            description = "Encrypts connections; so do the options below, and zookeeper.client.secure=true.")
    boolean wanted;

    @Option(
            names = "--tls-key-store",
            paramLabel = "file",
            description = "The client's own certificate and private key: PEM, PKCS12 or JKS, as its name ends.")
    @Nullable
    Path keyStore;

    @Option(
            names = "--tls-private-key",
            paramLabel = "file",
            description = "The private key, where the certificate stands in a PEM file without it.")
    @Nullable
    Path privateKey;

    @Option(
            names = "--tls-key-store-password-file",
            paramLabel = "file",
            description = "Its first line is the password.")
    @Nullable
    Path keyStorePassword;

    @Option(
            names = "--tls-trust-store",
            paramLabel = "file",
            description = "Which servers to trust; the JDK's authorities by default.")
    @Nullable
    Path trustStore;

    @Option(
            names = "--tls-trust-store-password-file",
            paramLabel = "file",
            description = "Its first line is the password; PKCS12 needs one.")
    @Nullable
    Path trustStorePassword;

    @Option(names = "--tls-no-hostname-verification", description = "Accepts a trusted certificate of another host.")
    boolean anyHost;

    /** @throws IllegalArgumentException when something is missing or is not what it should be */
    ClientConfiguration configuration() {
        ClientConfiguration configuration = file == null ? ClientConfiguration.NONE : ClientConfiguration.read(file);
        Path keys = keyStore;
        if (keys != null) {
            configuration = configuration.withKeyStore(keyStore(keys));
        } else if (privateKey != null || keyStorePassword != null) {
            throw new IllegalArgumentException("--tls-key-store must say where the certificate is");
        }
        Path trusted = trustStore;
        if (trusted != null) {
            configuration = configuration.withTrustStore(withPassword(StoreFile.of(trusted), trustStorePassword));
        } else if (trustStorePassword != null) {
            throw new IllegalArgumentException("--tls-trust-store must say where the certificates are");
        }
        if (anyHost) {
            configuration = configuration.withoutHostnameVerification();
        }
        return wanted || keys != null || trusted != null ? configuration.secured() : configuration;
    }

    private StoreFile keyStore(Path location) {
        Path key = privateKey;
        StoreFile store =
                key == null ? StoreFile.of(location) : new StoreFile(location, StoreFormat.PEM, null, null, key);
        return withPassword(store, keyStorePassword);
    }

    private static StoreFile withPassword(StoreFile store, @Nullable Path password) {
        return password == null ? store : store.withPasswordFile(password);
    }
}
