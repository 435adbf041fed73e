package io.coord.server;

import io.coord.protocol.tls.InvalidTlsMaterialException;
import io.coord.server.internal.log.DirectoryLockedException;
import io.coord.server.internal.log.LogDamagedException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import org.jspecify.annotations.Nullable;

/** A server that could not start, could not close its files, or could not make a backup; the message names the cause. */
public final class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    /** Of what kind the cause is, for those who decide what to do about it. */
    public enum Reason {
        /** The address cannot be listened on: it is taken, not this machine's, not allowed, or a name that nobody knows. */
        ADDRESS,
        /** Another server works in the data directory. */
        DIRECTORY_IN_USE,
        /** What the data directory holds lacks acknowledged writes. */
        DATA_DAMAGED,
        /** The data directory, or a file in it, cannot be created, read or written. */
        DIRECTORY_UNUSABLE,
        /** Keys or certificates cannot be used. */
        TLS,
        /** Anything else. */
        OTHER
    }

    EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reasonOf(cause);
    }

    public Reason reason() {
        return reason;
    }

    private static Reason reasonOf(@Nullable Throwable cause) {
        for (@Nullable Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof SocketException || each instanceof UnresolvedAddressException) {
                return Reason.ADDRESS;
            } else if (each instanceof DirectoryLockedException) {
                return Reason.DIRECTORY_IN_USE;
            } else if (each instanceof LogDamagedException) {
                return Reason.DATA_DAMAGED;
            } else if (each instanceof InvalidTlsMaterialException) {
                return Reason.TLS;
            } else if (each instanceof IOException) {
                return Reason.DIRECTORY_UNUSABLE;
            }
        }
        return Reason.OTHER;
    }
}
