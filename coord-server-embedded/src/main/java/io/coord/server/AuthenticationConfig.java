package io.coord.server;

import io.coord.server.internal.auth.AuthenticationRules;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How clients of an {@link EmbeddedServer} show who they are, and who is above all ACLs; made by the server's builder.
 *
 * @param digestEnabled whether addauth of the scheme {@code digest} is accepted; ZooKeeper's {@code
 *     DigestAuthenticationProvider.enabled}
 * @param digestAlgorithm of the hash in a digest id; ZooKeeper's {@code DigestAuthenticationProvider.digestAlg}
 * @param superDigest {@code user:hash}: whoever knows the password may do everything; null for nobody; ZooKeeper's {@code
 *     DigestAuthenticationProvider.superDigest}
 * @param x509SuperUser the distinguished name in a client's certificate, as RFC 2253 writes it: its owner may do everything; null for
 *     nobody; ZooKeeper's {@code X509AuthenticationProvider.superUser}
 * @param saslUsers names and passwords for SASL's DIGEST-MD5; what ZooKeeper takes from the section {@code Server} of a JAAS file
 * @param saslSuperUsers those of them who may do everything; ZooKeeper's {@code superUser}
 * @param requiredSchemes a connection that has not authenticated by one of them gets nothing but an error; empty when it need not;
 *     ZooKeeper's {@code enforce.auth.schemes}
 * @param skipAcl whether everybody may do everything; ZooKeeper's {@code skipACL}
 */
public record AuthenticationConfig(
        boolean digestEnabled,
        String digestAlgorithm,
        @Nullable String superDigest,
        @Nullable String x509SuperUser,
        Map<String, String> saslUsers,
        Set<String> saslSuperUsers,
        Set<String> requiredSchemes,
        boolean skipAcl) {
    /** @throws IllegalArgumentException naming the setting and its value */
    public AuthenticationConfig {
        saslUsers = Map.copyOf(saslUsers);
        saslSuperUsers = Set.copyOf(saslSuperUsers);
        requiredSchemes = Set.copyOf(requiredSchemes);
        AuthenticationRules.check(digestAlgorithm, requiredSchemes);
        for (String each : saslSuperUsers) {
            if (!saslUsers.containsKey(each)) {
                throw new IllegalArgumentException("saslSuperUsers has " + each + ", who is none of saslUsers");
            }
        }
        if (superDigest != null && superDigest.split(":").length != 2) {
            throw new IllegalArgumentException("superDigest is not user:hash");
        }
    }

    AuthenticationRules rules() {
        return new AuthenticationRules(
                digestEnabled,
                digestAlgorithm,
                superDigest,
                x509SuperUser,
                saslUsers,
                saslSuperUsers,
                requiredSchemes,
                skipAcl);
    }

    /** Without passwords and their hashes. */
    @Override
    public String toString() {
        return "AuthenticationConfig[digestEnabled=" + digestEnabled + ", digestAlgorithm=" + digestAlgorithm
                + ", superDigest=" + (superDigest == null ? "none" : "set") + ", x509SuperUser=" + x509SuperUser
                + ", saslUsers=" + saslUsers.keySet() + ", saslSuperUsers=" + saslSuperUsers + ", requiredSchemes="
                + requiredSchemes + ", skipAcl=" + skipAcl + ']';
    }
}
