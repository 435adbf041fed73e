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
    void neverHasMoreRequestsUnderWayThanAllowed() {
        FakeTree tree = new FakeTree(CacheScope.wholeTree("/a"), 3).create("/a", "0");
        tree.knowsBatches = false;
        for (int i = 0; i < 50; i++) {
            tree.create("/a/" + i, "x");
        }
        tree.connect().settle();

        assertThat(tree.mostRequestsAtOnce).isEqualTo(3);
        assertThat(tree.copy).hasSize(51);
    }

    @Test
    void fillsItselfWithFewRequests() {
        FakeTree tree = new FakeTree("/a").create("/a", "0");
        for (int i = 0; i < 100; i++) {
            tree.create("/a/" + i, "x");
            for (int k = 0; k < 100; k++) {
                tree.create("/a/" + i + "/" + k, "y");
            }
        }
        tree.connect().settle();

        assertThat(tree.copy).hasSize(10_101);
        assertThat(tree.requests).isLessThan(100);
        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
    }

    @Test
    void asksForNoListWhereTheStatShowsThatThereAreNoChildren() {
        FakeTree tree = filled().connect().settle();

        assertThat(tree.takeReads())
                .containsExactlyInAnyOrder(
                        "data /a", "children /a", "data /a/b", "data /a/c", "children /a/b", "data /a/b/d");
    }

    @Test
    void asksForLessAtOnceWhenTheAnswerIsTooLong() {
        FakeTree tree = new FakeTree("/a").create("/a", "0");
        for (int i = 0; i < 300; i++) {
            tree.create("/a/" + i, "x".repeat(1000));
        }
        tree.maxResponseBytes = 5000;
        tree.connect().settle();

        assertThat(tree.copy).hasSize(301);
        assertThat(tree.requests).isLessThan(300);
    }

    @Test
    void readsOneByOneWhenTheServerKnowsNoBatches() {
        FakeTree tree = filled();
        tree.knowsBatches = false;
        tree.connect().settle();

        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
        assertThat(tree.told).endsWith("initialized");
    }

    @Test
    void changesThatComeWhileARequestIsUnderWayAreReadTogether() {
        FakeTree tree = ready();
        int before = tree.requests;
        tree.set("/a/b", "7").set("/a/c", "8").set("/a/b/d", "9").create("/a/e", "5");
        tree.settle();

        assertThat(tree.requests - before).isEqualTo(2);
        assertThat(tree.told).hasSize(4);
    }

    @Test
    void goesNoDeeperThanItShould() {
        FakeTree tree = new FakeTree(CacheScope.wholeTree("/a").withMaxDepth(1), 4)
                .create("/a", "0")
                .create("/a/b", "1")
                .create("/a/b/d", "3");
        tree.connect().settle();
        tree.set("/a/b/d", "4").create("/a/b/e", "5").create("/a/c", "2").settle();

        assertThat(tree.copy).containsOnlyKeys("/a", "/a/b", "/a/c");
        assertThat(tree.takeReads()).noneMatch(read -> read.startsWith("children /a/") || read.contains("/a/b/"));
    }

    @Test
    void neitherShowsNorReadsWhatTheFilterRefuses() {
        FakeTree tree = new FakeTree(CacheScope.wholeTree("/a").withFilter(path -> !path.endsWith("/secret")), 4)
                .create("/a", "0")
                .create("/a/b", "1")
                .create("/a/secret", "2")
                .create("/a/secret/x", "3");
        tree.connect().settle();
        tree.set("/a/secret", "9")
                .set("/a/secret/x", "9")
                .create("/a/b/secret", "4")
                .settle();
        tree.disconnect().connect().settle();

        assertThat(tree.copy).containsOnlyKeys("/a", "/a/b");
        assertThat(tree.takeReads()).noneMatch(read -> read.contains("secret"));
    }

    @Test
    void holdsNoMoreNodesThanAllowedAndLooksAgainWhenThereIsRoom() {
        FakeTree tree = new FakeTree(CacheScope.wholeTree("/a").withMaxNodes(10), 4).create("/a", "0");
        for (int i = 0; i < 20; i++) {
            tree.create("/a/" + i, "x");
        }
        tree.connect().settle();
        assertThat(tree.copy).hasSize(10);
        assertThat(tree.core.isLimited()).isTrue();
        assertThat(tree.told).containsOnlyOnce("limit reached").endsWith("initialized");
        List<String> held = List.copyOf(tree.copy.keySet());
        for (int i = 1; i < 10; i++) {
            tree.delete(held.get(i));
        }
        tree.settle();
        assertThat(tree.copy).hasSize(10);
        List<String> rest = List.copyOf(tree.copy.keySet());
        for (int i = 1; i < 10; i++) {
            tree.delete(rest.get(i));
        }
        tree.settle();

        assertThat(tree.core.isLimited()).isFalse();
        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
    }

    @Test
    void holdsLongDataOnlyWithinItsBounds() {
        FakeTree tree = new FakeTree(
                        CacheScope.wholeTree("/a").withMaxNodeDataBytes(10).withMaxTotalDataBytes(15), 4)
                .create("/a", "1234567890")
                .create("/a/b", "12345678901")
                .create("/a/c", "123456");
        tree.connect().settle();

        assertThat(tree.copy.get("/a").hasData()).isTrue();
        assertThat(tree.copy.get("/a/b").hasData()).isFalse();
        assertThat(tree.copy.get("/a/c").hasData()).isFalse();
        tree.set("/a", "1").set("/a/c", "1234567").settle();
        assertThat(tree.copy.get("/a/c").text()).isEqualTo("1234567");
        tree.takeTold();
        tree.disconnect().connect().settle();
        assertThat(tree.told).containsExactly("resynced");
    }

    @Test
    void tellsOfChangesWithTheOldAndTheNewNode() {
        FakeTree tree = ready();
        tree.set("/a/b", "9").delete("/a/c").create("/a/e", "5").settle();

        assertThat(tree.told).containsExactlyInAnyOrder("changed /a/b 1->9", "deleted /a/c=2", "created /a/e=5");
    }

    @Test
    void asksTheServerBeforeItTellsADeletion() {
        FakeTree tree = ready();
        tree.delete("/a/c").settle();

        assertThat(tree.told).containsExactly("deleted /a/c=2");
        assertThat(tree.takeReads()).containsExactly("data /a/c");
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
    void keepsTheChildOfANodeThatWasMadeAgainWhenItIsReadBeforeTheNode() {
        FakeTree tree = new FakeTree("/a")
                .create("/a", "0")
                .create("/a/b", "1".repeat(300))
                .create("/a/b/d", "2")
                .connect()
                .settle();
        tree.takeTold();
        tree.delete("/a/b/d")
                .delete("/a/b")
                .create("/a/b", "3".repeat(300))
                .create("/a/b/d", "4")
                .create("/a/b/e", "5")
                .settle();

        assertThat(tree.told).containsOnlyOnce("created /a/b/e=5").doesNotContain("deleted /a/b/e=5");
        assertThat(tree.told).containsOnlyOnce("created /a/b/d=4").doesNotContain("deleted /a/b/d=4");
        assertThat(tree.inTheCopy()).isEqualTo(tree.onTheServer("/a"));
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
    void aListThatIsOlderThanAChildDoesNotRemoveIt() {
        FakeTree tree = ready();
        tree.create("/a/z", "5").settle();
        long firstEpoch = 1;
        tree.core.childrenRead("/a", List.of("b", "c"), -1, firstEpoch);

        assertThat(tree.copy).containsKey("/a/z");
        assertThat(tree.told).containsExactly("created /a/z=5");
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
    void comparesLongNodesByStatAloneWhenNothingChangedMeanwhile() {
        String data = "x".repeat(257);
        FakeTree tree =
                new FakeTree("/a").create("/a", data).create("/a/b", data).create("/a/b/c", data);
        tree.connect().settle();
        tree.takeTold();
        tree.takeReads();
        tree.disconnect().connect().settle();

        assertThat(tree.told).containsExactly("resynced");
        assertThat(tree.takeReads()).containsExactlyInAnyOrder("stat /a", "stat /a/b", "stat /a/b/c");
    }

    @Test
    void comparesManyShortNodesWithOneRequest() {
        FakeTree tree = new FakeTree("/a").create("/a", "0");
        for (int i = 0; i < 200; i++) {
            tree.create("/a/" + i, "x");
        }
        tree.connect().settle();
        int before = tree.requests;
        tree.takeTold();
        tree.disconnect().connect().settle();

        assertThat(tree.told).containsExactly("resynced");
        assertThat(tree.requests - before).isEqualTo(2);
    }

    @Test
    void readsAgainOnlyWhatChangedMeanwhile() {
        String data = "x".repeat(300);
        FakeTree tree = new FakeTree("/a")
                .create("/a", data)
                .create("/a/b", data)
                .create("/a/c", data)
                .create("/a/b/d", data);
        tree.connect().settle();
        tree.takeTold();
        tree.takeReads();
        tree.disconnect();
        tree.set("/a/b/d", "9").create("/a/e", "5");
        tree.connect().settle();

        assertThat(tree.told)
                .contains("changed /a/b/d " + data + "->9", "created /a/e=5")
                .endsWith("resynced")
                .hasSize(3);
        assertThat(tree.takeReads())
                .containsExactlyInAnyOrder(
                        "stat /a", "children /a", "stat /a/b", "stat /a/c", "stat /a/b/d", "data /a/b/d", "data /a/e");
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
        FakeTree tree = new FakeTree(CacheScope.wholeTree("/a").withMaxDepth(0), 4)
                .create("/a", "0")
                .create("/a/b", "1");
        tree.connect().settle();
        tree.disconnect();
        tree.create("/a/c", "2");
        tree.connect().settle();

        assertThat(tree.told).containsExactly("created /a=0", "initialized", "resynced");
        assertThat(tree.takeReads()).containsExactly("data /a", "data /a");
    }

    @Test
    void endsEqualWhateverHappensInWhateverOrder() {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            FakeTree tree = new FakeTree(CacheScope.wholeTree("/a"), 1 + random.nextInt(4));
            tree.eventsTellTheirZxid = random.nextInt(4) > 0;
            tree.tearsBatches = random.nextBoolean();
            tree.knowsBatches = random.nextInt(4) > 0;
            tree.maxResponseBytes = random.nextBoolean() ? Integer.MAX_VALUE : 12;
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
