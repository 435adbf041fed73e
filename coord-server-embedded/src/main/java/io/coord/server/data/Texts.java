package io.coord.server.data;

import io.coord.protocol.data.Acl;
import io.coord.server.internal.inspection.LogEntry;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/** Values for reading, each without a line's end in it. */
final class Texts {
    private static final char[] PERMISSIONS = {'r', 'w', 'c', 'd', 'a'};

    private Texts() {}

    static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    static String zxid(long zxid) {
        return zxid == LogEntry.UNKNOWN ? "zxid unknown" : hex(zxid);
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    /** As text where it is some, else in base 64. */
    static String data(byte[] data) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return '"' + text + '"';
            }
        } catch (CharacterCodingException binary) {
            // Base 64 then.
        }
        return "base64:" + Base64.getEncoder().encodeToString(data);
    }

    static String acl(List<Acl> entries) {
        StringJoiner text = new StringJoiner(",");
        for (Acl each : entries) {
            StringBuilder permissions = new StringBuilder();
            for (int i = 0; i < PERMISSIONS.length; i++) {
                if ((each.perms() & (1 << i)) != 0) {
                    permissions.append(PERMISSIONS[i]);
                }
            }
            text.add(each.id().scheme() + ':' + each.id().id() + ':' + permissions);
        }
        return escaped(text.toString());
    }
}
