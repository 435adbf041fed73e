package io.coord.server.internal.auth;

import io.coord.protocol.data.Id;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The ways to say who one is that this server knows, besides {@code world} and {@code auth}. */
public enum AuthScheme {
    /** {@code user:base64(SHA1(user:password))}; proven by the password. */
    DIGEST("digest", true) {
        @Override
        boolean isValid(String id) {
            return id.split(":").length == 2;
        }

        @Override
        boolean matches(String presented, String granted) {
            return presented.equals(granted);
        }

        @Override
        String userOf(String id) {
            return id.substring(0, id.indexOf(':'));
        }

        @Override
        @Nullable
        Id authenticate(byte[] proof) {
            String userAndPassword = new String(proof, StandardCharsets.UTF_8);
            int colon = userAndPassword.indexOf(':');
            String user = colon < 0 ? userAndPassword : userAndPassword.substring(0, colon);
            return new Id(schemeName(), user + ':' + sha1(userAndPassword));
        }
    },

    /** {@code address[/bits]}. Each connection holds the id of its peer's address; it counts as no authentication. */
    IP("ip", false) {
        @Override
        boolean isValid(String id) {
            return AddressRange.parse(id) != null;
        }

        @Override
        boolean matches(String presented, String granted) {
            AddressRange range = AddressRange.parse(granted);
            return range != null && range.contains(presented);
        }

        @Override
        String userOf(String id) {
            return id;
        }

        /** Nothing can be proven: the connection holds its address already, so the answer is that one is left as one is. */
        @Override
        @Nullable
        Id authenticate(byte[] proof) {
            return null;
        }
    };

    private static final AuthScheme[] ALL = values();

    private final String schemeName;
    private final boolean authenticates;

    AuthScheme(String schemeName, boolean authenticates) {
        this.schemeName = schemeName;
        this.authenticates = authenticates;
    }

    /** The scheme with this name on the wire, or null when the server knows none such. */
    public static @Nullable AuthScheme of(String name) {
        for (AuthScheme each : ALL) {
            if (each.schemeName.equals(name)) {
                return each;
            }
        }
        return null;
    }

    public String schemeName() {
        return schemeName;
    }

    /** Whether holding an id of this scheme is to be authenticated; those ids replace {@code auth} in an ACL. */
    public boolean authenticates() {
        return authenticates;
    }

    /** Whether an ACL may name this id. */
    abstract boolean isValid(String id);

    abstract boolean matches(String presented, String granted);

    /** The part of an id of a connection that tells who it is and no more. */
    abstract String userOf(String id);

    /** The id that the proof of an addauth makes good, or null when it adds none. */
    abstract @Nullable Id authenticate(byte[] proof);

    private static String sha1(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA1").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
