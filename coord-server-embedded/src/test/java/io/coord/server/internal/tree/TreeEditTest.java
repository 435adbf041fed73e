package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.ZnodePath;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeEditTest {
    private static final List<Acl> MINE = List.of(new Acl(Acl.ALL, new Id("digest", "me:hash")));

    private final ZnodeTree tree = new ZnodeTree(1);

    @Test
    void laterStepsSeeEarlierOnes() {
        TreeEdit edit = tree.edit(5, 50);
        Znode a = edit.create(tree.require("/"), "/a", null, Acl.OPEN, 0);
        edit.create(a, "/a/b", null, Acl.OPEN, 0);
        edit.delete(tree.require("/a/b"), "/a/b");

        assertThat(edit.commit())
                .extracting(TreeChange::type, TreeChange::path, TreeChange::parentPath)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(EventType.NODE_CREATED, "/a", "/"),
                        org.assertj.core.groups.Tuple.tuple(EventType.NODE_CREATED, "/a/b", "/a"),
                        org.assertj.core.groups.Tuple.tuple(EventType.NODE_DELETED, "/a/b", "/a"));
        assertThat(a.createCount()).isEqualTo(1);
        assertThat(a.stat().cversion()).isEqualTo(2);
    }

    @Test
    void rollbackOfAFirstChildLeavesItsParentAsIfItNeverHadOne() {
        TreeEdit setUp = tree.edit(1, 1);
        Znode a = setUp.create(tree.require("/"), "/a", null, Acl.OPEN, 0);
        setUp.commit();
        TreeEdit edit = tree.edit(2, 2);
        edit.create(a, "/a/b", null, Acl.OPEN, 0);
        edit.rollback();

        assertThat(a.stat().pzxid()).isEqualTo(1);
        assertThat(a.createCount()).isZero();
        assertThat(a.children()).isNull();
        assertThat(tree.store().extras(a.handle)).as("what few nodes need").isNull();
        assertThat(edit.commit()).isEmpty();
    }

    /** Random edits, of which every other is rolled back: the tree must be as if that one had never been. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rollbackLeavesNoTrace(long seed) {
        ZnodeTree untouched = new ZnodeTree(77);
        Random random = new Random(seed);
        for (int round = 1; round <= 300; round++) {
            long editSeed = random.nextLong();
            int steps = 1 + random.nextInt(12);
            if (random.nextBoolean()) {
                long before = TreeDigest.of(tree);
                List<Znode> ephemerals = tree.ephemeralsOf(7);
                List<String> reapable = tree.reapable(Long.MAX_VALUE, 1, 1_000);
                int reaping = tree.reapingCount();
                int acls = tree.accessListCount();
                TreeEdit edit = tree.edit(round, round);
                randomSteps(tree, edit, new Random(editSeed), steps);
                edit.rollback();
                assertThat(TreeDigest.of(tree)).isEqualTo(before);
                assertThat(tree.ephemeralsOf(7)).isEqualTo(ephemerals);
                assertThat(tree.reapable(Long.MAX_VALUE, 1, 1_000)).isEqualTo(reapable);
                assertThat(tree.reapingCount()).isEqualTo(reaping);
                assertThat(tree.accessListCount()).isLessThanOrEqualTo(acls + 1);
            } else {
                commitRandomSteps(tree, round, editSeed, steps);
                commitRandomSteps(untouched, round, editSeed, steps);
            }
            assertThat(TreeDigest.of(tree)).as("after round %d", round).isEqualTo(TreeDigest.of(untouched));
        }
        assertThat(tree.size()).isGreaterThan(20);
    }

    private static void commitRandomSteps(ZnodeTree tree, int round, long seed, int steps) {
        TreeEdit edit = tree.edit(round, round);
        randomSteps(tree, edit, new Random(seed), steps);
        edit.commit();
    }

    /** The paths that are drawn depend on the seed and on what is there, so on equal trees they are the same. */
    private static void randomSteps(ZnodeTree tree, TreeEdit edit, Random random, int steps) {
        for (int i = 0; i < steps; i++) {
            StringBuilder path = new StringBuilder();
            for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
                path.append('/').append((char) ('a' + random.nextInt(5)));
            }
            randomStep(tree, edit, random, path.toString());
        }
    }

    private static void randomStep(ZnodeTree tree, TreeEdit edit, Random random, String path) {
        int kind = random.nextInt(10);
        Znode node = tree.get(path);
        Znode parent = tree.get(ZnodePath.parent(path));
        if (node == null) {
            if (parent != null && !parent.isEphemeral()) {
                if (kind < 2) {
                    edit.create(parent, path, new byte[] {1}, Acl.OPEN, Znode.CONTAINER);
                } else {
                    edit.create(parent, path, null, kind < 5 ? MINE : Acl.OPEN, kind < 4 ? 7 : 0);
                }
            }
        } else if (kind < 5) {
            if (node.childCount() == 0) {
                edit.delete(node, path);
            }
        } else if (kind < 8) {
            edit.setData(node, path, new byte[] {(byte) kind});
        } else {
            edit.setAcl(node, kind == 8 ? MINE : Acl.WORLD_READ);
        }
    }
}
