package io.coord.server.internal.auth;

import io.coord.protocol.data.Id;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;

/**
 * Turns proofs into ids, by the rules of this server. Ids, not rules, travel with a write: so what one server takes for a
 * proof need not be what another one does, and replicas judge alike all the same.
 */
public final class Authentication {
    private static final Id SUPER = new Id(AccessList.SUPER_SCHEME, "");
    private static final int MOST_PROOF_BYTES = 1_024;

    private final AuthenticationRules rules;

    public Authentication(AuthenticationRules rules) {
        this.rules = rules;
    }

    /** @param address of the peer, as the id of scheme {@code ip} */
    public Identities identitiesAt(String address) {
        return new Identities(this, new Id(AuthScheme.IP.schemeName(), address));
    }

    /** The ids that a connection has beside what it may be told of. */
    List<Id> hiddenIds() {
        return rules.skipAcl() ? List.of(SUPER) : List.of();
    }

    /** Whether a connection with these ids may do anything but authenticate. */
    boolean admits(List<Id> ids) {
        return rules.requiredSchemes().isEmpty()
                || ids.stream().anyMatch(id -> rules.requiredSchemes().contains(id.scheme()));
    }

    /**
     * What the proof of an addauth makes good.
     *
     * @param present the ids that the connection has
     * @return null when it is refused
     */
    @Nullable
    List<Id> prove(String schemeName, byte @Nullable [] proof, List<Id> present) {
        AuthScheme scheme = AuthScheme.of(schemeName);
        if (scheme == null || (proof != null && proof.length > MOST_PROOF_BYTES)) {
            return null;
        }
        return switch (scheme) {
            case DIGEST -> proof == null || !rules.digestEnabled() ? null : digestIds(proof);
            // Nothing can be proven: the connection holds its address already.
            case IP -> List.of();
            // The certificate was looked at when the connection was made; asking again changes nothing.
            case X509 -> present.stream().anyMatch(id -> id.scheme().equals(schemeName)) ? List.of() : null;
            // It has an operation of its own.
            case SASL -> null;
        };
    }

    /** Whether a proof, in the form of an addauth, is that of one who may do everything. Thread-safe. */
    public boolean isSuper(String schemeName, byte[] proof) {
        @Nullable List<Id> proven = prove(schemeName, proof, List.of());
        return proven != null && proven.contains(SUPER);
    }

    /** The ids of who has shown a certificate; that it is trusted was found out before. */
    List<Id> idsOf(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        Id id = new Id(AuthScheme.X509.schemeName(), name);
        return name.equals(rules.x509SuperUser()) ? List.of(new Id(AccessList.SUPER_SCHEME, name), id) : List.of(id);
    }

    List<Id> idsOfSaslUser(String user) {
        Id id = new Id(AuthScheme.SASL.schemeName(), user);
        return rules.saslSuperUsers().contains(user) ? List.of(id, SUPER) : List.of(id);
    }

    /** Whether there is anyone who could authenticate by SASL. */
    boolean offersSasl() {
        return !rules.saslUsers().isEmpty();
    }

    SaslExchange newSaslExchange() throws SaslException {
        return new SaslExchange(rules.saslUsers());
    }

    private List<Id> digestIds(byte[] proof) {
        String userAndPassword = new String(proof, StandardCharsets.UTF_8);
        int colon = userAndPassword.indexOf(':');
        String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
        String digest = user + ':' + hash(userAndPassword);
        List<Id> ids = new ArrayList<>(2);
        if (digest.equals(rules.superDigest())) {
            ids.add(SUPER);
        }
        ids.add(new Id(AuthScheme.DIGEST.schemeName(), digest));
        return ids;
    }

    private String hash(String text) {
        try {
            byte[] hash =
                    MessageDigest.getInstance(rules.digestAlgorithm()).digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("it was there when the server was made", e);
        }
    }
}
