package io.coord.cli.command;

import io.coord.client.error.BadArgumentsException;
import io.coord.client.error.BadVersionException;
import io.coord.client.error.CallInterruptedException;
import io.coord.client.error.CoordException;
import io.coord.client.error.InvalidAclException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.NoChildrenForEphemeralsException;
import io.coord.client.error.NoNodeException;
import io.coord.client.error.NodeExistsException;
import io.coord.client.error.NotEmptyException;
import io.coord.client.error.QuotaExceededException;
import io.coord.client.error.ReadOnlyServerException;
import org.jspecify.annotations.Nullable;

/** What went wrong, in the words of ZooKeeper's shell where it has some. */
final class Failures {
    private Failures() {}

    static String text(CoordException failure) {
        if (failure.isOutcomeUnknown()) {
            return failure.getMessage() + " (it may have happened)";
        }
        if (failure instanceof CallInterruptedException) {
            return "Interrupted";
        }
        @Nullable String known = known(failure);
        return known == null ? String.valueOf(failure.getMessage()) : known + failure.path();
    }

    private static @Nullable String known(CoordException failure) {
        if (failure instanceof NoNodeException) {
            return "Node does not exist: ";
        }
        if (failure instanceof NoChildrenForEphemeralsException) {
            return "Ephemerals cannot have children: ";
        }
        if (failure instanceof NodeExistsException) {
            return "Node already exists: ";
        }
        if (failure instanceof NotEmptyException) {
            return "Node not empty: ";
        }
        if (failure instanceof ReadOnlyServerException) {
            return "Not a read-only call: ";
        }
        if (failure instanceof InvalidAclException) {
            return "Acl is not valid : ";
        }
        if (failure instanceof NoAuthException) {
            return failure.path() == null ? null : "Insufficient permission : ";
        }
        if (failure instanceof QuotaExceededException) {
            return "Quota has exceeded : ";
        }
        if (failure instanceof BadArgumentsException) {
            return "Arguments are not valid : ";
        }
        return failure instanceof BadVersionException ? "version No is not valid : " : null;
    }
}
