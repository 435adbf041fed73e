package io.coord.recipes.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueueEntryTest {
    private static final String A = "_c_00000000-0000-0000-0000-00000000000a-";
    private static final String B = "_c_00000000-0000-0000-0000-00000000000b-";
    private static final String C = "_c_00000000-0000-0000-0000-00000000000c-";
    private static final String D = "_c_00000000-0000-0000-0000-00000000000d-";

    private static String blocker(String name, String... others) {
        List<QueueEntry> sorted = QueueEntry.sorted(List.of(others));
        QueueEntry blocker = QueueEntry.blockersOf(sorted).get(sorted.indexOf(QueueEntry.of(name)));
        return blocker == null ? "" : blocker.name();
    }

    @Test
    void readsKindAndNumberOutOfTheNamesThatCuratorMakes() {
        assertThat(QueueEntry.of(A + "lock-0000000012").kind()).isEqualTo(QueueKind.MUTEX);
        assertThat(QueueEntry.of(A + "__READ__0000000012").kind()).isEqualTo(QueueKind.READ);
        assertThat(QueueEntry.of(A + "__WRIT__0000000012").kind()).isEqualTo(QueueKind.WRITE);
        assertThat(QueueEntry.of(A + "latch-0000000012").kind()).isEqualTo(QueueKind.LATCH);
        assertThat(QueueEntry.of(A + "__READ__0000000012").sequence()).hasValue(12);
        assertThat(QueueEntry.of("stranger").kind()).isNull();
        assertThat(QueueEntry.of("stranger").sequence()).isEmpty();
    }

    /** As in {@code lock-latch-0001}: behind the first marker stand ten characters, and they are no number. */
    @Test
    void looksForTheLastMarkerWhenTheTenCharactersBehindOneAreNoNumber() {
        for (QueueKind kind : QueueKind.values()) {
            String number = "0".repeat(9 - kind.marker().length()) + "1";

            QueueEntry entry = QueueEntry.of("lock-" + kind.marker() + number);

            assertThat(entry.kind()).isEqualTo(kind);
            assertThat(entry.sortKey()).isEqualTo(number);
            assertThat(entry.sequence()).hasValue(1);
        }
    }

    @Test
    void sortsByNumberWhateverStandsBeforeIt() {
        assertThat(QueueEntry.sorted(
                        List.of(A + "__READ__0000000003", C + "__WRIT__0000000001", B + "__READ__0000000002")))
                .extracting(QueueEntry::name)
                .containsExactly(C + "__WRIT__0000000001", B + "__READ__0000000002", A + "__READ__0000000003");
    }

    @Test
    void sortsAnOverflownNumberLikeCurator() {
        assertThat(QueueEntry.sorted(List.of(A + "lock-2147483647", B + "lock--2147483648")))
                .extracting(QueueEntry::name)
                .containsExactly(B + "lock--2147483648", A + "lock-2147483647");
    }

    @Test
    void writerWaitsForWhateverIsRightBeforeIt() {
        String[] queue = {A + "__READ__0000000001", B + "__READ__0000000002", C + "__WRIT__0000000003"};
        assertThat(blocker(C + "__WRIT__0000000003", queue)).isEqualTo(B + "__READ__0000000002");
        assertThat(blocker(A + "__WRIT__0000000001", A + "__WRIT__0000000001", B + "__READ__0000000002"))
                .isEmpty();
    }

    @Test
    void readerIgnoresReadersAndWaitsForTheNearestWriter() {
        String[] queue = {
            A + "__WRIT__0000000001", B + "__WRIT__0000000002", C + "__READ__0000000003", D + "__READ__0000000004"
        };
        assertThat(blocker(D + "__READ__0000000004", queue)).isEqualTo(B + "__WRIT__0000000002");
        assertThat(blocker(B + "__READ__0000000002", A + "__READ__0000000001", B + "__READ__0000000002"))
                .isEmpty();
    }

    @Test
    void readerThatInheritedAWritersNumberHoldsUpTheNextWriter() {
        String[] queue = {A + "__WRIT__0000000005", B + "__READ__0000000005", C + "__WRIT__0000000006"};
        assertThat(blocker(C + "__WRIT__0000000006", queue)).isEqualTo(B + "__READ__0000000005");
    }

    @Test
    void mutexWaitsForAStrangerThatSortsBeforeIt() {
        assertThat(blocker(A + "lock-0000000001", A + "lock-0000000001", "0000000000"))
                .isEqualTo("0000000000");
        assertThat(blocker(A + "lock-0000000001", A + "lock-0000000001", "stranger"))
                .isEmpty();
    }

    @Test
    void findsTheSameBlockerInAnyOrderOfTheList() {
        Random random = new Random(7);
        String[] markers = {"lock-", "__READ__", "__WRIT__", "latch-", "lease-", "strange"};
        for (int round = 0; round < 500; round++) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                names.add("_c_" + random.nextInt(100) + '-' + markers[random.nextInt(markers.length)]
                        + String.format("%010d", random.nextInt(8)) + (random.nextInt(20) == 0 ? "x" : ""));
            }
            List<String> distinct = new ArrayList<>(new LinkedHashSet<>(names));
            List<QueueEntry> sorted = QueueEntry.sorted(distinct);
            List<QueueEntry> blockers = QueueEntry.blockersOf(sorted);
            for (int i = 0; i < sorted.size(); i++) {
                String name = sorted.get(i).name();
                assertThat(QueueEntry.blockerAmong(name, distinct))
                        .as(name + " in " + distinct)
                        .isEqualTo(blockers.get(i));
            }
        }
    }

    @Test
    void permitWaitsForNobody() {
        assertThat(QueueEntry.of(A + "lease-0000000003").kind()).isEqualTo(QueueKind.LEASE);
        assertThat(blocker(B + "lease-0000000004", A + "lease-0000000003", B + "lease-0000000004"))
                .isEmpty();
    }
}
