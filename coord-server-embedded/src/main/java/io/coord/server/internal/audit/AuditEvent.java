package io.coord.server.internal.audit;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.server.internal.auth.AuthScheme;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One line of the record. It holds no data of znodes, only what is written.
 *
 * @param sessionId 0 for what no session has to do with
 * @param ids of the client, that of its address first; empty for what the server did itself
 * @param user who runs the server, for what it did itself
 * @param operation in ZooKeeper's words
 * @param scheme of a proof that was refused
 */
record AuditEvent(
        long sessionId,
        List<Id> ids,
        @Nullable String user,
        String operation,
        @Nullable String znode,
        @Nullable CreateMode znodeType,
        @Nullable List<Acl> acl,
        @Nullable String scheme,
        Result result) {
    enum Result {
        SUCCESS,
        FAILURE,
        /** Begun; nobody is there to say how it ended. */
        INVOKED
    }

    private static final char SEPARATOR = '\t';
    private static final int[] PERMISSIONS = {Acl.CREATE, Acl.DELETE, Acl.READ, Acl.WRITE, Acl.ADMIN};
    private static final String LETTERS = "cdrwa";
    private static final int FIXED_CHARS = 200;

    /** What the server did itself. */
    static AuditEvent ofServer(String user, long sessionId, String operation, @Nullable String znode, Result result) {
        return new AuditEvent(sessionId, List.of(), user, operation, znode, null, null, null, result);
    }

    /** About what it holds in memory until it is written. */
    int chars() {
        int chars = FIXED_CHARS + (znode == null ? 0 : znode.length());
        if (acl != null) {
            for (Acl each : acl) {
                chars += each.id().id().length() + each.id().scheme().length();
            }
        }
        return chars;
    }

    /** As ZooKeeper writes it: names and values, those that are not there left out. */
    String line() {
        StringBuilder line = new StringBuilder();
        if (sessionId != 0) {
            append("session", "0x" + Long.toHexString(sessionId), line);
        }
        append("user", ids.isEmpty() ? user : users(), line);
        append("ip", ids.isEmpty() ? null : ids.get(0).id(), line);
        append("operation", operation, line);
        append("znode", znode, line);
        append("znode_type", znodeType == null ? null : znodeType.name().toLowerCase(Locale.ROOT), line);
        append("acl", acl == null ? null : text(acl), line);
        append("scheme", scheme, line);
        append("result", result.name().toLowerCase(Locale.ROOT), line);
        return line.toString();
    }

    /** Control characters, which could make up a line or a field, are replaced. */
    private static void append(String name, @Nullable String value, StringBuilder line) {
        if (value == null || value.isEmpty()) {
            return;
        }
        if (!line.isEmpty()) {
            line.append(SEPARATOR);
        }
        line.append(name).append('=');
        for (int i = 0; i < value.length(); i++) {
            char sign = value.charAt(i);
            line.append(Character.isISOControl(sign) || sign == '\u2028' || sign == '\u2029' ? '?' : sign);
        }
    }

    private String users() {
        return ids.stream()
                .map(AuditEvent::userOf)
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining(","));
    }

    private static String userOf(Id id) {
        AuthScheme scheme = AuthScheme.of(id.scheme());
        return scheme == null ? id.id() : scheme.userOf(id.id());
    }

    private static String text(List<Acl> acl) {
        return acl.stream()
                .map(each -> each.id().scheme() + ':' + shown(each.id()) + ':' + permissions(each.perms()))
                .collect(Collectors.joining(","));
    }

    /** Whoever reads the record is not to learn what a password's hash is. */
    private static String shown(Id id) {
        return id.scheme().equals(AuthScheme.DIGEST.schemeName()) && id.id().indexOf(':') >= 0
                ? AuthScheme.DIGEST.userOf(id.id()) + ":x"
                : id.id();
    }

    /** In ZooKeeper's order: create, delete, read, write, administer. */
    private static String permissions(int perms) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if ((perms & PERMISSIONS[i]) != 0) {
                text.append(LETTERS.charAt(i));
            }
        }
        return text.toString();
    }
}
