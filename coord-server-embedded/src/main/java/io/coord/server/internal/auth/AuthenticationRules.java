package io.coord.server.internal.auth;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How clients show who they are, and who is above all ACLs.
 *
 * @param digestEnabled whether addauth of the scheme {@code digest} is accepted
 * @param digestAlgorithm of the hash in a digest id, by the name that {@link MessageDigest} knows it by
 * @param superDigest {@code user:hash}; who proves it may do everything; null for nobody
 * @param x509SuperUser the distinguished name of a client certificate whose owner may do everything; null for nobody
 * @param saslUsers names and passwords for SASL's DIGEST-MD5; with none of them SASL is not offered
 * @param saslSuperUsers those of them who may do everything
 * @param requiredSchemes a connection without an identity of one of them gets nothing; empty when none is required
 * @param skipAcl whether everybody may do everything
 */
public record AuthenticationRules(
        boolean digestEnabled,
        String digestAlgorithm,
        @Nullable String superDigest,
        @Nullable String x509SuperUser,
        Map<String, String> saslUsers,
        Set<String> saslSuperUsers,
        Set<String> requiredSchemes,
        boolean skipAcl) {
    public static final AuthenticationRules DEFAULT =
            new AuthenticationRules(true, "SHA1", null, null, Map.of(), Set.of(), Set.of(), false);

    /** @throws IllegalArgumentException naming the rule that is wrong, and its value */
    public AuthenticationRules {
        saslUsers = Map.copyOf(saslUsers);
        saslSuperUsers = Set.copyOf(saslSuperUsers);
        requiredSchemes = Set.copyOf(requiredSchemes);
        check(digestAlgorithm, requiredSchemes);
    }

    /** @throws IllegalArgumentException naming the rule that is wrong, and its value */
    public static void check(String digestAlgorithm, Set<String> requiredSchemes) {
        try {
            MessageDigest.getInstance(digestAlgorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(
                    "digestAlgorithm is " + digestAlgorithm + ", which this Java does not have", e);
        }
        for (String each : requiredSchemes) {
            if (AuthScheme.of(each) == null) {
                throw new IllegalArgumentException(
                        "requiredSchemes has " + each + ", which is no scheme of this server");
            }
        }
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "AuthenticationRules[digestEnabled=" + digestEnabled + ", digestAlgorithm=" + digestAlgorithm
                + ", saslUsers=" + saslUsers.size() + ", requiredSchemes=" + requiredSchemes + ", skipAcl=" + skipAcl
                + ']';
    }
}
