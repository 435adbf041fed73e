package io.coord.server.internal.tree;

import static io.coord.server.internal.tree.BlockStore.INT;

import io.coord.protocol.data.Stat;
import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of all znodes, each znode a block of bytes known by its handle (decision 9). First what has a fixed place, then
 * two numbers in seven bits a byte, the lowest first: the length of the name, doubled, plus one if each of its bytes is a
 * character; the length of the data plus one, or zero when it is null or kept apart. Then the name in UTF-8, which is exact
 * because paths have no surrogates. Then the data. What few nodes have is in {@link ZnodeExtras}.
 */
final class ZnodeStore {
    /** Longer data is kept apart: in the block it would have to be copied for each reader. */
    static final int LONGEST_DATA = 512;
    /** No znode. */
    static final int NONE = AddressTable.NONE;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** In the first number: each byte of the name is a character. */
    private static final int ASCII = 1;

    private static final int PARENT = BlockStore.HANDLE_BYTES;
    private static final int ACL = PARENT + Integer.BYTES;
    private static final int SLOT = ACL + Integer.BYTES;
    private static final int EXTRAS = SLOT + Integer.BYTES;
    private static final int VERSION = EXTRAS + Integer.BYTES;
    private static final int CZXID = VERSION + Integer.BYTES;
    private static final int CTIME = CZXID + Long.BYTES;
    private static final int MZXID = CTIME + Long.BYTES;
    private static final int MTIME = MZXID + Long.BYTES;
    private static final int LENGTHS = MTIME + Long.BYTES;

    private final BlockStore blocks = new BlockStore();
    private final NumberedTable<ZnodeExtras> extras = new NumberedTable<>();

    /** A znode without a place in the tree, ACL and extras. Small data only; null if there is none, or if it is kept apart. */
    int create(String path, byte @Nullable [] data, long zxid, long time) {
        int from = path.lastIndexOf('/') + 1;
        int nameLength = path.length() - from;
        byte @Nullable [] encoded =
                isAscii(path, from) ? null : path.substring(from).getBytes(StandardCharsets.UTF_8);
        int lengths = encoded == null ? nameLength << 1 | ASCII : encoded.length << 1;
        int dataLength = data == null ? -1 : data.length;
        int node = allocate(lengths, dataLength);
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        fill(bytes, at, NONE, 0, 0, zxid, time);
        int to = writeLengths(bytes, at, lengths, dataLength);
        if (encoded == null) {
            for (int i = from; i < path.length(); i++) {
                bytes[to++] = (byte) path.charAt(i);
            }
        } else {
            System.arraycopy(encoded, 0, bytes, to, encoded.length);
            to += encoded.length;
        }
        if (data != null) {
            System.arraycopy(data, 0, bytes, to, data.length);
        }
        return node;
    }

    /** A znode with a name and data out of a buffer, no data if its length is negative; {@link #fill} is to follow. */
    int read(int nameLength, int dataLength, ByteBuf in) {
        int lengths = nameLength << 1 | ASCII;
        int node = allocate(lengths, dataLength);
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        int name = writeLengths(bytes, at, lengths, dataLength);
        in.readBytes(bytes, name, nameLength + Math.max(dataLength, 0));
        for (int i = name; i < name + nameLength; i++) {
            if (bytes[i] < 0) {
                bytes[at + LENGTHS] &= ~ASCII;
                break;
            }
        }
        return node;
    }

    /** Writes the fixed part of a node that was read. */
    void fill(int node, int parent, int acl, int slot, long zxid, long time) {
        fill(blocks.bytes(node), blocks.offset(node), parent, acl, slot, zxid, time);
    }

    private static void fill(byte[] bytes, int at, int parent, int acl, int slot, long zxid, long time) {
        INT.set(bytes, at + PARENT, parent);
        INT.set(bytes, at + ACL, acl);
        INT.set(bytes, at + SLOT, slot);
        INT.set(bytes, at + EXTRAS, 0);
        INT.set(bytes, at + VERSION, 0);
        LONG.set(bytes, at + CZXID, zxid);
        LONG.set(bytes, at + CTIME, time);
        LONG.set(bytes, at + MZXID, zxid);
        LONG.set(bytes, at + MTIME, time);
    }

    private int allocate(int lengths, int dataLength) {
        return blocks.allocate(
                LENGTHS + bytesOf(lengths) + bytesOf(dataLength + 1) + (lengths >> 1) + Math.max(dataLength, 0));
    }

