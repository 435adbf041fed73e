package io.coord.protocol.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/** The little of ASN.1's DER that private keys in older formats need to be put into PKCS#8, which is what the JDK reads. */
final class Der {
    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    /** Of a SEC 1 key (RFC 5915): which curve. */
    private static final int PARAMETERS = 0xa0;

    private static final byte[] VERSION_0 = HexFormat.of().parseHex("020100");
    /** rsaEncryption, and the NULL that goes with it. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    /** id-ecPublicKey. */
    private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Der() {}

    static byte[] pkcs8OfPkcs1(byte[] key) {
        return tagged(SEQUENCE, VERSION_0, RSA, tagged(OCTET_STRING, key));
    }

    /** @throws IllegalArgumentException when it is malformed or does not name its curve */
    static byte[] pkcs8OfSec1(byte[] key) {
        return tagged(SEQUENCE, VERSION_0, tagged(SEQUENCE, EC, curve(key)), tagged(OCTET_STRING, key));
    }

    private static byte[] curve(byte[] key) {
        Cursor at = new Cursor(key);
        at.enter(SEQUENCE);
        while (at.position < key.length) {
            int tag = key[at.position] & 0xff;
            at.enter(tag);
            if (tag == PARAMETERS) {
                return Arrays.copyOfRange(key, at.position, at.position + at.length);
            }
            at.position += at.length;
        }
        throw new IllegalArgumentException("it does not name its curve");
    }

    private static byte[] tagged(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(tag);
        int length = content.size();
        if (length < 0x80) {
            whole.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            whole.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                whole.write(length >>> (8 * i));
            }
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    /** Reads heads of values. */
    private static final class Cursor {
        private final byte[] bytes;
        private int position;
        /** Of the value whose head was read last. */
        private int length;

        Cursor(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Moves behind the head of a value. */
        void enter(int tag) {
            if (next() != tag) {
                throw new IllegalArgumentException("malformed at byte " + position);
            }
            int first = next();
            length = first;
            if (first >= 0x80) {
                int octets = first & 0x7f;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | next();
                }
            }
            if (length < 0 || length > bytes.length - position) {
                throw new IllegalArgumentException("a length of " + length + " at byte " + position);
            }
        }

        private int next() {
            if (position >= bytes.length) {
                throw new IllegalArgumentException("it ends too early");
            }
            return bytes[position++] & 0xff;
        }
    }
}
