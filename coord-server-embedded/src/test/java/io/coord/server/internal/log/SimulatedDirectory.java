package io.coord.server.internal.log;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
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
        /**
         * An I/O error. A failed write leaves half of its bytes. What a failed sync leaves is readable, goes with the power,
         * and no later sync saves it unless it is written once more.
         */
        FAILED,
        /** As {@link #FAILED}; but what a failed sync leaves is gone from the system's memory, too. */
        FAILED_AND_FORGOTTEN,
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
        /**
         * Any blocks of what was not synced, of 512 or 4,096 bytes, each as any of the writes left it; any size in between;
         * any first part, or any part at all, of the unsynced changes of names.
         */
        RANDOM
    }

    /** Decides about the number-th changing operation, from 1 on. */
    @FunctionalInterface
    public interface Fault {
        Outcome at(int number, Operation operation, String name);
    }

    private final Map<String, SimulatedContent> names = new TreeMap<>();
    private final Map<String, SimulatedContent> durableNames = new TreeMap<>();
    private final List<NameChange> unsyncedChanges = new ArrayList<>();
    private Fault fault = (number, operation, name) -> Outcome.DONE;
    private int operations;
    private boolean crashed;
    private boolean locked;

    @FunctionalInterface
    private interface NameChange {
        void applyTo(Map<String, SimulatedContent> to);
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
            Map<SimulatedContent, SimulatedContent> copies = new HashMap<>();
            names.forEach(
                    (name, content) -> next.names.put(name, copies.computeIfAbsent(content, SimulatedContent::copy)));
            durableNames.forEach((name, content) ->
                    next.durableNames.put(name, copies.computeIfAbsent(content, SimulatedContent::copy)));
            // The changes themselves cannot be carried over; what they lead to can.
            Map<String, SimulatedContent> left = Map.copyOf(next.names);
            next.unsyncedChanges.add(to -> {
                to.clear();
                to.putAll(left);
            });
            return next;
        }
        Map<String, SimulatedContent> left = new TreeMap<>(durableNames);
        if (loss == Loss.RANDOM) {
            survivors(random).forEach(change -> change.applyTo(left));
        }
        left.forEach((name, content) -> next.put(name, content.afterLossOfPower(loss, random)));
        return next;
    }

    private List<NameChange> survivors(Random random) {
        if (random.nextBoolean()) {
            return unsyncedChanges.subList(0, random.nextInt(unsyncedChanges.size() + 1));
        }
        return unsyncedChanges.stream().filter(change -> random.nextBoolean()).toList();
    }

    private void put(String name, SimulatedContent content) {
        names.put(name, content);
        durableNames.put(name, content);
    }

    public synchronized byte[] bytes(String name) {
        return names.get(name).bytes().clone();
    }

    /** A whole and durable copy with one file's content replaced. */
    public synchronized SimulatedDirectory with(String name, byte[] bytes) {
        SimulatedDirectory copy = settled();
        copy.put(name, SimulatedContent.settled(bytes));
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
        names.forEach((name, content) -> copy.put(name, SimulatedContent.settled(content.bytes())));
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
        SimulatedContent content = new SimulatedContent();
        change(to -> to.put(name, content));
        crashOn(outcome);
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        checkPower();
        SimulatedContent content = names.get(name);
        if (content == null) {
            throw new FileNotFoundException(name);
        }
        return new SimulatedFile(name, content);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Outcome outcome = ask(Operation.RENAME, from);
        failOn(outcome);
        SimulatedContent content = names.get(from);
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
            case FAILED, FAILED_AND_FORGOTTEN -> throw new IOException("simulated I/O error");
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
        private final SimulatedContent content;

        SimulatedFile(String name, SimulatedContent content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public long size() {
            synchronized (SimulatedDirectory.this) {
                checkPower();
                return content.size();
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (SimulatedDirectory.this) {
                checkPower();
                int length = (int) Math.max(0, Math.min(into.remaining(), content.size() - position));
                into.put(content.bytes(), length == 0 ? 0 : (int) position, length);
                return length;
            }
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            synchronized (SimulatedDirectory.this) {
                Outcome outcome = ask(Operation.WRITE, name);
                byte[] bytes = new byte[from.remaining()];
                from.get(bytes);
                boolean whole = outcome == Outcome.DONE || outcome == Outcome.CRASH;
                content.write((int) position, bytes, whole ? bytes.length : bytes.length / 2);
                failOn(outcome);
                crashOn(outcome);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDirectory.this) {
                Outcome outcome = ask(Operation.SYNC, name);
                if (outcome == Outcome.FAILED) {
                    content.abandonDirty();
                } else if (outcome == Outcome.FAILED_AND_FORGOTTEN) {
                    content.forgetDirty();
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
                content.truncate((int) size);
                crashOn(outcome);
                content.sync();
            }
        }

        @Override
        public void close() {}
    }
}
