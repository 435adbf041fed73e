package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A directory in memory that knows what a loss of power would leave: content since the last sync of a file, and names since
 * the last sync of the directory, may be lost, by sectors and by operations. A fault can be put at any operation that
 * changes something. Thread-safe.
 */
public final class SimulatedDirectory implements LogDirectory {
    private static final int SECTOR_BYTES = 512;

    /** What a fault is asked about. */
    public enum Operation {
        CREATE,
        WRITE,
        SYNC,
        TRUNCATE,
        RENAME,
        DELETE,
        SYNC_DIRECTORY
    }

    /** What becomes of an operation. */
    public enum Outcome {
        DONE,
        /** An I/O error. A failed sync leaves the content readable, and lost with the power. */
        FAILED,
        /** No room; a write gets half of its bytes in. */
        FULL,
        /** The power goes; the operation may have happened. */
        CRASH
    }

    /** What a crash leaves. */
    public enum Loss {
        /** The process died, the system lives. */
        NOTHING,
        EVERYTHING_UNSYNCED,
        /** Any sectors of what was not synced, any first part of the unsynced changes of names. */
        RANDOM
    }

    /** Decides about the number-th changing operation, from 1 on. */
    @FunctionalInterface
    public interface Fault {
        Outcome at(int number, Operation operation, String name);
    }

    private final Map<String, Content> names = new TreeMap<>();
    private final Map<String, Content> durableNames = new TreeMap<>();
    private final List<NameChange> unsyncedChanges = new ArrayList<>();
    private Fault fault = (number, operation, name) -> Outcome.DONE;
    private int operations;
    private boolean crashed;
    private boolean locked;

    @FunctionalInterface
    private interface NameChange {
        void applyTo(Map<String, Content> to);
    }

    private static final class Content {
        private byte[] current = {};
        private byte[] durable = {};
        private final List<int[]> dirty = new ArrayList<>();

        void write(int position, byte[] bytes, int length) {
            if (position + length > current.length) {
                current = Arrays.copyOf(current, position + length);
            }
            System.arraycopy(bytes, 0, current, position, length);
            dirty.add(new int[] {position, length});
        }

        void sync() {
            durable = Arrays.copyOf(durable, current.length);
            for (int[] range : dirty) {
                copy(current, durable, range[0], range[0] + range[1]);
            }
            dirty.clear();
        }

        Content afterLossOfPower(Loss loss, Random random) {
            byte[] left = loss == Loss.RANDOM ? randomSectors(random) : durable;
            return settled(left);
        }

        /** The same content in the system's memory, the same on the disk. */
        Content copy() {
            Content content = new Content();
            content.current = current.clone();
            content.durable = durable.clone();
            content.dirty.addAll(dirty);
            return content;
        }

        static Content settled(byte[] bytes) {
            Content content = new Content();
            content.current = bytes.clone();
            content.durable = bytes.clone();
            return content;
        }

        private byte[] randomSectors(Random random) {
            byte[] left = durable.clone();
            for (int[] range : dirty) {
                int end = range[0] + range[1];
                for (int from = range[0]; from < end; from = nextSector(from)) {
                    if (random.nextBoolean()) {
                        int to = Math.min(end, nextSector(from));
                        left = Arrays.copyOf(left, Math.max(left.length, to));
                        copy(current, left, from, to);
                    }
                }
            }
            return left;
        }

        private static int nextSector(int from) {
            return (from / SECTOR_BYTES + 1) * SECTOR_BYTES;
        }

        private static void copy(byte[] from, byte[] to, int start, int end) {
            int stop = Math.min(end, Math.min(from.length, to.length));
            if (start < stop) {
                System.arraycopy(from, start, to, start, stop - start);
            }
        }
    }

    public synchronized void setFault(Fault value) {
        fault = value;
    }

    /** How many changing operations there have been. */
    public synchronized int operations() {
        return operations;
    }

    /** Whether the power went. */
    public synchronized boolean isCrashed() {
        return crashed;
    }

    /** The directory as the next start finds it. */
    public synchronized SimulatedDirectory afterCrash(Loss loss, Random random) {
        SimulatedDirectory next = new SimulatedDirectory();
        if (loss == Loss.NOTHING) {
            Map<Content, Content> copies = new HashMap<>();
            names.forEach((name, content) -> next.names.put(name, copies.computeIfAbsent(content, Content::copy)));
            durableNames.forEach(
                    (name, content) -> next.durableNames.put(name, copies.computeIfAbsent(content, Content::copy)));
            // The changes themselves cannot be carried over; what they lead to can.
            next.unsyncedChanges.add(to -> {
                to.clear();
                to.putAll(next.names);
            });
            return next;
        }
        Map<String, Content> left = new TreeMap<>(durableNames);
        if (loss == Loss.RANDOM) {
            int kept = random.nextInt(unsyncedChanges.size() + 1);
            unsyncedChanges.subList(0, kept).forEach(change -> change.applyTo(left));
        }
        left.forEach((name, content) -> next.put(name, content.afterLossOfPower(loss, random)));
        return next;
    }

