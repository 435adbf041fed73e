package io.coord.server.internal.auth;

import io.coord.protocol.data.ClientInfo;
import io.coord.protocol.data.Id;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom one connection has shown itself to be: its address, and what addauth added. It belongs to the connection, not to the
 * session, and ends with it.
 */
public final class Identities {
    /** Each write carries them all into the log, and each check of an ACL looks at them all. */
    private static final int MOST_IDS = 64;

    private static final int MOST_PROOF_BYTES = 1_024;

    private List<Id> ids;

    /** @param address of the peer, as the id of scheme {@code ip} */
    public Identities(String address) {
        this.ids = List.of(new Id(AuthScheme.IP.schemeName(), address));
    }

    /** The ids as they are now; the list never changes, so a command may carry it. */
    public List<Id> all() {
        return ids;
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
        AuthScheme scheme = AuthScheme.of(schemeName);
        if (scheme == null || (proof == null && scheme.authenticates())) {
            return false;
        }
        if (proof != null && proof.length > MOST_PROOF_BYTES) {
            return false;
        }
        Id id = proof == null ? null : scheme.authenticate(proof);
        if (id != null && !ids.contains(id)) {
            if (ids.size() == MOST_IDS) {
                return false;
            }
            List<Id> more = new ArrayList<>(ids);
            more.add(id);
            ids = List.copyOf(more);
        }
        return true;
    }
}
