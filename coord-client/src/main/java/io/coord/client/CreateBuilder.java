package io.coord.client;

import io.coord.client.internal.session.BlockingResult;
import io.coord.client.internal.session.Result;
import io.coord.client.internal.session.StageResult;
import io.coord.client.spi.ValueCodec;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Creates a znode.
 *
 * <pre>{@code
 * StatHolder stat = new StatHolder();
 * String path = client.create()
 *         .creatingParentContainersIfNeeded()
 *         .withMode(CreateMode.EPHEMERAL_SEQUENTIAL)
 *         .withProtection()
 *         .storingStatIn(stat)
 *         .forPath("/jobs/running-", bytes);
 * long fencingToken = stat.get().czxid();
 * }</pre>
 */
public final class CreateBuilder extends Operation<CreateBuilder> {
    static final byte[] EMPTY = {};

    CreateMode mode = CreateMode.PERSISTENT;
    boolean creatingParents;
    boolean asContainers;
    boolean orSetData;
    int orSetDataVersion = -1;
    boolean idempotent;
    private boolean aclForParents;
    private @Nullable Boolean compressing;

    private @Nullable Duration ttl;

    @Nullable
    UUID protection;

    @Nullable
    List<Acl> acl;

    @Nullable
    StatHolder statHolder;

    CreateBuilder(CoordClient client) {
        super(client, "create");
    }

    @Override
    CreateBuilder self() {
        return this;
    }

    /** The kind of znode; persistent by default. */
    public CreateBuilder withMode(CreateMode createMode) {
        this.mode = createMode;
        return this;
    }

    /**
     * The server removes the znode when it has had no children and no new data for this long; it looks for such znodes at an
     * interval, one minute by default. For persistent znodes, sequential ones too. ZooKeeper's servers offer it only with
     * {@code extendedTypesEnabled=true}.
     *
     * @param timeToLive from 1 to 2^40 - 1 milliseconds
     * @throws IllegalArgumentException when it is not
     */
    public CreateBuilder withTtl(Duration timeToLive) {
        this.ttl = ZnodeKind.checked(timeToLive);
        return this;
    }

    ZnodeKind kind() {
        return ZnodeKind.of(mode, ttl);
    }

    /** Creates missing parents as persistent znodes. They stay when the create itself fails. */
    public CreateBuilder creatingParentsIfNeeded() {
        this.creatingParents = true;
        return this;
    }

    /** Creates missing parents as containers, which the server removes some time after their last child is gone. */
    public CreateBuilder creatingParentContainersIfNeeded() {
        this.creatingParents = true;
        this.asContainers = true;
        return this;
    }

    /**
     * Finds the znode again when the connection breaks before the answer came: its name gets the prefix
     * {@code _c_<uuid>-} (Curator's layout), and on the next connection the client looks for it, and whether it belongs
     * to its session, before it creates it anew. When the call fails in the end, the client removes what it may have
     * left.
     */
    public CreateBuilder withProtection() {
        this.protection = UUID.randomUUID();
        return this;
    }

    /** The ACL of the znode, not of created parents; what the client's {@link AclProvider} says by default. */
    public CreateBuilder withACL(List<Acl> entries) {
        return withACL(entries, false);
    }

    /**
     * The ACL of the znode, and of parents that this call creates if {@code applyToParents}; of those that are there already
     * it changes nothing. A container or the root of the namespace is a parent, too.
     */
    public CreateBuilder withACL(List<Acl> entries, boolean applyToParents) {
        this.acl = List.copyOf(entries);
        this.aclForParents = applyToParents;
        return this;
    }

    @Nullable
    List<Acl> parentAcl() {
        return aclForParents ? acl : null;
    }

    /** Stores the stat of the new znode. */
    public CreateBuilder storingStatIn(StatHolder holder) {
        this.statHolder = holder;
        return this;
    }

    /** Writes the data into the znode when it is there already. */
    public CreateBuilder orSetData() {
        return orSetData(-1);
    }

    /** Writes the data into the znode when it is there already, provided that it has this data version. */
    public CreateBuilder orSetData(int version) {
        this.orSetData = true;
        this.orSetDataVersion = version;
        return this;
    }

    /**
     * Sends the create again when its connection breaks before the answer came, and takes a znode that is there with the
     * same data and data version 0 for its own. Not for sequential znodes: for those use {@link #withProtection()}.
     */
    public CreateBuilder idempotent() {
        this.idempotent = true;
        return this;
    }

    /** Compresses the data, whatever the client does by default. */
    public CreateBuilder compressed() {
        this.compressing = true;
        return this;
    }

    /** Writes the data as it is, whatever the client does by default. */
    public CreateBuilder uncompressed() {
        this.compressing = false;
        return this;
    }

    /** Ends with a value instead of bytes. The builder is not to be used any more. */
    public <T> TypedCreate<T> as(ValueCodec<T> codec) {
        return new TypedCreate<>(this, codec);
    }

    /** Creates it with empty data. */
    public String forPath(String path) {
        return forPath(path, EMPTY);
    }

    /**
     * @param data null is stored as null, which {@link GetDataBuilder#orNull} tells from empty
     * @return the path of the znode, with protection prefix and sequence number if it has them
     * @throws io.coord.client.error.NodeExistsException when it is there already; nothing was changed
     * @throws io.coord.client.error.NoNodeException when the parent is not there; nothing was changed
     * @throws io.coord.client.error.ConnectionLossException when the effect may have happened
     */
    public String forPath(String path, byte @Nullable [] data) {
        BlockingResult<String> result = waiting(path);
        start(path, data, result);
        return result.await();
    }

    /** As {@link #forPath(String)}, without waiting. */
    public CompletionStage<String> forPathAsync(String path) {
        return forPathAsync(path, EMPTY);
    }

    /** As {@link #forPath(String, byte[])}, without waiting. The array must not be changed before the stage completes. */
    public CompletionStage<String> forPathAsync(String path, byte @Nullable [] data) {
        StageResult<String> result = stage();
        start(path, data, result);
        return result;
    }

    private void start(String path, byte @Nullable [] data, Result<String> result) {
        if (idempotent && mode.isSequential() && protection == null) {
            throw new IllegalArgumentException("a sequential create cannot be idempotent; use withProtection()");
        }
        new CreateTask(this, path, client.compression().toServer(compressing, path, data), result).start();
    }
}
