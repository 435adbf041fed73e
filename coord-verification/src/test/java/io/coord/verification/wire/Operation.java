package io.coord.verification.wire;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.apache.jute.Record;
import org.apache.zookeeper.MultiOperationRecord;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooDefs.OpCode;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.proto.AddWatchRequest;
import org.apache.zookeeper.proto.AuthPacket;
import org.apache.zookeeper.proto.CheckVersionRequest;
import org.apache.zookeeper.proto.CheckWatchesRequest;
import org.apache.zookeeper.proto.CreateRequest;
import org.apache.zookeeper.proto.CreateTTLRequest;
import org.apache.zookeeper.proto.DeleteRequest;
import org.apache.zookeeper.proto.ExistsRequest;
import org.apache.zookeeper.proto.GetACLRequest;
import org.apache.zookeeper.proto.GetAllChildrenNumberRequest;
import org.apache.zookeeper.proto.GetChildren2Request;
import org.apache.zookeeper.proto.GetChildrenRequest;
import org.apache.zookeeper.proto.GetDataRequest;
import org.apache.zookeeper.proto.GetEphemeralsRequest;
import org.apache.zookeeper.proto.MultiHeader;
import org.apache.zookeeper.proto.RemoveWatchesRequest;
import org.apache.zookeeper.proto.SetACLRequest;
import org.apache.zookeeper.proto.SetDataRequest;
import org.apache.zookeeper.proto.SetWatches;
import org.apache.zookeeper.proto.SetWatches2;
import org.apache.zookeeper.proto.SyncRequest;
import org.jspecify.annotations.Nullable;

/** An opcode with its encoded record. */
public record Operation(int code, byte[] body) {
    public static final int PERSISTENT = 0;
    public static final int EPHEMERAL = 1;
    public static final int SEQUENTIAL = 2;
    public static final int EPHEMERAL_SEQUENTIAL = 3;
    public static final int CONTAINER = 4;
    public static final int TTL = 5;
    public static final int TTL_SEQUENTIAL = 6;
    public static final int ANY_VERSION = -1;

    public static Operation of(int code, Record record) {
        return new Operation(code, RawConnection.encode(record));
    }

    public static Operation empty(int code) {
        return new Operation(code, new byte[0]);
    }

    public static Operation create(String path, byte @Nullable [] data, int flags) {
        return create(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, flags);
    }

    public static Operation create(String path, byte @Nullable [] data, @Nullable List<ACL> acl, int flags) {
        return of(OpCode.create, new CreateRequest(path, data, acl, flags));
    }

    public static Operation create2(String path, byte @Nullable [] data, int flags) {
        return of(OpCode.create2, new CreateRequest(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, flags));
    }

    public static Operation createContainer(String path) {
        return of(OpCode.createContainer, new CreateRequest(path, new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CONTAINER));
    }

    public static Operation delete(String path, int version) {
        return of(OpCode.delete, new DeleteRequest(path, version));
    }

    public static Operation exists(String path, boolean watch) {
        return of(OpCode.exists, new ExistsRequest(path, watch));
    }

    public static Operation getData(String path, boolean watch) {
        return of(OpCode.getData, new GetDataRequest(path, watch));
    }

    public static Operation setData(String path, byte @Nullable [] data, int version) {
        return of(OpCode.setData, new SetDataRequest(path, data, version));
    }

    public static Operation getAcl(String path) {
        return of(OpCode.getACL, new GetACLRequest(path));
    }

    public static Operation setAcl(String path, @Nullable List<ACL> acl, int version) {
        return of(OpCode.setACL, new SetACLRequest(path, acl, version));
    }

    public static Operation getChildren(String path, boolean watch) {
        return of(OpCode.getChildren, new GetChildrenRequest(path, watch));
    }

    public static Operation getChildren2(String path, boolean watch) {
        return of(OpCode.getChildren2, new GetChildren2Request(path, watch));
    }

    public static Operation sync(String path) {
        return of(OpCode.sync, new SyncRequest(path));
    }

    public static Operation multi(Op... ops) {
        return multi(List.of(ops));
    }

    public static Operation multi(List<Op> ops) {
        return of(OpCode.multi, new MultiOperationRecord(ops));
    }

    /** Of a multi or multiRead, whatever it holds. */
    public record Part(int type, Record record) {}

    /** A multi or multiRead as no stock client would send it. */
    public static Operation framed(int op, Part... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part each : parts) {
            out.writeBytes(RawConnection.encode(new MultiHeader(each.type, false, -1)));
            out.writeBytes(RawConnection.encode(each.record));
        }
        out.writeBytes(RawConnection.encode(new MultiHeader(-1, true, -1)));
        return new Operation(op, out.toByteArray());
    }

    public static Operation multiRead(Op... ops) {
        return multiRead(List.of(ops));
    }

    public static Operation multiRead(List<Op> ops) {
        return of(OpCode.multiRead, new MultiOperationRecord(ops));
    }

    public static Operation createTtl(String path, byte @Nullable [] data, int flags, long ttlMs) {
        return of(OpCode.createTTL, new CreateTTLRequest(path, data, ZooDefs.Ids.OPEN_ACL_UNSAFE, flags, ttlMs));
    }

    public static Operation getAllChildrenNumber(String path) {
        return of(OpCode.getAllChildrenNumber, new GetAllChildrenNumberRequest(path));
    }

    public static Operation getEphemerals(@Nullable String prefix) {
        return of(OpCode.getEphemerals, new GetEphemeralsRequest(prefix));
    }

    public static Operation checkWatches(String path, int type) {
        return of(OpCode.checkWatches, new CheckWatchesRequest(path, type));
    }

    public static Operation whoAmI() {
        return empty(OpCode.whoAmI);
    }

    public static Operation check(String path, int version) {
        return of(OpCode.check, new CheckVersionRequest(path, version));
    }

    public static Operation addWatch(String path, int mode) {
        return of(OpCode.addWatch, new AddWatchRequest(path, mode));
    }

    public static Operation removeWatches(String path, int type) {
        return of(OpCode.removeWatches, new RemoveWatchesRequest(path, type));
    }

    public static Operation setWatches(long relativeZxid, List<String> data, List<String> exist, List<String> child) {
        return of(OpCode.setWatches, new SetWatches(relativeZxid, data, exist, child));
    }

    public static Operation setWatches2(
            long relativeZxid,
            List<String> data,
            List<String> exist,
            List<String> child,
            List<String> persistent,
            List<String> recursive) {
        return of(OpCode.setWatches2, new SetWatches2(relativeZxid, data, exist, child, persistent, recursive));
    }

    public static Operation auth(String scheme, byte[] auth) {
        return of(OpCode.auth, new AuthPacket(0, scheme, auth));
    }

    public static Operation ping() {
        return empty(OpCode.ping);
    }

    public static Operation closeSession() {
        return empty(OpCode.closeSession);
    }
}
