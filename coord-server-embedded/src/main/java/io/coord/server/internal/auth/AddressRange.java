package io.coord.server.internal.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address, or the leading bits of one, as an ACL of scheme {@code ip} writes it: {@code 10.1.0.0/16}.
 * Never asks a name server.
 */
record AddressRange(byte[] address, int bits) {
    /** The range that the text stands for, or null when it is no address or has more bits than an address. */
    static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte @Nullable [] address = addressOf(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return null;
        }
        int bits = slash < 0 ? address.length * Byte.SIZE : bitsOf(text.substring(slash + 1));
        return bits < 0 || bits > address.length * Byte.SIZE ? null : new AddressRange(address, bits);
    }

    boolean contains(String presented) {
        byte @Nullable [] other = addressOf(presented);
        if (other == null || other.length != address.length) {
            return false;
        }
        int left = bits;
        for (int i = 0; left > 0; i++, left -= Byte.SIZE) {
            int mask = left >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - left);
            if (((address[i] ^ other[i]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int bitsOf(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static byte @Nullable [] addressOf(String text) {
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    private static byte @Nullable [] ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] address = new byte[4];
        for (int i = 0; i < parts.length; i++) {
            int value = parts[i].length() <= 3 ? bitsOf(parts[i]) : -1;
            if (value < 0 || value > 255 || !Character.isDigit(parts[i].charAt(0))) {
                return null;
            }
            address[i] = (byte) value;
        }
        return address;
    }

    /** The JDK parses a text with a colon as a literal or refuses it; only other texts would reach a name server. */
    private static byte @Nullable [] ipv6(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return null;
            }
        }
        if (text.charAt(0) == '.') {
            return null;
        }
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
