package io.coord.recipes.node;

import io.coord.client.CoordClient;
import io.coord.client.session.Registration;
import io.coord.protocol.data.ZnodePath;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CoordCache;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/**
 * Makes this process a member of a group, and shows the group's members: {@code <group path>/<id>} is an ephemeral znode with
 * the member's data, as with Curator's {@code GroupMember}. The view shows what the servers hold: this member is in it when its
 * znode is, and not before.
 *
 * <p>Thread-safe: its parts are.
 *
 * <pre>{@code
 * GroupMember member = new GroupMember(client, "/workers", "worker-a", bytes).start();
 * if (member.awaitJoined(Duration.ofSeconds(10))) {
 *     use(member.members().keySet());
 * }
 * }</pre>
 */
public final class GroupMember implements AutoCloseable {
    private final String id;
    private final PersistentNode node;
    private final CoordCache cache;

    /** Takes nothing over: while a predecessor's session lasts, this one waits. */
    public GroupMember(CoordClient client, String groupPath, String id, byte[] data) {
        this(client, groupPath, id, data, false);
    }

    /**
     * @param id one element of a path, unique in the group
     * @param takingOver whether an earlier process with this id is replaced at once, see {@link
     *     PersistentNode.Builder#takingOver()}
     */
    public GroupMember(CoordClient client, String groupPath, String id, byte[] data, boolean takingOver) {
        this.id = id;
        PersistentNode.Builder settings =
                PersistentNode.builder(client, ZnodePath.child(groupPath, id)).data(data);
        this.node = takingOver ? settings.takingOver().build() : settings.build();
        this.cache = CoordCache.builder(client, groupPath).childrenOnly().build();
    }

    /**
     * Joins, without waiting; a connection need not be there yet.
     *
     * @throws IllegalStateException when it was started or closed before
     */
    public GroupMember start() {
        cache.start();
        node.start();
        return this;
    }

    public String id() {
        return id;
    }

    /** This member's own znode: its state, its data. Close the member instead of it. */
    public PersistentNode node() {
        return node;
    }

    /**
     * Waits until this process has joined once. The view may show it a moment later.
     *
     * @return whether it has; false when the time passed, or when it never will
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitJoined(Duration timeout) {
        return node.awaitInPlace(timeout);
    }

    /**
     * Waits until the view was complete once.
     *
     * @return whether it was; false when the time passed or it was closed
     * @throws io.coord.client.error.CallInterruptedException when interrupted
     */
    public boolean awaitInitialized(Duration timeout) {
        return cache.awaitInitialized(timeout);
    }

    /** Other data for this member, without waiting. The array is not copied. */
    public void setData(byte[] data) {
        node.setData(data);
    }

    /** The members and their data, in the order of their ids, as known last; see {@link #isInSync()}. */
    public Map<String, byte[]> members() {
        Map<String, byte[]> members = new TreeMap<>();
        cache.children(cache.path()).forEach((memberId, member) -> members.put(memberId, member.data()));
        return Collections.unmodifiableMap(members);
    }

    /** Whether the view is complete and the servers are in reach, as far as this client knows. */
    public boolean isInSync() {
        return cache.isInSync();
    }

    /**
     * Tells the listener of members that come, go or change, and when the view is complete after an absence; the group's own
     * znode is left out.
     *
     * @return closing it ends that
     */
    public Registration addListener(CacheListener listener) {
        return cache.addListener(CacheListener.builder()
                .forPaths(path -> !path.equals(cache.path()))
                .forAll(listener)
                .build());
    }

    /** Leaves, without waiting. The stage completes when the member's znode is surely gone. Idempotent. */
    public CompletionStage<Void> closeAsync() {
        cache.close();
        return node.closeAsync();
    }

    /** Leaves, and waits as {@link PersistentNode#close()} does. Idempotent. */
    @Override
    public void close() {
        cache.close();
        node.close();
    }
}
