package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
    private final ZnodeStore store = new ZnodeStore();
    private final PathTable table = new PathTable(99, store);
    private final int root = store.create("/", null, 0, 0);

    private int node(String path) {
        int node = store.create(path, null, 0, 0);
        store.setParent(node, root);
        return node;
    }

    private int hash(String path) {
        return table.hash(path, path.length());
    }

    private int get(String path) {
        return table.get(path, path.length(), hash(path));
    }

    /** From one page to more than a hundred. */
    @ParameterizedTest
    @ValueSource(ints = {30, 3_000, 100_000})
    void findsWhatAHashMapFinds(int names) {
        Map<String, Integer> model = new HashMap<>();
        Random random = new Random(names);
        for (int i = 0; i < 5 * names; i++) {
            String path = "/n" + random.nextInt(names);
            Integer known = model.get(path);
            assertThat(get(path)).isEqualTo(known == null ? ZnodeStore.NONE : known);
            if (known == null) {
                int node = node(path);
                model.put(path, node);
                table.add(node, hash(path));
            } else if (random.nextInt(4) == 0) {
                table.remove(known, hash(path));
                model.remove(path);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        model.forEach((path, node) -> assertThat(get(path)).isEqualTo(node));
        assertThat(get("/m")).isEqualTo(ZnodeStore.NONE);
    }

    @Test
    void aNodeThatIsNotThereCannotBeRemoved() {
        table.add(node("/a"), hash("/a"));
        int other = node("/a");
        assertThatThrownBy(() -> table.remove(other, hash("/a"))).isInstanceOf(IllegalStateException.class);
    }

    /** With the hash of String each look-up would walk thousands of nodes: minutes in all. */
    @Test
    @Timeout(60)
    void pathsWithEqualStringHashesAreSpread() {
        for (int i = 0; i < 1 << 16; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int bit = 0; bit < 16; bit++) {
                path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            int node = node(path.toString());
            table.add(node, hash(path.toString()));
            assertThat(get(path.toString())).isEqualTo(node);
        }
    }

    @Test
    void aHashIsTheSameByPathAndByParentAndName() {
        for (String path : new String[] {"/a", "/a/b", "/ä/ü", "/日本/語", "/x/" + "long".repeat(100)}) {
            int slash = path.lastIndexOf('/');
            long hashing = table.hashing(path.substring(0, slash + 1));
            assertThat(PathTable.finish(table.hashing(hashing, node(path)))).isEqualTo(hash(path));
        }
    }
}
