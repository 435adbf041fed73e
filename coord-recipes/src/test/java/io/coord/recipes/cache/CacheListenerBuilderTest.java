package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CacheListenerBuilderTest {
    private static final CachedNode NODE = new CachedNode("/a", new Stat(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1), new byte[0]);

    private final List<String> told = new ArrayList<>();

    private CacheListener creates() {
        return CacheListener.builder()
                .forCreates(node -> told.add(node.path()))
                .afterInitialized()
                .build();
    }

    @Test
    void leavesOutWhatComesBeforeTheCacheIsInitialized() {
        CacheListener listener = creates();
        listener.onEvent(CacheListener.Type.NODE_CREATED, null, NODE);
        assertThat(told).isEmpty();

        listener.onInitialized();
        listener.onEvent(CacheListener.Type.NODE_CREATED, null, NODE);
        assertThat(told).containsExactly("/a");
    }

    @Test
    void lateListenerAndThoseWithinItHearEverything() {
        CacheListener outer =
                CacheListener.builder().forAll(creates()).afterInitialized().build();
        ((CacheListenerBuilder.Composite) outer).activate();

        outer.onEvent(CacheListener.Type.NODE_CREATED, null, NODE);
        assertThat(told).containsExactly("/a");
    }
}
