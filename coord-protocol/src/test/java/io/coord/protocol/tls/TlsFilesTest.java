package io.coord.protocol.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
    private static final String PASSWORD = "correct horse";
    private static X509Bundle rsa;
    private static X509Bundle ec;

    @TempDir
    private Path directory;

    @BeforeAll
    static void issue() throws Exception {
        rsa = builder("rsa").rsa2048().buildSelfSigned();
        ec = builder("ec").ecp256().buildSelfSigned();
    }

    private static CertificateBuilder builder(String name) {
        return new CertificateBuilder().subject("CN=" + name).setIsCertificateAuthority(true);
    }

    private Path file(String name, String... parts) throws IOException {
        return Files.writeString(directory.resolve(name), String.join("\n", parts));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /** Of a key in an older format: what PKCS#8 is put around. */
    private static byte[] inner(PrivateKey key) throws IOException {
        return PrivateKeyInfo.getInstance(key.getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
    }

    /** As OpenSSL writes it, which the JDK does not: a key of a curve with its name. */
    private static byte[] sec1(PrivateKey key) throws IOException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
        ECPrivateKey bare = ECPrivateKey.getInstance(info.parsePrivateKey());
        return new ECPrivateKey(
                        256, bare.getKey(), info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    /** As "openssl pkcs8 -topk8" writes it. */
    private static byte[] encrypted(PrivateKey key) throws Exception {
        return new JcaPKCS8Generator(
                        key,
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(new BouncyCastleProvider())
                                .setPRF(PKCS8Generator.PRF_HMACSHA256)
                                .setPassword(PASSWORD.toCharArray())
                                .build())
                .generate()
                .getContent();
    }

    private static void assertIdentity(StoreFile keys, X509Bundle owner) {
        TlsMaterial material = new TlsFiles(keys, null, Revocation.NONE).load();
        assertThat(material.certificates()).containsExactly(owner.getCertificate());
        assertThat(material.toContext()).isNotNull();
    }

    private void assertRefused(StoreFile keys, String... reason) {
        assertThatThrownBy(() -> new TlsFiles(keys, null, Revocation.NONE).load())
                .isInstanceOf(InvalidTlsMaterialException.class)
                .message()
                .contains(reason)
                .contains(directory.toString())
                .doesNotContain(PASSWORD);
    }

    @Test
    void readsPrivateKeysInEachFormatOfPem() throws Exception {
        PrivateKey rsaKey = rsa.getKeyPair().getPrivate();
        PrivateKey ecKey = ec.getKeyPair().getPrivate();
        assertIdentity(StoreFile.of(file("a.pem", rsa.getCertificatePEM(), rsa.getPrivateKeyPEM())), rsa);
        assertIdentity(StoreFile.of(file("b.pem", ec.getPrivateKeyPEM(), ec.getCertificatePEM())), ec);
        assertIdentity(
                StoreFile.of(file("c.pem", rsa.getCertificatePEM(), pem("RSA PRIVATE KEY", inner(rsaKey)))), rsa);
        assertIdentity(StoreFile.of(file("d.pem", ec.getCertificatePEM(), pem("EC PRIVATE KEY", sec1(ecKey)))), ec);
        for (X509Bundle each : List.of(rsa, ec)) {
            byte[] encrypted = encrypted(each.getKeyPair().getPrivate());
            Path file = file("e.pem", "of someone", each.getCertificatePEM(), pem("ENCRYPTED PRIVATE KEY", encrypted));
            assertIdentity(StoreFile.of(file, PASSWORD), each);
            assertRefused(StoreFile.of(file), "is encrypted, and there is no password");
            assertRefused(StoreFile.of(file, "wrong"), "the password is not that of its private key");
        }
    }

    @Test
    void readsCertificateAndKeyFromTwoFiles() throws Exception {
        Path certificate = file("tls.crt", ec.getCertificatePEM());
        assertIdentity(StoreFile.pem(certificate, file("tls.key", ec.getPrivateKeyPEM())), ec);
        assertRefused(StoreFile.pem(certificate, file("rsa.key", rsa.getPrivateKeyPEM())), "is no EC key");
        assertRefused(StoreFile.of(certificate), "there is no private key in it");
    }

    @Test
    void readsThePasswordFromAFile() throws Exception {
        StoreFile keys =
                StoreFile.of(binary("PKCS12", ec)).withPasswordFile(file("password", PASSWORD, "of the store"));
        assertIdentity(keys, ec);
    }

    private Path binary(String format, X509Bundle owner) throws Exception {
        KeyStore store = KeyStore.getInstance(format);
        store.load(null, null);
        store.setKeyEntry("owner", owner.getKeyPair().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {
            owner.getCertificate()
        });
        Path file = directory.resolve("store." + (format.equals("JKS") ? "jks" : "p12"));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    @Test
    void readsBinaryStoresAndSaysWhenThePasswordIsWrong() throws Exception {
        for (String format : List.of("JKS", "PKCS12")) {
            Path file = binary(format, rsa);
            assertIdentity(StoreFile.of(file, PASSWORD), rsa);
            assertRefused(StoreFile.of(file, "wrong"), "the password is wrong");
        }
    }

    @Test
    void refusesAKeyThatIsNotThatOfTheCertificate() throws Exception {
        X509Bundle other = builder("other").ecp256().buildSelfSigned();
        assertRefused(
                StoreFile.of(file("mixed.pem", ec.getCertificatePEM(), other.getPrivateKeyPEM())),
                "do not belong together");
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        assertRefused(StoreFile.of(directory.resolve("none.pem")), "there is no file");
        assertRefused(StoreFile.of(file("empty.pem", "")), "no block of PEM");
        assertRefused(StoreFile.of(file("key.pem", ec.getPrivateKeyPEM())), "there is no certificate in it");
        assertRefused(
                StoreFile.of(file(
                        "cut.pem",
                        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
                        ec.getPrivateKeyPEM())),
                "certificate 1 cannot be read");
        assertRefused(
                StoreFile.of(file(
                        "old.pem",
                        rsa.getCertificatePEM(),
                        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA"
                                + "\n-----END RSA PRIVATE KEY-----")),
                "openssl pkcs8 -topk8");
        assertRefused(
                StoreFile.of(file("short.pem", ec.getCertificatePEM(), pem("EC PRIVATE KEY", new byte[] {0x30, 9, 2}))),
                "its private key cannot be read");
        assertThatThrownBy(() -> StoreFile.of(Path.of("keys.bin"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTrustStoreWithoutCertificatesIsRefused() throws Exception {
        StoreFile keysOnly = StoreFile.of(binary("PKCS12", ec), PASSWORD);
        assertThatThrownBy(() -> new TlsFiles(null, keysOnly, Revocation.NONE).load())
                .isInstanceOf(InvalidTlsMaterialException.class)
                .hasMessageContaining("no trusted certificate");
    }

    @Test
    void eachChangeOfAFileIsAnotherVersion() throws Exception {
        Path file = file("keys.pem", ec.getCertificatePEM(), ec.getPrivateKeyPEM());
        TlsFiles files = new TlsFiles(StoreFile.of(file), null, Revocation.NONE);
        Object before = files.version();
        assertThat(files.version()).isEqualTo(before);
        Files.writeString(file, "longer than it was before, or shorter");
        Object after = files.version();
        assertThat(after).isNotEqualTo(before);
        Files.delete(file);
        assertThat(files.version()).isNotEqualTo(after).isNotEqualTo(before);
    }

    @Test
    void refusalsNameTheCertificateAndTheReason() throws Exception {
        X509ExtendedTrustManager trust = new DescribedTrust((X509ExtendedTrustManager) ec.toTrustManager());
        X509Bundle known = new CertificateBuilder()
                .subject("CN=known")
                .addSanDnsName("a.example.org")
                .ecp256()
                .buildIssuedBy(ec);
        assertThatCode(() -> trust.checkServerTrusted(known.getCertificatePath(), "ECDHE_ECDSA"))
                .doesNotThrowAnyException();
        X509Bundle unknown =
                new CertificateBuilder().subject("CN=unknown").ecp256().buildIssuedBy(rsa);
        assertThatThrownBy(() -> trust.checkServerTrusted(unknown.getCertificatePath(), "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("CN=unknown")
                .hasMessageContaining("issued by nobody whom our trust store knows; that would be CN=rsa");
    }

    @Test
    void noPasswordIsShown() {
        assertThat(StoreFile.of(Path.of("a.p12"), PASSWORD)).hasToString("PKCS12 a.p12");
        assertThat(new TlsFiles(StoreFile.of(Path.of("a.p12"), PASSWORD), null, Revocation.NONE).toString())
                .doesNotContain(PASSWORD);
    }
}
