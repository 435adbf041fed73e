package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CacheCoreTest {
    private static FakeTree filled() {
        return new FakeTree("/a")
                .create("/a", "0")
                .create("/a/b", "1")
                .create("/a/c", "2")
                .create("/a/b/d", "3");
    }

    private static FakeTree ready() {
        FakeTree tree = filled().connect().settle();
        tree.takeTold();
        tree.takeReads();
        return tree;
    }

    @Test
    void fillsItselfAndTellsThatItIsComplete() {
        FakeTree tree = filled().connect().settle();

        assertThat(tree.told).contains("created /a=0", "created /a/b=1", "created /a/c=2", "created /a/b/d=3");
        assertThat(tree.told).hasSize(5).endsWith("initialized");
        assertThat(tree.core.isInSync()).isTrue();
    }

    @Test
    void isCompleteWhenThereIsNothing() {
        FakeTree tree = new FakeTree("/a").connect().settle();

        assertThat(tree.told).containsExactly("initialized");
        tree.create("/a", "0").create("/a/b", "1").settle();
        assertThat(tree.told).containsExactly("initialized", "created /a=0", "created /a/b=1");
    }

    @Test
    void neverReadsMoreAtOnceThanAllowed() {
        FakeTree tree = new FakeTree("/a", true, 3).create("/a", "0");
        for (int i = 0; i < 50; i++) {
            tree.create("/a/" + i, "x");
        }
        tree.connect().settle();

        assertThat(tree.mostReadsAtOnce).isEqualTo(3);
        assertThat(tree.copy).hasSize(51);
    }

    @Test
    void tellsOfChangesWithTheOldAndTheNewNode() {
        FakeTree tree = ready();
        tree.set("/a/b", "9").delete("/a/c").create("/a/e", "5").settle();

        assertThat(tree.told).containsExactlyInAnyOrder("changed /a/b 1->9", "deleted /a/c=2", "created /a/e=5");
    }

    @Test
    void asksForTheStatBeforeItTellsADeletion() {
        FakeTree tree = ready();
        tree.delete("/a/c").settle();

        assertThat(tree.told).containsExactly("deleted /a/c=2");
        assertThat(tree.takeReads()).containsExactly("stat /a/c");
    }

    @Test
    void showsANodeThatIsReplacedInOneTransactionAllTheTime() {
        FakeTree tree = ready();
        tree.delete("/a/c").create("/a/c", "9");
        while (tree.stepIfAny()) {
            assertThat(tree.copy).containsKey("/a/c");
        }

        assertThat(tree.told).containsExactly("deleted /a/c=2", "created /a/c=9");
    }

    @Test
    void listsAgainAfterAnAbsenceWhenAServerDoesNotTellZxids() {
        FakeTree tree = ready();
        tree.eventsTellTheirZxid = false;
        tree.delete("/a/c").settle();
        tree.disconnect().connect().settle();

        assertThat(tree.told).containsExactly("deleted /a/c=2", "resynced");
        assertThat(tree.takeReads()).contains("children /a");
    }

    @Test
    void mergesChangesThatComeBeforeTheirRead() {
        FakeTree tree = ready();
        tree.set("/a/b", "8").set("/a/b", "9").settle();

        assertThat(tree.told).containsExactly("changed /a/b 1->9");
    }

    @Test
    void tellsDeletionAndCreationWhenANodeWasMadeAgain() {
        FakeTree tree = ready();
        tree.delete("/a/c").create("/a/c", "2").settle();

        assertThat(tree.told).containsExactly("deleted /a/c=2", "created /a/c=2");
    }

    @Test
    void answersAndEventsMayComeInAnyOrder() {
        FakeTree tree = ready();
        tree.set("/a/c", "7");
        tree.oneStep();
        tree.oneStep();
        // The answer to the read is in the line; the deletion's event overtakes it.
        tree.delete("/a/c");
        tree.swapNextTwo();
        tree.settle();

        assertThat(tree.told.get(tree.told.size() - 1)).startsWith("deleted /a/c=");
        assertThat(tree.copy).doesNotContainKey("/a/c");
    }

    @Test
    void removesATreeFromTheLeavesUp() {
        FakeTree tree = ready();
        tree.disconnect();
        tree.delete("/a/b/d").delete("/a/b");
        tree.connect().settle();

        assertThat(tree.told).containsExactly("deleted /a/b/d=3", "deleted /a/b=1", "resynced");
    }

    @Test
    void keepsWhatItKnowsWhileTheServersAreAway() {
        FakeTree tree = ready();
        tree.disconnect();

        assertThat(tree.copy).hasSize(4);
        assertThat(tree.core.isInSync()).isFalse();
    }

    @Test
    void comparesByStatAloneWhenNothingChangedMeanwhile() {
        FakeTree tree = ready();
        tree.disconnect().connect().settle();

        assertThat(tree.told).containsExactly("resynced");
        assertThat(tree.takeReads()).containsExactlyInAnyOrder("stat /a", "stat /a/b", "stat /a/c", "stat /a/b/d");
    }

    @Test
    void readsAgainOnlyWhatChangedMeanwhile() {
        FakeTree tree = ready();
        tree.disconnect();
        tree.set("/a/b/d", "9").create("/a/e", "5");
        tree.connect().settle();

        assertThat(tree.told)
                .contains("changed /a/b/d 3->9", "created /a/e=5")
                .endsWith("resynced")
                .hasSize(3);
        assertThat(tree.takeReads())
                .containsExactlyInAnyOrder(
                        "stat /a",
                        "children /a",
                        "stat /a/b",
                        "stat /a/c",
                        "stat /a/b/d",
                        "data /a/b/d",
                        "data /a/e",
                        "children /a/e");
    }

    @Test
    void findsTheChildWhoseEventWasCutOffInsideATransaction() {
        FakeTree tree = ready();
        tree.createInOneTransaction("/a/e", "/a/f");
        tree.dropLastEvent();
        tree.settle();
        tree.disconnect().connect().settle();

        assertThat(tree.told).containsExactly("created /a/e=", "created /a/f=", "resynced");
    }

    @Test
    void doesNotListAgainWhatEventsHaveToldAlready() {
        FakeTree tree = ready();
        tree.create("/a/e", "5").delete("/a/c").create("/a/b/x", "6").settle();
        tree.takeReads();
        tree.disconnect().connect().settle();

        assertThat(tree.takeReads()).doesNotContain("children /a");
    }

    @Test
    void noticesANodeThatWasDeletedAndMadeAgainMeanwhileWithTheSameVersion() {
        FakeTree tree = ready();
        tree.disconnect();
        tree.delete("/a/b/d").delete("/a/b").create("/a/b", "1").create("/a/b/x", "4");
        tree.connect().settle();

        assertThat(tree.told)
                .containsExactly(
                        "deleted /a/b/d=3", "deleted /a/b=1", "created /a/b=1", "created /a/b/x=4", "resynced");
    }

    @Test
    void noticesThatTheRootItselfWasMadeAgain() {
        FakeTree tree = new FakeTree("/a").create("/a", "0").connect().settle();
        tree.takeTold();
        tree.disconnect();
        tree.delete("/a").create("/a", "0").create("/a/b", "1");
        tree.connect().settle();

        assertThat(tree.told).containsExactly("deleted /a=0", "created /a=0", "created /a/b=1", "resynced");
    }

    @Test
    void goesOnWhereItWasCutOffAndTellsOnceThatItIsComplete() {
        FakeTree tree = filled().connect();
        tree.oneStep();
        tree.oneStep();
        tree.oneStep();
        tree.disconnect();
        tree.connect().settle();

        assertThat(tree.told).containsOnlyOnce("initialized").doesNotContain("resynced");
        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
    }

    @Test
    void triesAReadAgainThatFailed() {
        FakeTree tree = filled();
        tree.failReads = true;
        tree.connect();
        tree.oneStep();
        tree.oneStep();
        assertThat(tree.told).containsExactly("retry later");
        tree.failReads = false;
        tree.settle();

        assertThat(tree.told).endsWith("initialized");
        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
    }

    @Test
    void leavesOutWhatItMayNotRead() {
        FakeTree tree = new FakeTree("/a").create("/a", "0");
        tree.forbidReads = true;
        tree.connect().settle();

        assertThat(tree.told).containsExactly("initialized");
    }

    @Test
    void cacheOfOneNodeIgnoresItsChildren() {
        FakeTree tree = new FakeTree("/a", false, 4).create("/a", "0").create("/a/b", "1");
        tree.connect().settle();
        tree.disconnect();
        tree.create("/a/c", "2");
        tree.connect().settle();

        assertThat(tree.told).containsExactly("created /a=0", "initialized", "resynced");
        assertThat(tree.takeReads()).containsExactly("data /a", "stat /a");
    }

    @Test
    void endsEqualWhateverHappensInWhateverOrder() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            FakeTree tree = new FakeTree("/a", true, 1 + random.nextInt(4));
            tree.eventsTellTheirZxid = random.nextInt(4) > 0;
            List<String> present = new ArrayList<>();
            boolean connected = false;
            for (int i = 0; i < 120; i++) {
                int dice = random.nextInt(20);
                if (dice < 5) {
                    String parent = present.isEmpty() ? "" : present.get(random.nextInt(present.size()));
                    String path = parent.isEmpty() ? "/a" : parent + "/" + random.nextInt(3);
                    if (!present.contains(path) && path.length() < 10) {
                        present.add(path);
                        tree.create(path, String.valueOf(i));
                    }
                } else if (dice < 7 && !present.isEmpty()) {
                    tree.set(present.get(random.nextInt(present.size())), String.valueOf(i));
                } else if (dice < 10 && !present.isEmpty()) {
                    String path = present.get(random.nextInt(present.size()));
                    if (present.stream().noneMatch(other -> other.startsWith(path + "/"))) {
                        present.remove(path);
                        tree.delete(path);
                    }
                } else if (dice == 10) {
                    connected = !connected;
                    if (connected) {
                        tree.connect();
                    } else {
                        tree.disconnect();
                    }
                } else {
                    tree.stepIfAny();
                }
            }
            if (!connected) {
                tree.connect();
            }
            tree.settle();
            assertThat(tree.inTheCopy()).as("seed %d", seed).isEqualTo(tree.onTheServer("/a"));
            assertThat(tree.core.isInSync()).as("seed %d", seed).isTrue();
            assertThat(tree.told).as("seed %d", seed).containsOnlyOnce("initialized");
        }
    }
}
