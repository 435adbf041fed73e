package io.coord.server.internal.transport;

/** Operation numbers that this server has no request for, and what it does about them. */
final class ForeignOperations {
    enum Reaction {
        /** An operation of ZooKeeper that is not offered here. The client may go on. */
        REFUSE,
        /** No operation at all. */
        REFUSE_AND_CLOSE,
        /** Only servers say this; ZooKeeper takes it from clients, without any check of what they may do. */
        CLOSE
    }

    private static final int RECONFIG = 16;
    private static final int CHECK_WATCHES = 17;
    private static final int DELETE_CONTAINER = 20;
    private static final int MULTI_READ = 22;
    private static final int SASL = 102;
    private static final int GET_EPHEMERALS = 103;
    private static final int GET_ALL_CHILDREN_NUMBER = 104;
    private static final int WHO_AM_I = 107;

    private ForeignOperations() {}

    static Reaction reactionTo(int code) {
        return switch (code) {
            case RECONFIG, CHECK_WATCHES, MULTI_READ, SASL, GET_EPHEMERALS, GET_ALL_CHILDREN_NUMBER, WHO_AM_I ->
                Reaction.REFUSE;
            case DELETE_CONTAINER -> Reaction.CLOSE;
            default -> Reaction.REFUSE_AND_CLOSE;
        };
    }
}
