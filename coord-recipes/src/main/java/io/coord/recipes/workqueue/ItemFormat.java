package io.coord.recipes.workqueue;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The bytes and names of items, as Curator's queues write and read them: a version, then each item behind a mark and its length,
 * then a mark of the end. The name of an item that is due later carries the moment, in milliseconds since the epoch, as
 * hexadecimal digits between bars.
 */
final class ItemFormat {
    static final String NAME_PREFIX = "queue-";
    private static final char BAR = '|';
    private static final int VERSION = 0x00010001;
    private static final byte ITEM = 1;
    private static final byte END = 2;
    private static final int HEXADECIMAL = 16;

    private ItemFormat() {}

    static byte[] encode(List<byte[]> items) {
        int size = Integer.BYTES + 1;
        for (byte[] item : items) {
            size += 1 + Integer.BYTES + item.length;
        }
        ByteBuffer out = ByteBuffer.allocate(size).putInt(VERSION);
        for (byte[] item : items) {
            out.put(ITEM).putInt(item.length).put(item);
        }
        return out.put(END).array();
    }

    /** @throws IllegalArgumentException when it is something else */
    static List<byte[]> decode(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        try {
            int version = in.getInt();
            if (version != VERSION) {
                throw new IllegalArgumentException("version " + version + " of queue items");
            }
            List<byte[]> items = new ArrayList<>();
            while (true) {
                byte mark = in.get();
                if (mark == END) {
                    return items;
                }
                int length = in.getInt();
                if (mark != ITEM || length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("mark " + mark + " and length " + length);
                }
                byte[] item = new byte[length];
                in.get(item);
                items.add(item);
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the item ends too early", e);
        }
    }

    /** The name of an item that is due at that moment, without its sequence number. */
    static String prefixDueAt(long epochMs) {
        return NAME_PREFIX + BAR + String.format(Locale.ROOT, "%08X", epochMs) + BAR;
    }

    /** Milliseconds since the epoch; 0 for an item that is due at once. */
    static long dueAt(String name) {
        int end = name.lastIndexOf(BAR);
        int start = end > 0 ? name.lastIndexOf(BAR, end - 1) : -1;
        if (start <= 0 || end == start + 1) {
            return 0;
        }
        try {
            return Long.parseLong(name.substring(start + 1, end), HEXADECIMAL);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