    /**
     * Gives a node other data, a version higher by one, and a time of change. What it was stays whole, under a handle of its
     * own, to be taken back by {@link #restore} or to be let go by {@link #discard}.
     *
     * @param data small; null if there is none, or if it is kept apart
     */
    int change(int node, byte @Nullable [] data, long zxid, long time) {
        int dataLength = data == null ? -1 : data.length;
        int lengths = lengths(node);
        int nameLength = lengths >> 1;
        int size = LENGTHS + bytesOf(lengths) + bytesOf(dataLength + 1) + nameLength + Math.max(dataLength, 0);
        int before = blocks.replace(node, size);
        byte[] from = blocks.bytes(before);
        int fromAt = blocks.offset(before);
        byte[] to = blocks.bytes(node);
        int toAt = blocks.offset(node);
        System.arraycopy(from, fromAt + PARENT, to, toAt + PARENT, LENGTHS - PARENT);
        INT.set(to, toAt + VERSION, (int) INT.get(from, fromAt + VERSION) + 1);
        LONG.set(to, toAt + MZXID, zxid);
        LONG.set(to, toAt + MTIME, time);
        int name = writeLengths(to, toAt, lengths, dataLength);
        System.arraycopy(from, nameStart(from, fromAt), to, name, nameLength);
        if (data != null) {
            System.arraycopy(data, 0, to, name + nameLength, data.length);
        }
        return before;
    }

    /** Makes a node again what it was before a change. */
    void restore(int node, int before) {
        blocks.swap(node, before);
        blocks.free(before);
    }

    /** Makes each of two nodes what the other one was. */
    void swap(int one, int other) {
        blocks.swap(one, other);
    }

    /** What a node was before a change is needed no more. */
    void discard(int before) {
        blocks.free(before);
    }

    /** The node is gone; another one may have its handle right after. */
    void free(int node) {
        setExtras(node, null);
        blocks.free(node);
    }

    /** How many znodes there are, those included that were replaced or deleted and may come back. */
    int count() {
        return blocks.count();
    }

    int extrasCount() {
        return extras.size();
    }

    /** All handles are smaller. */
    int handleEnd() {
        return blocks.handleEnd();
    }

    int parent(int node) {
        return (int) INT.get(blocks.bytes(node), blocks.offset(node) + PARENT);
    }

    void setParent(int node, int parent) {
        INT.set(blocks.bytes(node), blocks.offset(node) + PARENT, parent);
    }

    /** What {@link AccessListTable} knows its ACL by. */
    int acl(int node) {
        return (int) INT.get(blocks.bytes(node), blocks.offset(node) + ACL);
    }

    void setAcl(int node, int acl) {
        INT.set(blocks.bytes(node), blocks.offset(node) + ACL, acl);
    }

    /** Where the parent's {@link Children} keep this node. */
    int slot(int node) {
        return (int) INT.get(blocks.bytes(node), blocks.offset(node) + SLOT);
    }

    void setSlot(int node, int slot) {
        INT.set(blocks.bytes(node), blocks.offset(node) + SLOT, slot);
    }

    int version(int node) {
        return (int) INT.get(blocks.bytes(node), blocks.offset(node) + VERSION);
    }

    long czxid(int node) {
        return (long) LONG.get(blocks.bytes(node), blocks.offset(node) + CZXID);
    }

    long ctime(int node) {
        return (long) LONG.get(blocks.bytes(node), blocks.offset(node) + CTIME);
    }

    long mzxid(int node) {
        return (long) LONG.get(blocks.bytes(node), blocks.offset(node) + MZXID);
    }

    long mtime(int node) {
        return (long) LONG.get(blocks.bytes(node), blocks.offset(node) + MTIME);
    }

    /**
     * All that clients are told of a node.
     *
     * @param extras its own
     */
    Stat stat(int node, @Nullable ZnodeExtras extras) {
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        long czxid = (long) LONG.get(bytes, at + CZXID);
        @Nullable Children children = extras == null ? null : extras.children;
        byte @Nullable [] large = extras == null ? null : extras.largeData;
        int childCount = children == null ? 0 : children.count();
        return new Stat(
                czxid,
                (long) LONG.get(bytes, at + MZXID),
                (long) LONG.get(bytes, at + CTIME),
                (long) LONG.get(bytes, at + MTIME),
                (int) INT.get(bytes, at + VERSION),
                children == null ? 0 : 2 * children.createCount - childCount,
                extras == null ? 0 : extras.aversion,
                extras == null ? 0 : Znode.ephemeralOwner(extras.owner),
                large == null ? Math.max(0, dataLength(bytes, at)) : large.length,
                childCount,
                children == null ? czxid : children.pzxid);
    }

    void setChanged(int node, int version, long mzxid, long mtime) {
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        INT.set(bytes, at + VERSION, version);
        LONG.set(bytes, at + MZXID, mzxid);
        LONG.set(bytes, at + MTIME, mtime);
    }

    @Nullable
    ZnodeExtras extras(int node) {
        int number = (int) INT.get(blocks.bytes(node), blocks.offset(node) + EXTRAS);
        return number == 0 ? null : extras.get(number);
    }

    ZnodeExtras needExtras(int node) {
        ZnodeExtras present = extras(node);
        if (present == null) {
            present = new ZnodeExtras(0);
            setExtras(node, present);
        }
        return present;
    }

