package io.coord.protocol;

/** The reserved xids of ZooKeeper's protocol. Ordinary requests count up from 1. */
public final class Xid {
    /** A watch event, from server to client only. */
    public static final int NOTIFICATION = -1;

    public static final int PING = -2;
    public static final int AUTH = -4;
    public static final int SET_WATCHES = -8;

    private Xid() {}
}
