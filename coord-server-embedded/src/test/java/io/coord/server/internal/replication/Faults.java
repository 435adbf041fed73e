package io.coord.server.internal.replication;

import io.coord.server.internal.log.SimulatedDirectory.Fault;
import io.coord.server.internal.log.SimulatedDirectory.Loss;
import io.coord.server.internal.log.SimulatedDirectory.Operation;
import io.coord.server.internal.log.SimulatedDirectory.Outcome;
import java.util.List;
import java.util.Random;

/** What a disk may do to a server. */
final class Faults {
    private Faults() {}

    static Fault crashAt(int at) {
        return (number, operation, name) -> number == at ? Outcome.CRASH : Outcome.DONE;
    }

    /** The nth operation of a kind does not succeed, nor do so many behind it. */
    static Fault nth(Operation kind, int nth, int length, Outcome outcome) {
        int[] seen = {0};
        return (number, operation, name) -> {
            if (operation != kind) {
                return Outcome.DONE;
            }
            seen[0]++;
            return seen[0] >= nth && seen[0] < nth + length ? outcome : Outcome.DONE;
        };
    }

    /** Any of them: a stop of the machine, an error once, no room for a while. */
    static Fault any(Random random) {
        Operation kind = anyOf(List.of(Operation.values()), random);
        return switch (random.nextInt(9)) {
            case 0, 1, 2 -> crashAt(1 + random.nextInt(150));
            case 3 -> crashAt(1 + random.nextInt(12));
            case 4 -> nth(kind, 1 + random.nextInt(20), 1, Outcome.FAILED);
            case 5 -> nth(kind, 1 + random.nextInt(20), 1, Outcome.FAILED_AND_FORGOTTEN);
            // Late in a life, so that no snapshot makes good for it.
            case 6 ->
                nth(
                        random.nextBoolean() ? Operation.SYNC : Operation.WRITE,
                        1 + random.nextInt(120),
                        1,
                        Outcome.FAILED);
            case 7 -> fullAndStuck(1 + random.nextInt(60));
            default -> full(1 + random.nextInt(60), 1 + random.nextInt(60));
        };
    }

    static Loss anyLoss(Random random) {
        return anyOf(List.of(Loss.values()), random);
    }

    private static <T> T anyOf(List<T> all, Random random) {
        return all.get(random.nextInt(all.size()));
    }

    /** No room from some operation on, and what was written cannot be taken back either. */
    static Fault fullAndStuck(int from) {
        return (number, operation, name) -> number < from
                ? Outcome.DONE
                : switch (operation) {
                    case WRITE, CREATE -> Outcome.FULL;
                    case TRUNCATE -> Outcome.FAILED;
                    case SYNC, RENAME, DELETE, SYNC_DIRECTORY -> Outcome.DONE;
                };
    }

    /** Nothing that needs room succeeds for a while. */
    static Fault full(int from, int length) {
        return (number, operation, name) -> {
            boolean needsRoom =
                    operation == Operation.WRITE || operation == Operation.CREATE || operation == Operation.RENAME;
            return needsRoom && number >= from && number < from + length ? Outcome.FULL : Outcome.DONE;
        };
    }
}
