package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.auth.AccessList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
    private static final AccessList ACL = new AccessList(java.util.List.of());

    private final PathTable table = new PathTable(99);
    private final Znode root = new Znode(null, 0, ZnodeBytes.of("/", null), ACL, 0, 0);

    private Znode node(String path) {
        return new Znode(root, table.hash(path, path.length()), ZnodeBytes.of(path, null), ACL, 0, 0);
    }

    /** From one page to more than a hundred. */
    @ParameterizedTest
    @ValueSource(ints = {30, 3_000, 100_000})
    void findsWhatAHashMapFinds(int names) {
        Map<String, Znode> model = new HashMap<>();
        Random random = new Random(names);
        for (int i = 0; i < 5 * names; i++) {
            String path = "/n" + random.nextInt(names);
            Znode known = model.get(path);
            assertThat(table.get(path, path.length())).isSameAs(known);
            if (known == null) {
                Znode node = node(path);
                model.put(path, node);
                table.add(node);
            } else if (random.nextInt(4) == 0) {
                table.remove(known);
                model.remove(path);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        model.forEach((path, node) -> assertThat(table.get(path, path.length())).isSameAs(node));
        assertThat(table.get("/m", 2)).isNull();
    }

    /** As a restore does it: some are there before, and more come than were announced. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 500, 20_000})
    void aTableThatWasMadeLargeFindsWhatCameBeforeAndBehind(int announced) {
        int early = 2_000;
        int names = 50_000;
        Znode[] nodes = new Znode[names];
        for (int i = 0; i < names; i++) {
            nodes[i] = node("/n" + i);
            table.add(nodes[i]);
            if (i == early) {
                table.reserve(announced);
            }
        }
        assertThat(table.size()).isEqualTo(names);
        for (int i = 0; i < names; i += 2) {
            table.remove(nodes[i]);
        }
        for (int i = 0; i < names; i++) {
            String path = "/n" + i;
            assertThat(table.get(path, path.length())).isSameAs(i % 2 == 0 ? null : nodes[i]);
        }
    }

    @Test
    void aNodeThatIsNotThereCannotBeRemoved() {
        table.add(node("/a"));
        assertThatThrownBy(() -> table.remove(node("/a"))).isInstanceOf(IllegalStateException.class);
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
            Znode node = node(path.toString());
            table.add(node);
            assertThat(table.get(path.toString(), path.length())).isSameAs(node);
        }
    }

    @Test
    void aHashIsTheSameByPathAndByParentAndName() {
        for (String path : new String[] {"/a", "/a/b", "/ä/ü", "/日本/語", "/x/" + "long".repeat(100)}) {
            int slash = path.lastIndexOf('/');
            long hashing = table.hashing(path.substring(0, slash + 1));
            assertThat(PathTable.finish(PathTable.hashing(hashing, ZnodeBytes.of(path, null))))
                    .isEqualTo(table.hash(path, path.length()));
        }
    }
}
