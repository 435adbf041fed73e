package io.coord.verification.tls;

import io.coord.protocol.tls.StoreFile;
import io.coord.protocol.tls.StoreFormat;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** One who issues certificates, and writes them to files as an operator would. */
final class Authority {
    static final String PASSWORD = "correct horse";

    private final X509Bundle root;

    Authority(String name) {
        try {
            root = builder()
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static CertificateBuilder builder() {
        Instant now = Instant.now();
        return new CertificateBuilder()
                .ecp256()
                .notBefore(now.minus(Duration.ofDays(2)))
                .notAfter(now.plus(Duration.ofDays(30)));
    }

    /** For this machine. */
    X509Bundle server(String name) {
        return issue(name, to -> to.addSanDnsName("localhost").addSanIpAddress("127.0.0.1"));
    }

    X509Bundle client(String name) {
        return issue(name, to -> to);
    }

    X509Bundle expired(String name) {
        return issue(
                name,
                to -> to.addSanDnsName("localhost")
                        .addSanIpAddress("127.0.0.1")
                        .notAfter(Instant.now().minus(Duration.ofDays(1))));
    }

    X509Bundle issue(String name, UnaryOperator<CertificateBuilder> settings) {
        try {
            return settings.apply(builder().subject("CN=" + name)).buildIssuedBy(root);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    X509Bundle root() {
        return root;
    }

    /** Whom those trust who trust this authority. */
    StoreFile trust(Path directory) {
        return trust(directory, StoreFormat.PEM);
    }

    StoreFile trust(Path directory, StoreFormat format) {
        return write(directory.resolve(root.getCertificate().getSerialNumber() + "-trust"), format, (store, pem) -> {
            store.setCertificateEntry("authority", root.getCertificate());
            pem.append(root.getCertificatePEM());
        });
    }

    static StoreFile keys(Path directory, String name, X509Bundle owner) {
        return keys(directory, name, owner, StoreFormat.PEM);
    }

    /** Replaces the file if it is there, in one step. */
    static StoreFile keys(Path directory, String name, X509Bundle owner, StoreFormat format) {
        return write(directory.resolve(name), format, (store, pem) -> {
            store.setKeyEntry("owner", owner.getKeyPair().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {
                owner.getCertificate()
            });
            pem.append(owner.getCertificatePEM()).append('\n').append(owner.getPrivateKeyPEM());
        });
    }

    private interface Content {
        void fill(KeyStore store, StringBuilder pem) throws Exception;
    }

    private static StoreFile write(Path base, StoreFormat format, Content content) {
        try {
            StringBuilder pem = new StringBuilder();
            KeyStore store = KeyStore.getInstance(format == StoreFormat.PEM ? "PKCS12" : format.name());
            store.load(null, null);
            content.fill(store, pem);
            Path fresh = Files.createTempFile(base.getParent(), "fresh", "");
            Path file =
                    switch (format) {
                        case PEM -> base.resolveSibling(base.getFileName() + ".pem");
                        case JKS -> base.resolveSibling(base.getFileName() + ".jks");
                        case PKCS12 -> base.resolveSibling(base.getFileName() + ".p12");
                    };
            if (format == StoreFormat.PEM) {
                Files.writeString(fresh, pem);
            } else {
                try (OutputStream out = Files.newOutputStream(fresh)) {
                    store.store(out, PASSWORD.toCharArray());
                }
            }
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return format == StoreFormat.PEM ? StoreFile.of(file) : StoreFile.of(file, PASSWORD);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
