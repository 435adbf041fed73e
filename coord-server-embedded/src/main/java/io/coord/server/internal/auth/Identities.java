package io.coord.server.internal.auth;

import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.data.Id;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom one connection has shown itself to be: its address, its certificate, and what addauth and SASL added. It belongs to the
 * connection, not to the session, and ends with it.
 */
public final class Identities {
    private static final Logger LOG = LoggerFactory.getLogger(Identities.class);

    /** Each write carries them all into the log, and each check of an ACL looks at them all. */
    private static final int MOST_IDS = 64;
    /** As much as DIGEST-MD5 allows. */
    private static final int MOST_TOKEN_BYTES = 4_096;

    private static final byte[] NO_TOKEN = {};

    private final Authentication authentication;
    private List<Id> ids;
    /** With those that nobody is told of. */
    private List<Id> all;

    private boolean isAdmitted;
    private @Nullable SaslExchange sasl;

    Identities(Authentication authentication, Id address) {
        this.authentication = authentication;
        this.ids = List.of(address);
        this.all = withHidden(ids);
        this.isAdmitted = authentication.admits(ids);
    }

    /** The ids as they are now; the list never changes, so a command may carry it. */
    public List<Id> all() {
        return all;
    }

    /** The ids as others may be told of them, that of the address first; the list never changes. */
    public List<Id> told() {
        return ids;
    }

    /** Whether the connection may do anything but authenticate; if not, the answer is SESSION_CLOSED_REQUIRES_SASL_AUTH. */
    public boolean isAdmitted() {
        return isAdmitted;
    }

    /** The ids as they may be shown to the connection itself: without what an ACL needs and nobody is to know. */
    public List<ClientInfo> shown() {
        return ids.stream()
                .map(id -> {
                    @Nullable AuthScheme scheme = AuthScheme.of(id.scheme());
                    return new ClientInfo(id.scheme(), scheme == null ? "" : scheme.userOf(id.id()));
                })
                .toList();
    }

    /**
     * Takes in what an addauth proves: up to 64 identities, each by a proof of up to 1,024 bytes.
     *
     * @return whether it was accepted; if not, the answer is AUTH_FAILED and the connection ends
     */
    public boolean add(String schemeName, byte @Nullable [] proof) {
        @Nullable List<Id> proven = authentication.prove(schemeName, proof, ids);
        return proven != null && addAll(proven);
    }

    /**
     * Takes in who a client is by its certificate.
     *
     * @param certificate its own, not that of who vouches for it; trusted already
     */
    public void addCertificate(X509Certificate certificate) {
        addAll(authentication.idsOf(certificate));
    }

    /** The next step of SASL. When the client has shown to be a user, it is that from now on. */
    public SaslStep onSaslToken(byte @Nullable [] token) {
        if (!authentication.offersSasl()) {
            return SaslStep.NOT_OFFERED;
        }
        if (token != null && token.length > MOST_TOKEN_BYTES) {
            return SaslStep.REFUSED;
        }
        try {
            SaslExchange exchange = sasl == null ? authentication.newSaslExchange() : sasl;
            sasl = exchange;
            byte @Nullable [] answer = exchange.answer(token == null ? NO_TOKEN : token);
            @Nullable String user = exchange.user();
            return user != null && !addAll(authentication.idsOfSaslUser(user))
                    ? SaslStep.REFUSED
                    : new SaslStep(true, answer);
        } catch (SaslException e) {
            LOG.debug("SASL has failed", e);
            return SaslStep.REFUSED;
        }
    }

    private boolean addAll(List<Id> added) {
        List<Id> more = new ArrayList<>(ids);
        for (Id each : added) {
            if (!more.contains(each)) {
                more.add(each);
            }
        }
        if (more.size() > MOST_IDS) {
            return false;
        }
        ids = List.copyOf(more);
        all = withHidden(ids);
        isAdmitted = authentication.admits(ids);
        return true;
    }

    private List<Id> withHidden(List<Id> known) {
        List<Id> hidden = authentication.hiddenIds();
        if (hidden.isEmpty()) {
            return known;
        }
        List<Id> both = new ArrayList<>(known);
        both.addAll(hidden);
        return List.copyOf(both);
    }
}
