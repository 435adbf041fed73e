package io.coord.verification.ensemble.faults;

import io.coord.verification.ensemble.faults.RegisterOperation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All that clients did with one register. It is linearizable when the operations can be put into an order that keeps to the
 * times at which they were called and answered, and in which each was told what it had to be told (the search of Wing and Gong,
 * with Lowe's memory of the places that lead nowhere). Thread-safe.
 */
final class RegisterHistory {
    /** A set of operations is kept as the bits of a number. */
    static final int MOST = 62;

    private final long initialValue;
    private final List<RegisterOperation> operations = new ArrayList<>();

    RegisterHistory(long initialValue) {
        this.initialValue = initialValue;
    }

    synchronized void add(RegisterOperation operation) {
        operations.add(operation);
    }

    synchronized List<RegisterOperation> operations() {
        return List.copyOf(operations);
    }

    boolean isLinearizable() {
        List<RegisterOperation> all = operations();
        if (all.size() > MOST) {
            throw new IllegalStateException(all.size() + " operations are more than can be searched");
        }
        return new Search(all).from(0, 0, initialValue);
    }

    /** What has taken effect so far, and what the register holds then. */
    private record Place(long done, int version, long value) {}

    private static final class Search {
        private final List<RegisterOperation> all;
        private final Set<Place> tried = new HashSet<>();

        Search(List<RegisterOperation> all) {
            this.all = all;
        }

        boolean from(long done, int version, long value) {
            if (isComplete(done)) {
                return true;
            }
            if (!tried.add(new Place(done, version, value))) {
                return false;
            }
            long firstEnd = firstEnd(done);
            for (int i = 0; i < all.size(); i++) {
                RegisterOperation next = all.get(i);
                long with = done | 1L << i;
                if (with == done || next.begin() > firstEnd || !isPossible(next, version, value)) {
                    continue;
                }
                boolean writes = next.kind() == Kind.WRITE;
                if (from(with, writes ? version + 1 : version, writes ? next.value() : value)) {
                    return true;
                }
            }
            return false;
        }

        /** Whether only operations are left that need not have happened. */
        private boolean isComplete(long done) {
            for (int i = 0; i < all.size(); i++) {
                if ((done & 1L << i) == 0 && !all.get(i).isUnknown()) {
                    return false;
                }
            }
            return true;
        }

        /** Nothing that was called later can come before it. */
        private long firstEnd(long done) {
            long first = RegisterOperation.NEVER;
            for (int i = 0; i < all.size(); i++) {
                if ((done & 1L << i) == 0) {
                    first = Math.min(first, all.get(i).end());
                }
            }
            return first;
        }

        private static boolean isPossible(RegisterOperation next, int version, long value) {
            boolean asExpected = next.expected() == RegisterOperation.ANY || next.expected() == version;
            return switch (next.kind()) {
                case READ -> next.version() == version && next.value() == value;
                case WRITE -> asExpected && (next.isUnknown() || next.version() == version + 1);
                case REFUSED -> !asExpected;
            };
        }
    }
}
