package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.server.internal.auth.AccessList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PathTableTest {
    private static Znode node(String path) {
        return new Znode(path, null, new AccessList(List.of()), 0, 0, 0);
    }

    @Test
    void findsWhatAHashMapFinds() {
        PathTable table = new PathTable(99);
        Map<String, Znode> model = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            String path = "/n" + random.nextInt(3_000);
            Znode known = model.get(path);
            assertThat(table.get(path)).isSameAs(known);
            if (known == null) {
                Znode node = node(path);
                model.put(path, node);
                table.add(node);
            } else if (random.nextBoolean()) {
                table.remove(known);
                model.remove(path);
            }
        }
        assertThat(table.size()).isEqualTo(model.size());
        assertThat(table.toArray()).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    void pathsWithEqualStringHashesAreSpread() {
        PathTable table = new PathTable(1234);
        int count = 1 << 14;
        for (int i = 0; i < count; i++) {
            StringBuilder path = new StringBuilder("/");
            for (int bit = 0; bit < 14; bit++) {
                path.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            table.add(node(path.toString()));
        }
        long start = System.nanoTime();
        for (Znode each : table.toArray()) {
            assertThat(table.get(each.path)).isSameAs(each);
        }
        // With the hash of String each look-up would walk thousands of nodes: minutes in all.
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }
}