    private void put(String name, Content content) {
        names.put(name, content);
        durableNames.put(name, content);
    }

    public synchronized byte[] bytes(String name) {
        return names.get(name).current.clone();
    }

    /** A whole and durable copy with one file's content replaced. */
    public synchronized SimulatedDirectory with(String name, byte[] bytes) {
        SimulatedDirectory copy = settled();
        copy.put(name, Content.settled(bytes));
        return copy;
    }

    /** A whole and durable copy that lacks one file. */
    public synchronized SimulatedDirectory without(String name) {
        SimulatedDirectory copy = settled();
        copy.names.remove(name);
        copy.durableNames.remove(name);
        return copy;
    }

    private SimulatedDirectory settled() {
        SimulatedDirectory copy = new SimulatedDirectory();
        names.forEach((name, content) -> copy.put(name, Content.settled(content.current)));
        return copy;
    }

    @Override
    public synchronized List<String> list() {
        checkPower();
        return new ArrayList<>(names.keySet());
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
        Outcome outcome = ask(Operation.CREATE, name);
        failOn(outcome);
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        Content content = new Content();
        change(to -> to.put(name, content));
        crashOn(outcome);
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        checkPower();
        Content content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Outcome outcome = ask(Operation.RENAME, from);
        failOn(outcome);
        Content content = names.get(from);
        if (content == null) {
            throw new FileNotFoundException(from);
        }
        change(map -> {
            map.remove(from);
            map.put(to, content);
        });
        crashOn(outcome);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        checkPower();
        if (names.containsKey(name)) {
            Outcome outcome = ask(Operation.DELETE, name);
            failOn(outcome);
            change(map -> map.remove(name));
            crashOn(outcome);
        }
    }

    @Override
    public synchronized void sync() throws IOException {
        Outcome outcome = ask(Operation.SYNC_DIRECTORY, "");
        failOn(outcome);
        crashOn(outcome);
        unsyncedChanges.forEach(change -> change.applyTo(durableNames));
        unsyncedChanges.clear();
    }

    @Override
    public synchronized Closeable lock(String name) throws IOException {
        checkPower();
        if (locked) {
            throw new DirectoryLockedException("locked: " + describe(name));
        }
        locked = true;
        return () -> {
            synchronized (this) {
                locked = false;
            }
        };
    }

    @Override
    public String describe(String name) {
        return "/simulated/" + name;
    }

    private void change(NameChange change) {
        change.applyTo(names);
        unsyncedChanges.add(change);
    }

    private Outcome ask(Operation operation, String name) {
        checkPower();
        operations++;
        return fault.at(operations, operation, name);
    }

    private void checkPower() {
        if (crashed) {
            throw new SimulatedCrash();
        }
    }

    private static void failOn(Outcome outcome) throws IOException {
        switch (outcome) {
            case FAILED -> throw new IOException("simulated I/O error");
            case FULL -> throw new DiskFullException("simulated full disk", new IOException("No space left on device"));
            case DONE, CRASH -> {}
        }
    }

    private void crashOn(Outcome outcome) {
        if (outcome == Outcome.CRASH) {
            crashed = true;
            throw new SimulatedCrash();
        }
    }

    private final class SimulatedFile implements LogFile {
        private final String name;
        private final Content content;

        SimulatedFile(String name, Content content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (SimulatedDirectory.this) {
                checkPower();
                return content.current.length;
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (SimulatedDirectory.this) {
                checkPower();
                int length = (int) Math.max(0, Math.min(into.remaining(), content.current.length - position));
                into.put(content.current, length == 0 ? 0 : (int) position, length);
                return length;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (SimulatedDirectory.this) {
                Outcome outcome = ask(Operation.WRITE, name);
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                content.write((int) position, bytes, outcome == Outcome.FULL ? bytes.length / 2 : bytes.length);
                failOn(outcome);
                crashOn(outcome);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDirectory.this) {
                Outcome outcome = ask(Operation.SYNC, name);
                if (outcome == Outcome.FAILED) {
                    content.dirty.clear();
                }
                failOn(outcome);
                crashOn(outcome);
                content.sync();
            }
        }

        @Override
        public void truncateDurably(long size) throws IOException {
            synchronized (SimulatedDirectory.this) {
                Outcome outcome = ask(Operation.TRUNCATE, name);
                failOn(outcome);
                content.current = Arrays.copyOf(content.current, (int) size);
                crashOn(outcome);
                content.sync();
            }
        }

        @Override
        public void close() {}
    }
}
