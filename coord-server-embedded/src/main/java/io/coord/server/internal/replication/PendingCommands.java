package io.coord.server.internal.replication;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Commands with their tickets, in the order of submission. Reused batch after batch, so that a submission allocates
 * nothing. Not thread-safe.
 */
final class PendingCommands {
    private static final int INITIAL_CAPACITY = 64;

    private @Nullable Command[] commands = new @Nullable Command[INITIAL_CAPACITY];
    private long[] tickets = new long[INITIAL_CAPACITY];
    private int size;

    void add(Command command, long ticket) {
        if (size == commands.length) {
            commands = Arrays.copyOf(commands, size * 2);
            tickets = Arrays.copyOf(tickets, size * 2);
        }
        commands[size] = command;
        tickets[size] = ticket;
        size++;
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

    void clear() {
        Arrays.fill(commands, 0, size, null);
        size = 0;
    }
}
