package io.coord.client;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.SetDataRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes operations for {@link CoordClient#transaction()}. Nothing is sent before the transaction is.
 *
 * <pre>{@code
 * TransactionOps ops = client.transactionOp();
 * TransactionOps.Create entry = ops.create().withMode(CreateMode.PERSISTENT_SEQUENTIAL).withACL(Acl.OPEN);
 * TransactionOps.SetData head = ops.setData().withVersion(3);
 * TransactionOps.Delete draft = ops.delete();
 * TransactionOps.Check owner = ops.check();
 * client.transaction().forOperations(
 *         owner.forPath("/log/owner"),
 *         entry.forPath("/log/entry-", bytes),
 *         head.forPath("/log/head", bytes),
 *         draft.forPath("/log/draft"));
 * }</pre>
 */
public final class TransactionOps {
    private final CoordClient client;

    TransactionOps(CoordClient client) {
        this.client = client;
    }

    public Create create() {
        return new Create(client);
    }

    public Delete delete() {
        return new Delete(client);
    }

    public SetData setData() {
        return new SetData(client);
    }

    /** The transaction fails unless the znode is there, with the given data version if one is given. */
    public Check check() {
        return new Check(client);
    }

    /** Creates a znode. */
    public static final class Create {
        private final CoordClient client;
        private @Nullable Boolean compressing;
        private CreateMode mode = CreateMode.PERSISTENT;
        private @Nullable Duration ttl;
        private @Nullable List<Acl> acl;

        Create(CoordClient client) {
            this.client = client;
        }

        public Create withMode(CreateMode createMode) {
            this.mode = createMode;
            return this;
        }

        /** As {@link CreateBuilder#withTtl}. */
        public Create withTtl(Duration timeToLive) {
            this.ttl = ZnodeKind.checked(timeToLive);
            return this;
        }

        public Create withACL(List<Acl> entries) {
            this.acl = List.copyOf(entries);
            return this;
        }

        /** As {@link CreateBuilder#compressed()}. */
        public Create compressed() {
            this.compressing = true;
            return this;
        }

        /** As {@link CreateBuilder#uncompressed()}. */
        public Create uncompressed() {
            this.compressing = false;
            return this;
        }

        /** With empty data. */
        public TransactionOp forPath(String path) {
            return forPath(path, CreateBuilder.EMPTY);
        }

        public TransactionOp forPath(String path, byte[] data) {
            ZnodeKind kind = ZnodeKind.of(mode, ttl);
            String serverPath = kind.isSequential()
                    ? client.paths().toServerSequential(path)
                    : client.paths().toServer(path);
            List<Acl> entries = acl == null ? client.aclFor(serverPath) : acl;
            byte[] written = client.compression().toServer(compressing, path, data);
            return new TransactionOp(
                    "create", path, kind.request(OpCode.CREATE, serverPath, written, entries), client.paths());
        }
    }

    /** Deletes a znode. */
    public static final class Delete {
        private final CoordClient client;
        private int version = -1;

        Delete(CoordClient client) {
            this.client = client;
        }

        public Delete withVersion(int dataVersion) {
            this.version = dataVersion;
            return this;
        }

        public TransactionOp forPath(String path) {
            return new TransactionOp(
                    "delete", path, new DeleteRequest(client.paths().toServer(path), version), client.paths());
        }
    }

    /** Replaces a znode's data. */
    public static final class SetData {
        private final CoordClient client;
        private @Nullable Boolean compressing;
        private int version = -1;

        SetData(CoordClient client) {
            this.client = client;
        }

        public SetData withVersion(int dataVersion) {
            this.version = dataVersion;
            return this;
        }

        /** As {@link SetDataBuilder#compressed()}. */
        public SetData compressed() {
            this.compressing = true;
            return this;
        }

        /** As {@link SetDataBuilder#uncompressed()}. */
        public SetData uncompressed() {
            this.compressing = false;
            return this;
        }

        /** With empty data. */
        public TransactionOp forPath(String path) {
            return forPath(path, CreateBuilder.EMPTY);
        }

        public TransactionOp forPath(String path, byte[] data) {
            byte[] written = client.compression().toServer(compressing, path, data);
            return new TransactionOp(
                    "setData",
                    path,
                    new SetDataRequest(client.paths().toServer(path), written, version),
                    client.paths());
        }
    }

    /** Demands that a znode is there. */
    public static final class Check {
        private final CoordClient client;
        private int version = -1;

        Check(CoordClient client) {
            this.client = client;
        }

        public Check withVersion(int dataVersion) {
            this.version = dataVersion;
            return this;
        }

        public TransactionOp forPath(String path) {
            return new TransactionOp(
                    "check", path, new CheckVersionRequest(client.paths().toServer(path), version), client.paths());
        }
    }
}
