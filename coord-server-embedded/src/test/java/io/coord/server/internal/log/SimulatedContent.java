package io.coord.server.internal.log;

import io.coord.server.internal.log.SimulatedDirectory.Loss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a file holds: as the system's memory has it, as the disk has it, and every write in between. The lock of {@link
 * SimulatedDirectory} guards it.
 */
final class SimulatedContent {
    private static final int[] BLOCK_BYTES = {512, 4096};

    private byte[] current = {};
    private byte[] durable = {};
    /** In their order; the next sync brings them to the disk. */
    private final List<Write> dirty = new ArrayList<>();
    /** What a failed sync left: the system takes it for written and never tries again. Some of it may have arrived. */
    private final List<Write> abandoned = new ArrayList<>();

    private record Write(int position, byte[] bytes) {
        int end() {
            return position + bytes.length;
        }

        Write part(int from, int to) {
            return new Write(from, Arrays.copyOfRange(bytes, from - position, to - position));
        }
    }

    /** The same in the system's memory and on the disk. */
    static SimulatedContent settled(byte[] bytes) {
        SimulatedContent content = new SimulatedContent();
        content.current = bytes.clone();
        content.durable = bytes.clone();
        return content;
    }

    SimulatedContent copy() {
        SimulatedContent content = new SimulatedContent();
        content.current = current.clone();
        content.durable = durable.clone();
        content.dirty.addAll(dirty);
        content.abandoned.addAll(abandoned);
        return content;
    }

    int size() {
        return current.length;
    }

    byte[] bytes() {
        return current;
    }

    void write(int position, byte[] bytes, int length) {
        Write write = new Write(position, Arrays.copyOf(bytes, length));
        current = with(current, write, position, write.end());
        dirty.add(write);
    }

    void truncate(int size) {
        current = Arrays.copyOf(current, size);
    }

    void sync() {
        durable = Arrays.copyOf(durable, current.length);
        for (Write each : dirty) {
            int end = Math.min(each.end(), current.length);
            if (end > each.position) {
                System.arraycopy(current, each.position, durable, each.position, end - each.position);
            }
            supersede(each);
        }
        dirty.clear();
    }

    /** What is on the disk for sure cannot be changed by an older write any more. */
    private void supersede(Write newer) {
        List<Write> left = new ArrayList<>();
        for (Write old : abandoned) {
            if (old.position < newer.position) {
                left.add(old.part(old.position, Math.min(old.end(), newer.position)));
            }
            if (old.end() > newer.end()) {
                left.add(old.part(Math.max(old.position, newer.end()), old.end()));
            }
        }
        abandoned.clear();
        abandoned.addAll(left);
    }

    /** The system gives up what it could not write, and goes on showing it. */
    void abandonDirty() {
        abandoned.addAll(dirty);
        dirty.clear();
    }

    /** The system gives up what it could not write, and shows what the disk has. */
    void forgetDirty() {
        abandonDirty();
        current = Arrays.copyOf(durable, current.length);
    }

    SimulatedContent afterLossOfPower(Loss loss, Random random) {
        return settled(loss == Loss.RANDOM ? randomBlocks(random) : durable);
    }

    /** Of each block what the disk had, or what any of the writes since then made of it; and one of the sizes in between. */
    private byte[] randomBlocks(Random random) {
        int blockBytes = BLOCK_BYTES[random.nextInt(BLOCK_BYTES.length)];
        List<Write> writes = new ArrayList<>(abandoned);
        writes.addAll(dirty);
        Map<Integer, Integer> versions = new TreeMap<>();
        byte[] left = durable.clone();
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            int number = i;
            for (int from = write.position; from < write.end(); from = (from / blockBytes + 1) * blockBytes) {
                int version = versions.computeIfAbsent(
                        from / blockBytes,
                        block -> random.nextBoolean() ? writes.size() : random.nextInt(writes.size()));
                if (number < version) {
                    left = with(left, write, from, Math.min(write.end(), (from / blockBytes + 1) * blockBytes));
                }
            }
        }
        return withRandomSize(left, random);
    }

    private byte[] withRandomSize(byte[] left, Random random) {
        if (current.length < durable.length) {
            // A file that was cut, and the cut was not synced.
            return random.nextBoolean() ? Arrays.copyOf(left, current.length) : left;
        }
        return switch (random.nextInt(4)) {
            // The size without the content.
            case 0 -> Arrays.copyOf(left, current.length);
            // Content without the size.
            case 1 -> Arrays.copyOf(left, durable.length + random.nextInt(left.length - durable.length + 1));
            default -> left;
        };
    }

    private static byte[] with(byte[] bytes, Write write, int from, int to) {
        byte[] result = to > bytes.length ? Arrays.copyOf(bytes, to) : bytes;
        System.arraycopy(write.bytes, from - write.position, result, from, to - from);
        return result;
    }
}
