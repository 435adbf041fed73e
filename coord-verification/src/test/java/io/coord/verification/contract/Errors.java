package io.coord.verification.contract;

import org.apache.zookeeper.KeeperException.Code;

/** The error codes of stock ZooKeeper's client as numbers. */
final class Errors {
    static final int RUNTIME_INCONSISTENCY = Code.RUNTIMEINCONSISTENCY.intValue();
    static final int MARSHALLING_ERROR = Code.MARSHALLINGERROR.intValue();
    static final int UNIMPLEMENTED = Code.UNIMPLEMENTED.intValue();
    static final int BAD_ARGUMENTS = Code.BADARGUMENTS.intValue();
    static final int NO_NODE = Code.NONODE.intValue();
    static final int NO_AUTH = Code.NOAUTH.intValue();
    static final int BAD_VERSION = Code.BADVERSION.intValue();
    static final int NO_CHILDREN_FOR_EPHEMERALS = Code.NOCHILDRENFOREPHEMERALS.intValue();
    static final int NODE_EXISTS = Code.NODEEXISTS.intValue();
    static final int NOT_EMPTY = Code.NOTEMPTY.intValue();
    static final int INVALID_ACL = Code.INVALIDACL.intValue();
    static final int AUTH_FAILED = Code.AUTHFAILED.intValue();
    static final int NO_WATCHER = Code.NOWATCHER.intValue();
    static final int RECONFIG_DISABLED = Code.RECONFIGDISABLED.intValue();
    static final int UNKNOWN_SESSION = Code.UNKNOWNSESSION.intValue();
    static final int SESSION_EXPIRED = Code.SESSIONEXPIRED.intValue();
    static final int QUOTA_EXCEEDED = Code.QUOTAEXCEEDED.intValue();

    private Errors() {}
}
