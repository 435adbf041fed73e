package io.coord.spring.lock;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A key as one element of a path. What a path cannot hold, a slash, and the escape character itself become {@code %XX} per byte of
 * UTF-8; everything else stays, so that people recognise their keys. Two different keys never become the same element.
 */
final class LockKey {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private LockKey() {}

    static String toPathElement(String key) {
        if (key.equals(".")) {
            return "%2E";
        }
        if (key.equals("..")) {
            return "%2E%2E";
        }
        StringBuilder element = new StringBuilder(key.length());
        key.codePoints().forEach(c -> {
            if (isSafe(c)) {
                element.appendCodePoint(c);
            } else {
                for (byte b : bytes(c)) {
                    HEX.toHexDigits(element.append('%'), b);
                }
            }
        });
        return element.toString();
    }

    /** Paths exclude control characters, surrogates, private use and the specials (PrepRequestProcessor's rule on the server). */
    private static boolean isSafe(int c) {
        boolean control = c <= 0x1F || (c >= 0x7F && c <= 0x9F);
        boolean privateOrSpecial = (c >= 0xD800 && c <= 0xF8FF) || c >= 0xFFF0;
        return c != '/' && c != '%' && !control && !privateOrSpecial;
    }

    /** UTF-8; a surrogate without its other half, which has none, as the three bytes that its number would have. */
    private static byte[] bytes(int c) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            return new byte[] {(byte) (0xE0 | (c >> 12)), (byte) (0x80 | ((c >> 6) & 0x3F)), (byte) (0x80 | (c & 0x3F))
            };
        }
        return Character.toString(c).getBytes(StandardCharsets.UTF_8);
    }
}
