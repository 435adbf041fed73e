package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.Stat;
import io.coord.protocol.data.ZnodePath;
import io.coord.server.internal.auth.AccessList;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packed tree does what a plain one does: the same random steps, committed or rolled back, on both; and a cut, taken
 * while the steps go on and restored into a new tree, is the plain one's copy of the moment when the cut began.
 */
class TreeModelTest {
    private static final List<List<Acl>> ACLS = List.of(
            Acl.OPEN,
            Acl.WORLD_READ,
            List.of(new Acl(Acl.ALL, new Id("digest", "me:hash"))),
            List.of(new Acl(Acl.READ, new Id("ip", "10.0.0.0/8")), new Acl(Acl.WRITE, new Id("digest", "you:hash"))));
    private static final List<String> NAMES =
            List.of("a", "b", "c", "ä", "語", "a-name-that-is-longer-than-thirty-one-bytes", "x".repeat(5_000));
    private static final int[] LENGTHS = {
        0, 1, 100, ZnodeStore.LONGEST_DATA, ZnodeStore.LONGEST_DATA + 1, 3 * ZnodeStore.LONGEST_DATA
    };

    private final ZnodeTree tree = new ZnodeTree(17);
    private PlainTree model = new PlainTree();
    private long zxid;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void thePackedTreeIsThePlainTree(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1_000; round++) {
            randomEdit(random);
            if (round % 10 == 0) {
                model.assertSameAs(tree);
                assertNothingIsLeftOver();
            }
        }
        assertThat(tree.size()).isGreaterThan(40);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aCutThatIsRestoredIsTheTreeOfItsBeginning(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 600; i++) {
            randomEdit(random);
        }
        for (int round = 0; round < 15; round++) {
            PlainTree then = model.copy();
            long digest = TreeDigest.of(tree);
            SavedCut saved = new SavedCut();
            TreeCut cut = tree.beginCut(saved::saveEarly);
            int perStep = random.nextInt(4);
            int stepsLeft = random.nextInt(5) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
            for (Znode node = cut.next(); node != null && stepsLeft > 0; node = cut.next()) {
                stepsLeft--;
                saved.add(node);
                for (int i = random.nextInt(perStep + 1); i > 0; i--) {
                    randomEdit(random);
                }
            }
            cut.end();
            if (stepsLeft > 0) {
                assertThat(saved.count).isEqualTo(cut.size());
                ZnodeTree restored = saved.restore();
                then.assertSameAs(restored);
                assertThat(TreeDigest.of(restored)).isEqualTo(digest);
            }
            model.assertSameAs(tree);
            assertNothingIsLeftOver();
        }
    }

    /** Memory of what was replaced, deleted or taken back; a handle for each node and no more. */
    private void assertNothingIsLeftOver() {
        assertThat(tree.store().count()).isEqualTo(tree.size());
        long withExtras = 0;
        TreeWalk walk = new TreeWalk(tree.store(), tree.root());
        for (int node = walk.next(); node != ZnodeStore.NONE; node = walk.next()) {
            ZnodeExtras extras = tree.store().extras(node);
            withExtras += extras == null ? 0 : 1;
            assertThat(extras == null || !extras.isEmpty()).isTrue();
        }
        assertThat(tree.store().extrasCount()).isEqualTo((int) withExtras);
    }

    /** Some steps in one go, as a multi has; one in three is taken back. */
    private void randomEdit(Random random) {
        zxid++;
        TreeEdit edit = tree.edit(zxid, 1_000 + zxid);
        PlainTree after = model.copy();
        for (int i = random.nextInt(10) < 7 ? 1 : 1 + random.nextInt(12); i > 0; i--) {
            step(edit, after, random);
        }
        if (random.nextInt(3) > 0) {
            edit.commit();
            model = after;
        } else {
            if (random.nextInt(10) == 0) {
                after.assertSameAs(tree);
            }
            edit.rollback();
        }
    }

    private void step(TreeEdit edit, PlainTree after, Random random) {
        StringBuilder drawn = new StringBuilder();
        for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
            drawn.append('/').append(NAMES.get(random.nextInt(random.nextInt(40) == 0 ? NAMES.size() : 6)));
        }
        String path = drawn.toString();
        Znode node = tree.get(path);
        Znode parent = tree.getParent(path);
        byte @Nullable [] data = data(random);
        List<Acl> acl = ACLS.get(random.nextInt(ACLS.size()));
        if (node == null) {
            if (parent != null && !parent.isEphemeral()) {
                long owner =
                        switch (random.nextInt(8)) {
                            case 0, 1 -> 7 + random.nextInt(2);
                            case 2 -> Znode.CONTAINER;
                            case 3 -> Znode.ownerOfTtl(5_000);
                            default -> 0;
                        };
                edit.create(parent, path, data, acl, owner);
                after.create(path, data, acl, owner, zxid, 1_000 + zxid);
            }
            return;
        }
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                if (node.childCount() == 0) {
                    edit.delete(node, path);
                    after.delete(path, zxid);
                }
            }
            case 2, 3 -> {
                edit.setData(node, path, data);
                after.setData(path, data, zxid, 1_000 + zxid);
            }
            default -> {
                edit.setAcl(node, acl);
                after.setAcl(path, acl);
            }
        }
    }

    private static byte @Nullable [] data(Random random) {
        int kind = random.nextInt(LENGTHS.length + 1);
        if (kind == LENGTHS.length) {
            return null;
        }
        byte[] data = new byte[LENGTHS[kind]];
        random.nextBytes(data);
        return data;
    }

    /** Records in the order in which a snapshot has them, in runs as long as the records come from one side. */
    private static final class SavedCut {
        private final IdentityHashMap<AccessList, Integer> aclIndexes = new IdentityHashMap<>();
        private final List<List<Acl>> acls = new ArrayList<>();
        private final ByteBuf records = Unpooled.buffer();
        private final ZnodeCodec codec = new ZnodeCodec();
        private int count;

        void saveEarly(Znode node) {
            codec.startRun();
            add(node);
            codec.startRun();
        }

        void add(Znode node) {
            int aclIndex = aclIndexes.computeIfAbsent(node.acl(), acl -> {
                acls.add(acl.entries());
                return acls.size() - 1;
            });
            codec.encode(node, aclIndex, records);
            count++;
        }

        ZnodeTree restore() {
            TreeRestore restore = new TreeRestore(99);
            acls.forEach(restore::addAcl);
            while (records.isReadable()) {
                restore.addNode(records);
            }
            return restore.finish();
        }
    }

    /** Every node with everything written out. */
    private static final class PlainTree {
        private final Map<String, PlainNode> nodes = new TreeMap<>();

        PlainTree() {
            nodes.put("/", new PlainNode(new byte[0], Acl.OPEN, 0, 0, 0));
            for (String path : List.of("/zookeeper", "/zookeeper/quota", "/zookeeper/config")) {
                nodes.put(path, new PlainNode(new byte[0], Acl.OPEN, 0, 0, 0));
                parent(path).children.add(ZnodePath.name(path));
            }
            node("/zookeeper/config").acl = Acl.WORLD_READ;
            node("/zookeeper/config").aversion = -1;
        }

        private PlainTree(PlainTree other) {
            other.nodes.forEach((path, node) -> nodes.put(path, node.copy()));
        }

        PlainTree copy() {
            return new PlainTree(this);
        }

        void create(String path, byte @Nullable [] data, List<Acl> acl, long owner, long zxid, long time) {
            nodes.put(path, new PlainNode(data, acl, owner, zxid, time));
            PlainNode parent = parent(path);
            parent.children.add(ZnodePath.name(path));
            parent.createCount++;
            parent.pzxid = zxid;
        }

        void delete(String path, long zxid) {
            nodes.remove(path);
            parent(path).children.remove(ZnodePath.name(path));
            parent(path).pzxid = zxid;
        }

        void setData(String path, byte @Nullable [] data, long zxid, long time) {
            PlainNode node = node(path);
            node.data = data;
            node.version++;
            node.mzxid = zxid;
            node.mtime = time;
        }

        void setAcl(String path, List<Acl> acl) {
            node(path).acl = acl;
            node(path).aversion++;
        }

        void assertSameAs(ZnodeTree tree) {
            assertThat(tree.size()).isEqualTo(nodes.size());
            nodes.forEach((path, plain) -> {
                Znode node = tree.require(path);
                assertThat(node.path()).isEqualTo(path);
                assertThat(node.stat()).as(path).isEqualTo(plain.stat());
                assertThat(node.data()).as(path).isEqualTo(plain.data);
                assertThat(node.acl().entries()).as(path).isEqualTo(plain.acl);
                assertThat(node.createCount()).as(path).isEqualTo(plain.createCount);
                assertThat(node.owner()).as(path).isEqualTo(plain.owner);
                assertThat(tree.childNames(node)).as(path).isEqualTo(plain.children);
                assertThat(tree.descendantCount(node)).as(path).isEqualTo(descendants(path));
                assertThat(tree.get(path + "/none")).isNull();
                if (path.length() > 1) {
                    assertThat(tree.getParent(path)).isEqualTo(node.parent());
                    assertThat(tree.require(ZnodePath.parent(path))).isEqualTo(node.parent());
                }
            });
            for (long session = 7; session < 9; session++) {
                long owner = session;
                assertThat(tree.ephemeralsOf(session))
                        .extracting(Znode::path)
                        .isEqualTo(nodes.entrySet().stream()
                                .filter(each -> each.getValue().owner == owner)
                                .map(Map.Entry::getKey)
                                .toList());
            }
            assertThat(tree.reapingCount()).isEqualTo((int) nodes.values().stream()
                    .filter(each -> each.owner != 0 && !each.isEphemeral() && each.children.isEmpty())
                    .count());
            assertThat(tree.accessListCount()).isBetween((int) distinctAcls(), 1 + (int) distinctAcls());
        }

        private long distinctAcls() {
            return nodes.values().stream().map(each -> each.acl).distinct().count();
        }

        private int descendants(String path) {
            return (int) nodes.keySet().stream()
                    .filter(each -> !each.equals(path) && ZnodePath.isSameOrBelow(each, path))
                    .count();
        }

        private PlainNode parent(String path) {
            return node(ZnodePath.parent(path));
        }

        private PlainNode node(String path) {
            return java.util.Objects.requireNonNull(nodes.get(path), path);
        }
    }

    private static final class PlainNode {
        private final long owner;
        private final long czxid;
        private final long ctime;
        private final List<String> children = new ArrayList<>();
        private byte @Nullable [] data;
        private List<Acl> acl;
        private long mzxid;
        private long mtime;
        private long pzxid;
        private int version;
        private int aversion;
        private int createCount;

        PlainNode(byte @Nullable [] data, List<Acl> acl, long owner, long zxid, long time) {
            this.data = data;
            this.acl = acl;
            this.owner = owner;
            this.czxid = zxid;
            this.mzxid = zxid;
            this.pzxid = zxid;
            this.ctime = time;
            this.mtime = time;
        }

        PlainNode copy() {
            PlainNode copy = new PlainNode(data, acl, owner, czxid, ctime);
            copy.children.addAll(children);
            copy.mzxid = mzxid;
            copy.mtime = mtime;
            copy.pzxid = pzxid;
            copy.version = version;
            copy.aversion = aversion;
            copy.createCount = createCount;
            return copy;
        }

        boolean isEphemeral() {
            return owner == 7 || owner == 8;
        }

        Stat stat() {
            byte @Nullable [] bytes = data;
            return new Stat(
                    czxid,
                    mzxid,
                    ctime,
                    mtime,
                    version,
                    2 * createCount - children.size(),
                    aversion,
                    isEphemeral() ? owner : 0,
                    bytes == null ? 0 : bytes.length,
                    children.size(),
                    pzxid);
        }
    }
}
