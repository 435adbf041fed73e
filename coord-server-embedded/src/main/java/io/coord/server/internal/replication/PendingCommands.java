package io.coord.server.internal.replication;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Commands with their tickets, in the order of submission, and for those that were not accepted the reason. Reused batch
 * after batch, so that a submission allocates nothing. Not thread-safe: it belongs to whom it was handed to.
 */
final class PendingCommands {
    private static final int INITIAL_CAPACITY = 64;
    private static final int KEPT_CAPACITY = 1 << 14;

    /** About a millisecond of ordinary commands. */
    static final int SLICE_COMMANDS = 512;

    static final int SLICE_BYTES = 1 << 20;

    private @Nullable Command[] commands = new @Nullable Command[INITIAL_CAPACITY];
    private long[] tickets = new long[INITIAL_CAPACITY];
    /** How long the commands are when they are encoded, as far as that is known. */
    private int[] lengths = new int[INITIAL_CAPACITY];

    private @Nullable String @Nullable [] refusals;
    private int size;

    void add(Command command, long ticket) {
        ensureCapacity(size + 1);
        commands[size] = command;
        tickets[size] = ticket;
        lengths[size] = 0;
        size++;
    }

    void addAll(PendingCommands others) {
        ensureCapacity(size + others.size);
        System.arraycopy(others.commands, 0, commands, size, others.size);
        System.arraycopy(others.tickets, 0, tickets, size, others.size);
        System.arraycopy(others.lengths, 0, lengths, size, others.size);
        size += others.size;
    }

    void setEncodedLength(int i, int bytes) {
        lengths[i] = bytes;
    }

    void refuse(int i, String reason) {
        if (refusals == null) {
            refusals = new @Nullable String[size];
        }
        refusals[i] = reason;
    }

    void refuseAll(String reason) {
        for (int i = 0; i < size; i++) {
            refuse(i, reason);
        }
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    Command command(int i) {
        @Nullable Command command = i < size ? commands[i] : null;
        if (command == null) {
            throw new IndexOutOfBoundsException(i + " of " + size);
        }
        return command;
    }

    long ticket(int i) {
        return tickets[i];
    }

    /**
     * The end of a slice that the owner can deliver within one turn: so many commands, or so many encoded bytes, and at
     * least one command.
     */
    int sliceEnd(int from) {
        int end = from;
        long bytes = 0;
        while (end < size && end - from < SLICE_COMMANDS && bytes < SLICE_BYTES) {
            bytes += lengths[end];
            end++;
        }
        return end;
    }

    /** Why the command did not get into the log, or null when it did. */
    @Nullable
    String refusal(int i) {
        return refusals == null ? null : refusals[i];
    }

    void clear() {
        if (commands.length > KEPT_CAPACITY) {
            commands = new @Nullable Command[INITIAL_CAPACITY];
            tickets = new long[INITIAL_CAPACITY];
            lengths = new int[INITIAL_CAPACITY];
        } else {
            Arrays.fill(commands, 0, size, null);
        }
        refusals = null;
        size = 0;
    }

    private void ensureCapacity(int needed) {
        if (needed > commands.length) {
            int capacity = Math.max(needed, commands.length * 2);
            commands = Arrays.copyOf(commands, capacity);
            tickets = Arrays.copyOf(tickets, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
    }
}
