package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;

class PathRangeTest {
    private static ConcurrentSkipListMap<String, CachedNode> nodes(String... paths) {
        Stat stat = new Stat(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
        ConcurrentSkipListMap<String, CachedNode> nodes = new ConcurrentSkipListMap<>();
        for (String path : paths) {
            nodes.put(path, new CachedNode(path, stat, new byte[0]));
        }
        return nodes;
    }

    private static List<String> children(ConcurrentSkipListMap<String, CachedNode> nodes, String path) {
        List<String> found = new ArrayList<>();
        PathRange.children(nodes, path).forEachRemaining(found::add);
        return found;
    }

    @Test
    void listsEachChildOnceThoughBrothersStandBetweenItAndWhatIsBelowIt() {
        var nodes = nodes("/a", "/a/b", "/a/b!", "/a/b!/x", "/a/b/x", "/a/b/y/z", "/a/b0", "/a0", "/ab");

        assertThat(children(nodes, "/a")).containsExactly("/a/b", "/a/b!", "/a/b0");
        assertThat(children(nodes, "/a/b")).containsExactly("/a/b/x", "/a/b/y");
        assertThat(children(nodes, "/")).containsExactly("/a", "/a0", "/ab");
    }

    @Test
    void listsAMissingParentOfSomethingOnce() {
        var nodes = nodes("/a/b/x", "/a/b/y", "/a/b/y/z", "/a/c");

        assertThat(children(nodes, "/a")).containsExactly("/a/b", "/a/c");
        assertThat(children(nodes, "/")).containsExactly("/a");
    }

    @Test
    void whatIsBelowEndsWhereTheNameGoesOn() {
        var nodes = nodes("/a", "/a!", "/a/b", "/a/c/d", "/a0", "/ab");

        assertThat(PathRange.below(nodes, "/a").keySet()).containsExactly("/a/b", "/a/c/d");
        assertThat(PathRange.below(nodes, "/").keySet()).hasSize(6);
    }
}
