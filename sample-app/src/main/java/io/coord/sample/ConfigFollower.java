package io.coord.sample;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.recipes.cache.CacheListener;
import io.coord.recipes.cache.CachedNode;
import io.coord.recipes.cache.CoordCache;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Follows the configuration znode. What cannot be read as a configuration changes nothing: the last good one stays.
 *
 * <p>Thread-safe: one volatile field, written at the start and then by the cache's serial callbacks.
 */
@Component
class ConfigFollower {

    /**
     * @param version of the znode that {@code value} was read from
     * @param problem why the znode's present data are not in force; null when they are
     */
    record Followed(
            String path,
            ShopConfig value,
            int version,
            @Nullable String problem) {}

    private final CoordClient client;
    private final ZnodeJson json;
    private final EventLog events;
    private volatile @Nullable Followed followed;

    ConfigFollower(CoordClient client, ZnodeJson json, EventLog events, @Qualifier("configCache") CoordCache cache) {
        this.client = client;
        this.json = json;
        this.events = events;
        cache.addListener(CacheListener.builder()
                .forCreatesAndChanges((before, after) -> follow(after))
                .forDeletes(before -> missing())
                .build());
    }

    /** Reads it once, so that there is one from the beginning. */
    void load() {
        StatHolder stat = new StatHolder();
        byte[] data = client.getData().storingStatIn(stat).forPath(ShopTree.CONFIG);
        ShopConfig value = json.read(data, ShopConfig.class);
        followed = new Followed(ShopTree.CONFIG, value, stat.get().version(), null);
    }

    ShopConfig current() {
        return followed().value();
    }

    Followed followed() {
        return Objects.requireNonNull(followed, "the shop is not open yet");
    }

    /**
     * Writes another configuration, which all instances follow, this one too.
     *
     * @param version that the znode must have; any when null
     * @throws io.coord.client.error.BadVersionException when it has another one; nothing was changed
     * @throws io.coord.client.error.CoordException with {@link io.coord.client.error.OutcomeUnknown}: it may be written
     */
    void change(ShopConfig value, @Nullable Integer version) {
        client.setData()
                .withVersion(version == null ? -1 : version)
                .idempotent()
                .forPath(ShopTree.CONFIG, json.write(value));
    }

    private void follow(CachedNode node) {
        Followed before = followed();
        int version = node.stat().version();
        if (version == before.version() && before.problem() == null) {
            return;
        }
        try {
            ShopConfig value = json.read(node.data(), ShopConfig.class);
            followed = new Followed(ShopTree.CONFIG, value, version, null);
            events.add("Configuration, version " + version + ": discount " + value.discountPercent()
                    + " %, restock below " + value.restockBelow() + " to " + value.restockTo());
        } catch (JacksonException e) {
            String reason = NestedExceptionUtils.getMostSpecificCause(e) instanceof IllegalArgumentException cause
                    ? String.valueOf(cause.getMessage())
                    : e.getOriginalMessage();
            problem("Version " + version + " is not in force: " + reason);
        }
    }

    private void missing() {
        problem("The znode is gone; its last version stays in force");
    }

    private void problem(String what) {
        Followed before = followed();
        followed = new Followed(before.path(), before.value(), before.version(), what);
        events.add("Configuration: " + what);
    }
}
