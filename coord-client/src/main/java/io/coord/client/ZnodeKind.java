package io.coord.client;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.Request;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What kind of znode a create makes, and which operation it therefore is.
 *
 * @param ttlMs its time to live; 0 for a kind that has none
 */
record ZnodeKind(CreateMode mode, long ttlMs) {
    /** @throws IllegalArgumentException when mode and time to live do not go together */
    static ZnodeKind of(CreateMode mode, @Nullable Duration ttl) {
        if (ttl == null) {
            if (mode.isTtl()) {
                throw new IllegalArgumentException("mode " + mode + " needs withTtl");
            }
            return new ZnodeKind(mode, 0);
        }
        return switch (mode) {
            case PERSISTENT, PERSISTENT_WITH_TTL -> new ZnodeKind(CreateMode.PERSISTENT_WITH_TTL, ttl.toMillis());
            case PERSISTENT_SEQUENTIAL, PERSISTENT_SEQUENTIAL_WITH_TTL ->
                new ZnodeKind(CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL, ttl.toMillis());
            case EPHEMERAL, EPHEMERAL_SEQUENTIAL, CONTAINER ->
                throw new IllegalArgumentException("a znode of mode " + mode + " has no time to live");
        };
    }

    /** @throws IllegalArgumentException when it is shorter than a millisecond or longer than ZooKeeper allows */
    static Duration checked(Duration ttl) {
        if (ttl.compareTo(Duration.ofMillis(1)) < 0 || ttl.compareTo(Duration.ofMillis(CreateMode.MAX_TTL_MS)) > 0) {
            throw new IllegalArgumentException(
                    "a time to live of " + ttl + ", not from 1 to " + CreateMode.MAX_TTL_MS + " milliseconds");
        }
        return ttl;
    }

    boolean isSequential() {
        return mode.isSequential();
    }

    /** @param plain the operation for a kind that needs none of its own: CREATE or CREATE2 */
    Request request(OpCode plain, String serverPath, byte @Nullable [] data, List<Acl> acl) {
        return switch (mode) {
            case PERSISTENT_WITH_TTL, PERSISTENT_SEQUENTIAL_WITH_TTL ->
                new CreateTtlRequest(serverPath, data, acl, mode.flag(), ttlMs);
            case CONTAINER -> new CreateRequest(OpCode.CREATE_CONTAINER, serverPath, data, acl, mode.flag());
            case PERSISTENT, EPHEMERAL, PERSISTENT_SEQUENTIAL, EPHEMERAL_SEQUENTIAL ->
                new CreateRequest(plain, serverPath, data, acl, mode.flag());
        };
    }
}
