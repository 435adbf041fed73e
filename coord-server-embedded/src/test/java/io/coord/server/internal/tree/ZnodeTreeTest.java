package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.Stat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ZnodeTreeTest {
    private static final byte[] DATA = {1, 2, 3};

    private final ZnodeTree tree = new ZnodeTree(1);
    private long zxid = 100;

    private Znode create(String path) {
        return create(path, 0);
    }

    private Znode create(String path, long owner) {
        return createAt((zxid + 1) * 10, path, owner);
    }

    private Znode createAt(long time, String path, long owner) {
        TreeEdit edit = tree.edit(++zxid, time);
        Znode node = edit.create(parentOf(path), path, DATA, Acl.OPEN, owner);
        edit.commit();
        return node;
    }

    private void delete(String path) {
        TreeEdit edit = tree.edit(++zxid, zxid * 10);
        edit.delete(tree.require(path), path);
        edit.commit();
    }

    private Znode parentOf(String path) {
        return tree.require(io.coord.protocol.data.ZnodePath.parent(path));
    }

    @Test
    void emptyTreeHasTheServersOwnNodes() {
        assertThat(tree.size()).isEqualTo(4);
        assertThat(tree.require("/").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0));
        assertThat(tree.require("/zookeeper").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0));
        assertThat(tree.require("/zookeeper/quota").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(tree.require("/zookeeper/config").stat()).isEqualTo(new Stat(0, 0, 0, 0, 0, 0, -1, 0, 0, 0, 0));
        assertThat(tree.get("")).isEqualTo(tree.get("/"));
    }

    @Test
    void createSetsTheNodesStatAndCountsInTheParents() {
        create("/a");
        Znode child = create("/a/b");

        assertThat(child.stat()).isEqualTo(new Stat(102, 102, 1020, 1020, 0, 0, 0, 0, 3, 0, 102));
        assertThat(tree.require("/a").stat()).isEqualTo(new Stat(101, 101, 1010, 1010, 0, 1, 0, 0, 3, 1, 102));
    }

    @Test
    void deleteCountsInTheParentToo() {
        create("/a");
        create("/a/b");
        delete("/a/b");

        assertThat(tree.require("/a").stat()).isEqualTo(new Stat(101, 101, 1010, 1010, 0, 2, 0, 0, 3, 0, 103));
        assertThat(tree.get("/a/b")).isNull();
    }

    @Test
    void setDataChangesTheNodeOnly() {
        create("/a");
        create("/a/b");
        Stat parent = tree.require("/a").stat();
        TreeEdit edit = tree.edit(200, 2000);
        edit.setData(tree.require("/a/b"), "/a/b", null);

        assertThat(edit.commit()).extracting(TreeChange::type).containsExactly(EventType.NODE_DATA_CHANGED);
        assertThat(tree.require("/a/b").stat()).isEqualTo(new Stat(102, 200, 1020, 2000, 1, 0, 0, 0, 0, 0, 102));
        assertThat(tree.require("/a").stat()).isEqualTo(parent);
    }

    @Test
    void setAclChangesTheAclVersionOnlyAndTellsNobody() {
        create("/a");
        TreeEdit edit = tree.edit(200, 2000);
        edit.setAcl(tree.require("/a"), Acl.WORLD_READ);

        assertThat(edit.commit()).isEmpty();
        assertThat(tree.require("/a").stat()).isEqualTo(new Stat(101, 101, 1010, 1010, 0, 0, 1, 0, 3, 0, 101));
    }

    @Test
    void sequenceCounterCountsCreationsOfAnyKindAndNoDeletions() {
        create("/a");
        create("/a/b");
        delete("/a/b");
        create("/a/b");
        create("/a/c", 7);

        assertThat(tree.require("/a").createCount()).isEqualTo(3);
        assertThat(tree.require("/a").cversion()).isEqualTo(4);
    }

    @Test
    void childrenAreListedInTheOrderOfTheirCreation() {
        create("/a");
        for (int i = 9; i >= 0; i--) {
            create("/a/" + i);
        }
        delete("/a/5");
        create("/a/5");

        assertThat(tree.childNames(tree.require("/a")))
                .containsExactly("9", "8", "7", "6", "4", "3", "2", "1", "0", "5");
    }

    @Test
    void listedNamesStayAsTheyWereWhenTheTreeChanges() {
        create("/a");
        create("/a/b");
        List<String> before = tree.childNames(tree.require("/a"));
        create("/a/c");

        assertThat(before).containsExactly("b");
    }

    /** Long enough to be kept from one call to the next. */
    @Test
    void aLongListFollowsEachChangeAndEachThatIsTakenBack() {
        create("/a");
        List<String> model = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            create("/a/" + i);
            model.add("" + i);
        }
        Znode parent = tree.require("/a");
        assertThat(tree.childNames(parent)).isEqualTo(model);
        delete("/a/7");
        model.remove("7");
        assertThat(tree.childNames(parent)).isEqualTo(model);
        create("/a/7");
        model.add("7");
        assertThat(tree.childNames(parent)).isEqualTo(model);

        TreeEdit edit = tree.edit(++zxid, zxid);
        edit.delete(tree.require("/a/9"), "/a/9");
        assertThat(tree.childNames(parent)).doesNotContain("9").hasSize(29);
        edit.create(parent, "/a/new", null, Acl.OPEN, 0);
        assertThat(tree.childNames(parent)).endsWith("new").hasSize(30);
        edit.rollback();
        assertThat(tree.childNames(parent)).isEqualTo(model);
    }

    @Test
    void orderOfChildrenSurvivesManyDeletions() {
        create("/a");
        List<String> model = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 5_000; i++) {
            boolean growing = i % 1_000 < 500;
            if (model.isEmpty() || random.nextInt(10) < (growing ? 8 : 2)) {
                create("/a/n" + i);
                model.add("n" + i);
            } else {
                delete("/a/" + model.remove(random.nextInt(model.size())));
            }
        }
        assertThat(tree.childNames(tree.require("/a"))).isEqualTo(model);
    }

    @Test
    void ephemeralsOfASessionAreListedByPath() {
        create("/b", 7);
        create("/a", 7);
        create("/c", 8);
        delete("/b");
        create("/b", 7);

        assertThat(tree.ephemeralsOf(7)).extracting(Znode::path).containsExactly("/a", "/b");
        assertThat(tree.ephemeralsOf(9)).isEmpty();
        assertThat(tree.ephemeralCount()).isEqualTo(3);
        assertThat(tree.require("/a").stat().ephemeralOwner()).isEqualTo(7);
    }

    @Test
    void containerIsReapableOnceItHasLostItsLastChild() {
        Znode container = create("/c", Znode.CONTAINER);
        assertThat(tree.reapable(1_000, 0, 10)).isEmpty();
        assertThat(container.stat().ephemeralOwner()).isZero();

        create("/c/x");
        assertThat(tree.reapable(1_000, 0, 10)).isEmpty();
        delete("/c/x");
        assertThat(tree.reapable(1_000, 0, 10)).containsExactly("/c");
        create("/c/y");
        assertThat(tree.reapable(1_000, 0, 10)).isEmpty();
        delete("/c/y");
        delete("/c");
        assertThat(tree.reapable(1_000, 0, 10)).isEmpty();
        assertThat(tree.reapingCount()).isZero();
    }

    @Test
    void containerThatWasNeverUsedIsReapableOnlyWhenThatIsWanted() {
        createAt(100, "/c", Znode.CONTAINER);

        assertThat(tree.reapable(Long.MAX_VALUE, 0, 10)).isEmpty();
        assertThat(tree.reapable(150, 50, 10)).isEmpty();
        assertThat(tree.reapable(151, 50, 10)).containsExactly("/c");
    }

    @Test
    void timeToLiveCountsFromTheLastNewDataAndNotWhileThereAreChildren() {
        createAt(100, "/t", Znode.ownerOfTtl(10));
        assertThat(tree.reapable(110, 0, 10)).isEmpty();
        assertThat(tree.reapable(111, 0, 10)).containsExactly("/t");

        TreeEdit edit = tree.edit(++zxid, 108);
        edit.setData(tree.require("/t"), "/t", DATA);
        edit.commit();
        assertThat(tree.reapable(111, 0, 10)).isEmpty();
        assertThat(tree.reapable(119, 0, 10)).containsExactly("/t");
        assertThat(tree.isReapable(tree.require("/t"), 118, 0)).isFalse();
        assertThat(tree.isReapable(tree.require("/t"), 119, 0)).isTrue();

        create("/t/x");
        assertThat(tree.reapable(1_000, 0, 10)).isEmpty();
        assertThat(tree.isReapable(tree.require("/t"), 1_000, 0)).isFalse();
        delete("/t/x");
        assertThat(tree.reapable(1_000, 0, 10)).containsExactly("/t");
    }

    @Test
    void longestDueComesFirst() {
        createAt(300, "/a", Znode.ownerOfTtl(5));
        createAt(100, "/b", Znode.ownerOfTtl(50));
        createAt(200, "/c", Znode.ownerOfTtl(5));
        createAt(900, "/d", Znode.ownerOfTtl(500));

        assertThat(tree.reapable(1_000, 0, 10)).containsExactly("/b", "/c", "/a");
        assertThat(tree.reapable(1_000, 0, 2)).containsExactly("/b", "/c");
        assertThat(tree.reapingCount()).isEqualTo(4);
    }

    @Test
    void equalAclsAreOneObjectAndAreForgottenWithTheirLastUser() {
        int before = tree.accessListCount();
        List<Acl> mine = List.of(new Acl(Acl.ALL, new Id("digest", "me:hash")));
        for (String name : List.of("/a", "/b")) {
            TreeEdit edit = tree.edit(++zxid, zxid);
            edit.create(tree.require("/"), name, null, List.copyOf(mine), 0);
            edit.commit();
        }
        assertThat(tree.require("/a").acl()).isSameAs(tree.require("/b").acl());
        assertThat(tree.accessListCount()).isEqualTo(before + 1);

        delete("/a");
        delete("/b");
        create("/c");
        assertThat(tree.accessListCount()).isEqualTo(before);
    }

    @Test
    void refusesToDeleteANodeWithChildren() {
        create("/a");
        create("/a/b");
        TreeEdit edit = tree.edit(1, 1);

        assertThatThrownBy(() -> edit.delete(tree.require("/a"), "/a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> edit.delete(tree.require("/"), "/")).isInstanceOf(IllegalArgumentException.class);
    }
}