    void setExtras(int node, @Nullable ZnodeExtras changed) {
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node) + EXTRAS;
        int before = (int) INT.get(bytes, at);
        if (before != 0) {
            extras.remove(before);
        }
        INT.set(bytes, at, changed == null ? 0 : extras.add(changed));
    }

    /** Forgets extras that say nothing. */
    void dropEmptyExtras(int node) {
        ZnodeExtras present = extras(node);
        if (present != null && present.isEmpty()) {
            setExtras(node, null);
        }
    }

    @Nullable
    Children children(int node) {
        ZnodeExtras present = extras(node);
        return present == null ? null : present.children;
    }

    /** The array in which a node lies; like all offsets it is good until any node comes, goes or changes. */
    byte[] bytes(int node) {
        return blocks.bytes(node);
    }

    /** Where the name begins in {@link #bytes}. */
    int nameStart(int node) {
        return nameStart(blocks.bytes(node), blocks.offset(node));
    }

    /** In bytes. */
    int nameLength(int node) {
        return lengths(node) >> 1;
    }

    String name(int node) {
        return new String(bytes(node), nameStart(node), nameLength(node), StandardCharsets.UTF_8);
    }

    int dataStart(int node) {
        return nameStart(node) + nameLength(node);
    }

    /** Of the data in the block: negative when there is none, or when it is kept apart. */
    int dataLength(int node) {
        return dataLength(blocks.bytes(node), blocks.offset(node));
    }

    private static int dataLength(byte[] bytes, int at) {
        return readNumber(bytes, skipNumber(bytes, at + LENGTHS)) - 1;
    }

    /** A copy of the data in the block; null when there is none, or when it is kept apart. */
    byte @Nullable [] data(int node) {
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        int length = dataLength(bytes, at);
        int from = nameStart(bytes, at) + (readNumber(bytes, at + LENGTHS) >> 1);
        return length < 0 ? null : Arrays.copyOfRange(bytes, from, from + length);
    }

    /** Whether the first {@code end} characters of a path are the node's own; 0 stands for the root. */
    boolean isAt(int node, String path, int end) {
        int each = node;
        int to = end;
        for (int parent = parent(each); parent != NONE; parent = parent(each)) {
            int from = findBefore(to, path, each);
            if (from < 1 || path.charAt(from - 1) != '/') {
                return false;
            }
            to = from - 1;
            each = parent;
        }
        return to == 0;
    }

    /**
     * Where the name begins in a path, whose element of that name would end before {@code end}; -1 if another one ends
     * there.
     */
    private int findBefore(int end, String path, int node) {
        byte[] bytes = blocks.bytes(node);
        int at = blocks.offset(node);
        int lengths = readNumber(bytes, at + LENGTHS);
        int length = lengths >> 1;
        int start = nameStart(bytes, at);
        if ((lengths & ASCII) == 0) {
            String name = new String(bytes, start, length, StandardCharsets.UTF_8);
            int from = end - name.length();
            return path.startsWith(name, from) ? from : -1;
        }
        int from = end - length;
        if (from < 0) {
            return -1;
        }
        for (int i = length - 1; i >= 0; i--) {
            if (bytes[start + i] != path.charAt(from + i)) {
                return -1;
            }
        }
        return from;
    }

    /** Put together anew by each call. */
    String path(int node) {
        int length = 0;
        for (int each = node, parent = parent(each); parent != NONE; each = parent, parent = parent(each)) {
            length += 1 + nameLength(each);
        }
        if (length == 0) {
            return "/";
        }
        byte[] path = new byte[length];
        int to = length;
        for (int each = node, parent = parent(each); parent != NONE; each = parent, parent = parent(each)) {
            int nameLength = nameLength(each);
            to -= nameLength;
            System.arraycopy(bytes(each), nameStart(each), path, to, nameLength);
            path[--to] = '/';
        }
        return new String(path, StandardCharsets.UTF_8);
    }

    private int lengths(int node) {
        return readNumber(blocks.bytes(node), blocks.offset(node) + LENGTHS);
    }

    private static int nameStart(byte[] bytes, int at) {
        return skipNumber(bytes, skipNumber(bytes, at + LENGTHS));
    }

    private static int writeLengths(byte[] bytes, int at, int lengths, int dataLength) {
        return writeNumber(bytes, writeNumber(bytes, at + LENGTHS, lengths), dataLength + 1);
    }

    private static int bytesOf(int number) {
        return (38 - Integer.numberOfLeadingZeros(number | 1)) / 7;
    }

    private static int writeNumber(byte[] bytes, int at, int number) {
        int to = at;
        int rest = number;
        while ((rest & ~0x7f) != 0) {
            bytes[to++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[to++] = (byte) rest;
        return to;
    }

    private static int readNumber(byte[] bytes, int at) {
        int number = bytes[at];
        if (number < 0) {
            number &= 0x7f;
            for (int i = at + 1, shift = 7; ; i++, shift += 7) {
                number |= (bytes[i] & 0x7f) << shift;
                if (bytes[i] >= 0) {
                    break;
                }
            }
        }
        return number;
    }

    private static int skipNumber(byte[] bytes, int at) {
        int i = at;
        while (bytes[i++] < 0) {
            // The number goes on.
        }
        return i;
    }

    private static boolean isAscii(String path, int from) {
        for (int i = from; i < path.length(); i++) {
            if (path.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
