package io.coord.protocol.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** The blocks of a file in PEM (RFC 7468); text between them is not looked at. */
record PemFile(Path path, List<Block> blocks) {
    /** @param label what stands behind {@code BEGIN} */
    record Block(String label, String body) {}

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
    private static final long MOST_BYTES = 8 << 20;

    static PemFile read(Path path) throws IOException {
        if (Files.size(path) > MOST_BYTES) {
            throw new InvalidTlsMaterialException(path + ": more than " + MOST_BYTES + " bytes, that is no PEM", null);
        }
        // Every byte is a character of Latin-1, so that binary files are told for what they are, not for bad text.
        String text = Files.readString(path, StandardCharsets.ISO_8859_1);
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), matcher.group(2)));
        }
        if (blocks.isEmpty()) {
            throw new InvalidTlsMaterialException(path + ": no block of PEM (-----BEGIN …-----) is in it", null);
        }
        return new PemFile(path, List.copyOf(blocks));
    }

    List<X509Certificate> certificates() throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (Block each : blocks) {
            switch (each.label()) {
                case "CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE" -> {
                    try {
                        found.add(
                                (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(decode(each))));
                    } catch (CertificateException e) {
                        throw invalid("certificate " + (found.size() + 1) + " cannot be read: " + e.getMessage(), e);
                    }
                }
                default -> {}
            }
        }
        return found;
    }

    /**
     * @param algorithm of the key that is wanted
     * @throws InvalidTlsMaterialException when there is no such key in it
     */
    PrivateKey privateKey(String algorithm, char @Nullable [] password) throws GeneralSecurityException {
        for (Block each : blocks) {
            switch (each.label()) {
                case "PRIVATE KEY" -> {
                    return key(algorithm, decode(each));
                }
                case "RSA PRIVATE KEY" -> {
                    return key(algorithm, Der.pkcs8OfPkcs1(decodeOld(each)));
                }
                case "EC PRIVATE KEY" -> {
                    try {
                        return key(algorithm, Der.pkcs8OfSec1(decodeOld(each)));
                    } catch (IllegalArgumentException e) {
                        throw invalid("its private key cannot be read: " + e.getMessage(), e);
                    }
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return key(algorithm, decrypt(decode(each), password));
                }
                default -> {}
            }
        }
        throw invalid("there is no private key in it", null);
    }

    private PrivateKey key(String algorithm, byte[] pkcs8) throws NoSuchAlgorithmException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (InvalidKeySpecException e) {
            throw invalid("its private key is no " + algorithm + " key, as the certificate's is", e);
        }
    }

    private byte[] decrypt(byte[] encrypted, char @Nullable [] password) throws GeneralSecurityException {
        if (password == null) {
            throw invalid("its private key is encrypted, and there is no password", null);
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // Of PBES2 the parameters alone tell the algorithm.
            String algorithm = info.getAlgName().startsWith("PBEWith") || info.getAlgParameters() == null
                    ? info.getAlgName()
                    : info.getAlgParameters().toString();
            Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password));
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException e) {
            throw invalid("its encrypted private key cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw invalid("the JDK cannot decrypt its private key: " + e.getMessage(), e);
        } catch (InvalidKeySpecException e) {
            // A wrong password shows in the padding, or in what is no key.
            throw invalid("the password is not that of its private key", e);
        } catch (GeneralSecurityException e) {
            if (e.getCause() instanceof BadPaddingException || e instanceof BadPaddingException) {
                throw invalid("the password is not that of its private key", e);
            }
            throw e;
        }
    }

    /** The old way to encrypt has headers within the block, and hashes passwords with MD5. */
    private byte[] decodeOld(Block block) {
        if (block.body().contains("ENCRYPTED")) {
            throw invalid(
                    "its private key is encrypted in the old way; \"openssl pkcs8 -topk8\" makes it one that can be read",
                    null);
        }
        return decode(block);
    }

    private byte[] decode(Block block) {
        try {
            return Base64.getDecoder().decode(WHITE_SPACE.matcher(block.body()).replaceAll(""));
        } catch (IllegalArgumentException e) {
            throw invalid("its block " + block.label() + " is no Base64: " + e.getMessage(), e);
        }
    }

    private InvalidTlsMaterialException invalid(String reason, @Nullable Exception cause) {
        return new InvalidTlsMaterialException(path + ": " + reason, cause);
    }
}
