package io.coord.protocol.tls;

import java.util.Locale;

/** How keys and certificates are kept in a file; the names are those of ZooKeeper's {@code ssl.keyStore.type}. */
public enum StoreFormat {
    /** Text: certificates, the owner's first, and in a key store one private key, in PKCS#8, PKCS#1 or SEC 1. */
    PEM,
    /** Java's old format. */
    JKS,
    PKCS12;

    /**
     * By the ending of the file's name, as ZooKeeper does it: {@code .pem}, {@code .jks}, {@code .p12}; {@code .pfx}, {@code
     * .crt}, {@code .cer} and {@code .key} besides.
     *
     * @throws IllegalArgumentException when it ends otherwise
     */
    public static StoreFormat ofFileName(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (ending) {
            case "pem", "crt", "cer", "key" -> PEM;
            case "jks" -> JKS;
            case "p12", "pfx", "pkcs12" -> PKCS12;
            default ->
                throw new IllegalArgumentException(
                        "the format of " + name
                                + " cannot be told from its name, which ends neither in .pem nor in .jks or .p12: say which it is");
        };
    }
}
