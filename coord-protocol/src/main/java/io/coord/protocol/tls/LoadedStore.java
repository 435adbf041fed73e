package io.coord.protocol.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was in a file, checked as far as that can be done without the other side.
 *
 * @param password of the entries of the key store
 */
record LoadedStore(StoreFile file, KeyStore keyStore, char[] password) {
    private static final char[] NO_PASSWORD = {};
    private static final String KEY = "key";

    /** @throws InvalidTlsMaterialException when there is no private key with its certificate in it */
    static LoadedStore ofKeys(StoreFile file) {
        LoadedStore store = guarded(file, () -> switch (file.format()) {
            case PEM -> pemKeys(file);
            case JKS, PKCS12 -> binary(file);
        });
        guarded(file, () -> {
            store.checkKeys();
            return store;
        });
        return store;
    }

    /** @throws InvalidTlsMaterialException when there is no certificate in it that could be trusted */
    static LoadedStore ofTrust(StoreFile file) {
        return guarded(file, () -> {
            LoadedStore store =
                    switch (file.format()) {
                        case PEM -> pemTrust(file);
                        case JKS, PKCS12 -> binary(file);
                    };
            for (String alias : Collections.list(store.keyStore.aliases())) {
                if (store.keyStore.isCertificateEntry(alias)) {
                    return store;
                }
            }
            throw new InvalidTlsMaterialException(
                    file + ": there is no trusted certificate in it"
                            + (file.format() == StoreFormat.PKCS12 && file.password() == null
                                    ? "; without a password those of a PKCS12 file cannot be read"
                                    : ""),
                    null);
        });
    }

    /** The first certificate of each private key. */
    List<X509Certificate> ownCertificates() {
        return guarded(file, () -> {
            List<X509Certificate> found = new ArrayList<>();
            for (String alias : Collections.list(keyStore.aliases())) {
                if (keyStore.isKeyEntry(alias) && keyStore.getCertificate(alias) instanceof X509Certificate own) {
                    found.add(own);
                }
            }
            return found;
        });
    }

    private interface Step<T> {
        T run() throws IOException, GeneralSecurityException;
    }

    private static <T> T guarded(StoreFile file, Step<T> step) {
        try {
            return step.run();
        } catch (NoSuchFileException e) {
            throw new InvalidTlsMaterialException(file + ": there is no file " + e.getFile(), e);
        } catch (AccessDeniedException e) {
            throw new InvalidTlsMaterialException(file + ": " + e.getFile() + " may not be read", e);
        } catch (IOException e) {
            String reason = e.getCause() instanceof UnrecoverableKeyException
                    ? (file.password() == null && file.passwordFile() == null
                            ? "it needs a password"
                            : "the password is wrong")
                    : e.getMessage();
            throw new InvalidTlsMaterialException(file + ": " + reason, e);
        } catch (GeneralSecurityException e) {
            throw new InvalidTlsMaterialException(file + ": " + e.getMessage(), e);
        }
    }

    private static LoadedStore binary(StoreFile file) throws IOException, GeneralSecurityException {
        char[] password = passwordOf(file);
        KeyStore store = KeyStore.getInstance(file.format().name());
        try (InputStream in = Files.newInputStream(file.location())) {
            store.load(in, password);
        }
        return new LoadedStore(file, store, password == null ? NO_PASSWORD : password);
    }

    private static LoadedStore pemKeys(StoreFile file) throws IOException, GeneralSecurityException {
        PemFile certificates = PemFile.read(file.location());
        Path keyFile = file.privateKey();
        PemFile keys = keyFile == null ? certificates : PemFile.read(keyFile);
        List<X509Certificate> chain = certificates.certificates();
        if (chain.isEmpty()) {
            throw new InvalidTlsMaterialException(file + ": there is no certificate in it", null);
        }
        PrivateKey key = keys.privateKey(chain.get(0).getPublicKey().getAlgorithm(), passwordOf(file));
        KeyStore store = emptyStore();
        store.setKeyEntry(KEY, key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        return new LoadedStore(file, store, NO_PASSWORD);
    }

    private static LoadedStore pemTrust(StoreFile file) throws IOException, GeneralSecurityException {
        KeyStore store = emptyStore();
        int number = 0;
        for (X509Certificate each : PemFile.read(file.location()).certificates()) {
            store.setCertificateEntry("trusted-" + number++, each);
        }
        return new LoadedStore(file, store, NO_PASSWORD);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(StoreFormat.PKCS12.name());
        store.load(null, null);
        return store;
    }

    private static char @Nullable [] passwordOf(StoreFile file) throws IOException {
        Path source = file.passwordFile();
        if (source == null) {
            String password = file.password();
            return password == null ? null : password.toCharArray();
        }
        return Files.readString(source).lines().findFirst().orElse("").toCharArray();
    }

    private void checkKeys() throws GeneralSecurityException {
        boolean found = false;
        for (String alias : Collections.list(keyStore.aliases())) {
            if (!keyStore.isKeyEntry(alias)) {
                continue;
            }
            Certificate certificate = keyStore.getCertificate(alias);
            try {
                if (keyStore.getKey(alias, password) instanceof PrivateKey key && certificate != null) {
                    found = true;
                    requirePair(key, certificate.getPublicKey());
                }
            } catch (UnrecoverableKeyException e) {
                throw new InvalidTlsMaterialException(
                        file + ": the password is not that of its private key \"" + alias + '"', e);
            }
        }
        if (!found) {
            throw new InvalidTlsMaterialException(file + ": there is no private key in it", null);
        }
    }

    /** A file that is replaced in two steps, or a wrong one of two, would else show with the first handshake only. */
    private void requirePair(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case "DSA" -> "SHA256withDSA";
                    default -> key.getAlgorithm();
                };
        byte[] proof = file.toString().getBytes(StandardCharsets.UTF_8);
        boolean matches;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(proof);
            byte[] signature = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(proof);
            matches = verifying.verify(signature);
        } catch (InvalidKeyException e) {
            matches = false;
        }
        if (!matches) {
            throw new InvalidTlsMaterialException(file + ": private key and certificate do not belong together", null);
        }
    }
}
