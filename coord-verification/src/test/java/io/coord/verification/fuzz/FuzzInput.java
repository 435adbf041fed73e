package io.coord.verification.fuzz;

import java.util.Arrays;

/** Reads a fuzzer's bytes as choices. Behind their end every choice is 0, so that each prefix of an input is an input. */
final class FuzzInput {
    /** Numbers at which lengths, counts, versions and indexes go wrong. */
    private static final int[] EXTREMES = {
        0,
        -1,
        1,
        -2,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0x7f,
        0x80,
        0xff,
        0xffff,
        0xfffff,
        1 << 20,
        1 << 24,
        1 << 26,
        1 << 30,
        1024
    };

    private final byte[] bytes;
    private int position;

    FuzzInput(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean isEmpty() {
        return position >= bytes.length;
    }

    /** From 0 to 255. */
    int next() {
        return isEmpty() ? 0 : bytes[position++] & 0xff;
    }

    /** From 0 to {@code bound - 1}, for a bound up to 65,536. */
    int choice(int bound) {
        return bound <= 256 ? next() % bound : (next() << 8 | next()) % bound;
    }

    int nextInt() {
        return next() << 24 | next() << 16 | next() << 8 | next();
    }

    int extreme() {
        int which = next();
        return which < 0xf0 ? EXTREMES[which % EXTREMES.length] : nextInt();
    }

    byte[] take(int count) {
        int end = Math.min(bytes.length, position + count);
        byte[] taken = Arrays.copyOfRange(bytes, Math.min(position, end), end);
        position = end;
        return taken;
    }

    byte[] rest() {
        return take(bytes.length);
    }
}
