package io.coord.server.internal.transport;

/** Operation numbers that this server has no request for, and what it does about them. */
final class ForeignOperations {
    enum Reaction {
        /** No operation at all. */
        REFUSE_AND_CLOSE,
        /** Only servers say this; ZooKeeper takes it from clients, without any check of what they may do. */
        CLOSE
    }

    private static final int DELETE_CONTAINER = 20;

    private ForeignOperations() {}

    static Reaction reactionTo(int code) {
        return switch (code) {
            case DELETE_CONTAINER -> Reaction.CLOSE;
            default -> Reaction.REFUSE_AND_CLOSE;
        };
    }
}
