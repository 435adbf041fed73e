package io.coord.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which known key somebody may have meant. */
final class NearestKey {
    /** One wrong letter for so many right ones. */
    private static final int LETTERS_FOR_A_SLIP = 4;

    private NearestKey() {}

    /** @return null when none is near */
    static @Nullable String to(String key, Collection<String> withoutEffect) {
        List<String> known = new ArrayList<>();
        for (ServerKey each : ServerKey.values()) {
            known.add(each.spelling);
        }
        for (EnsembleKey each : EnsembleKey.values()) {
            known.add(each.spelling);
        }
        for (TlsKey each : TlsKey.values()) {
            known.add(each.spelling);
        }
        for (AuthenticationKey each : AuthenticationKey.values()) {
            known.add(each.spelling);
        }
        for (AdminKey each : AdminKey.values()) {
            known.add(each.spelling);
        }
        for (String each : withoutEffect) {
            if (!each.endsWith("*")) {
                known.add(each);
            }
        }
        @Nullable String nearest = null;
        int least = Math.max(1, key.length() / LETTERS_FOR_A_SLIP) + 1;
        for (String each : known) {
            int distance = distance(key, each);
            if (distance < least) {
                nearest = each;
                least = distance;
            }
        }
        return nearest;
    }

    /** Levenshtein's, capitals and small letters being the same. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean same = Character.toLowerCase(one.charAt(i - 1)) == Character.toLowerCase(other.charAt(j - 1));
                int replaced = same ? diagonal : diagonal + 1;
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[row.length - 1];
    }
}
