package io.coord.server.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key about who clients are and what they may do. {@code docs/SERVER.md} has a row for each. */
enum AuthenticationKey {
    SKIP_ACL("skipACL"),
    DIGEST_ENABLED("DigestAuthenticationProvider.enabled"),
    DIGEST_ALGORITHM("DigestAuthenticationProvider.digestAlg"),
    SUPER_DIGEST("DigestAuthenticationProvider.superDigest"),
    X509_SUPER_USER("X509AuthenticationProvider.superUser"),
    SASL_SUPER_USER("superUser"),
    SASL_SUPER_PASSWORD("SASLAuthenticationProvider.superPassword"),
    SASL_SECTION("sasl.serverconfig"),
    JAAS_FILE(JaasSection.FLAG),
    ENFORCE_AUTH("enforce.auth.enabled"),
    ENFORCE_AUTH_SCHEMES("enforce.auth.schemes"),
    REQUIRE_SASL("sessionRequireClientSASLAuth");

    private static final Map<String, AuthenticationKey> BY_NAME = new HashMap<>();

    static {
        for (AuthenticationKey key : values()) {
            BY_NAME.put(key.spelling, key);
        }
    }

    final String spelling;

    AuthenticationKey(String spelling) {
        this.spelling = spelling;
    }

    static @Nullable AuthenticationKey of(String spelling) {
        return BY_NAME.get(spelling);
    }
}
