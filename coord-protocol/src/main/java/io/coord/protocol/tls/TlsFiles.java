package io.coord.protocol.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates from files.
 *
 * @param keyStore who we are; null to be nobody
 * @param trustStore whom we trust; null for the authorities that the JDK knows
 */
public record TlsFiles(
        @Nullable StoreFile keyStore, @Nullable StoreFile trustStore, Revocation revocation) implements TlsSource {
    private static final String PKIX = "PKIX";

    @Override
    public TlsMaterial load() {
        List<KeyManager> keys = List.of();
        List<X509Certificate> certificates = List.of();
        if (keyStore != null) {
            LoadedStore store = LoadedStore.ofKeys(keyStore);
            keys = keyManagers(store);
            certificates = store.ownCertificates();
        }
        return TlsMaterial.of(keys, trustManagers(), certificates);
    }

    private static List<KeyManager> keyManagers(LoadedStore store) {
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store.keyStore(), store.password());
            return List.of(factory.getKeyManagers());
        } catch (GeneralSecurityException e) {
            throw new InvalidTlsMaterialException(
                    store.file() + ": its private key cannot be used: " + e.getMessage(), e);
        }
    }

    private List<TrustManager> trustManagers() {
        KeyStore trusted =
                trustStore == null ? null : LoadedStore.ofTrust(trustStore).keyStore();
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(PKIX);
            factory.init(trusted);
            if (revocation != Revocation.NONE) {
                PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors(factory), new X509CertSelector());
                parameters.addCertPathChecker(revocationChecker());
                factory.init(new CertPathTrustManagerParameters(parameters));
            }
            return List.of(factory.getTrustManagers());
        } catch (GeneralSecurityException e) {
            throw new InvalidTlsMaterialException(
                    (trustStore == null ? "the JDK's trust store" : trustStore) + " cannot be used: " + e.getMessage(),
                    e);
        }
    }

    private static Set<TrustAnchor> anchors(TrustManagerFactory factory) {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509TrustManager manager) {
                for (X509Certificate issuer : manager.getAcceptedIssuers()) {
                    anchors.add(new TrustAnchor(issuer, null));
                }
            }
        }
        return anchors;
    }

    private PKIXRevocationChecker revocationChecker() throws GeneralSecurityException {
        PKIXRevocationChecker checker =
                (PKIXRevocationChecker) CertPathBuilder.getInstance(PKIX).getRevocationChecker();
        checker.setOptions(
                switch (revocation) {
                    case CRL ->
                        Set.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK);
                    case OCSP -> Set.of(PKIXRevocationChecker.Option.NO_FALLBACK);
                    case OCSP_OR_CRL, NONE -> Set.of();
                });
        return checker;
    }

    /** Time, size and identity of each file, through links: what is put in place of a link's target is seen, too. */
    @Override
    public Object version() {
        return Stream.of(keyStore, trustStore)
                .flatMap(TlsFiles::files)
                .map(TlsFiles::state)
                .toList();
    }

    private static Stream<Path> files(@Nullable StoreFile store) {
        if (store == null) {
            return Stream.empty();
        }
        List<Path> files = new ArrayList<>(List.of(store.location()));
        if (store.privateKey() != null) {
            files.add(store.privateKey());
        }
        if (store.passwordFile() != null) {
            files.add(store.passwordFile());
        }
        return files.stream();
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return file + " " + found.lastModifiedTime() + ' ' + found.size() + ' ' + found.fileKey();
        } catch (IOException e) {
            return file + " " + e;
        }
    }
}
