package io.coord.client.error;

import org.jspecify.annotations.Nullable;

/** The server does not know the operation, or has it switched off. Nothing was changed. */
public final class UnsupportedByServerException extends CoordException {
    private static final long serialVersionUID = 1;

    private final boolean switchedOff;

    /** @param switchedOff whether it could be switched on: ZooKeeper's {@code reconfigEnabled} for a reconfig */
    public UnsupportedByServerException(String operation, @Nullable String path, boolean switchedOff) {
        super(operation, path, switchedOff ? "the server has it switched off" : "the server does not support it");
        this.switchedOff = switchedOff;
    }

    /** Whether the server could do it and is set not to. */
    public boolean isSwitchedOff() {
        return switchedOff;
    }
}
