package io.coord.cli.command;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import java.util.ArrayList;
import java.util.List;

/** ACLs as the shell writes them: {@code scheme:id:permissions}, several between commas. */
final class AclText {
    private static final String LETTERS = "rwcda";
    /** The order in which ZooKeeper's shell prints them. */
    private static final String PRINTED = "cdrwa";

    private AclText() {}

    static List<Acl> parse(String text) {
        List<Acl> entries = new ArrayList<>();
        for (String each : text.split(",", 0)) {
            int first = each.indexOf(':');
            int last = each.lastIndexOf(':');
            if (first < 0 || first == last) {
                throw CommandFailedException.usage(each + " does not have the form scheme:id:perm");
            }
            Id id = new Id(each.substring(0, first), each.substring(first + 1, last));
            entries.add(new Acl(permissions(each.substring(last + 1)), id));
        }
        return entries;
    }

    private static int permissions(String letters) {
        int set = 0;
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            int bit = LETTERS.indexOf(letter);
            if (bit < 0) {
                throw CommandFailedException.usage("Unknown perm type: " + letter);
            }
            set |= 1 << bit;
        }
        return set;
    }

    static String permissions(Acl entry) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < PRINTED.length(); i++) {
            char letter = PRINTED.charAt(i);
            if ((entry.perms() & (1 << LETTERS.indexOf(letter))) != 0) {
                letters.append(letter);
            }
        }
        return letters.toString();
    }

    /** What {@link #parse} reads. */
    static String of(Acl entry) {
        return entry.id().scheme() + ':' + entry.id().id() + ':' + permissions(entry);
    }
}
