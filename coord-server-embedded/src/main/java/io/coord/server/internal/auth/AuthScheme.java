package io.coord.server.internal.auth;

import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The ways to say who one is that this server knows, besides {@code world}, {@code auth} and {@code super}. */
public enum AuthScheme {
    /** {@code user:base64(hash(user:password))}; proven by the password. */
    DIGEST("digest", true) {
        @Override
        boolean isValid(String id) {
            return id.split(":").length == 2;
        }

        @Override
        public String userOf(String id) {
            return id.substring(0, id.indexOf(':'));
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
    },

    /** A distinguished name; proven by the certificate that a client has shown when it connected. */
    X509("x509", true) {
        @Override
        boolean isValid(String id) {
            try {
                new X500Principal(id);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    },

    /** A name, or a Kerberos principal; proven by SASL. */
    SASL("sasl", true) {
        @Override
        boolean isValid(String id) {
            return id.indexOf('@') < 0 || PRINCIPAL.matcher(id).matches();
        }

        /** In ZooKeeper the user of this name is granted what any user is, without being above all ACLs. */
        @Override
        boolean matches(String presented, String granted) {
            return presented.equals(granted) || presented.equals("super");
        }
    };

    private static final Pattern PRINCIPAL = Pattern.compile("[^/@]*(/[^/@]*)?@[^/@]*");
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

    /** Whether it has been there from the start, so that ACLs in any log could name it. */
    boolean isFirst() {
        return this == DIGEST || this == IP;
    }

    /** Whether an ACL may name this id. */
    abstract boolean isValid(String id);

    boolean matches(String presented, String granted) {
        return presented.equals(granted);
    }

    /** The part of an id of a connection that tells who it is and no more. */
    public String userOf(String id) {
        return id;
    }
}
