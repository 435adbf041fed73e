package io.coord.recipes.workqueue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsumerCoreTest implements ConsumerCore.Port {
    private final List<String> asked = new ArrayList<>();
    private long nowMs = 1_000;
    private ConsumerCore core = new ConsumerCore(1, this);

    private List<String> takeAsked() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    @Override
    public void list() {
        asked.add("list");
    }

    @Override
    public void take(String name) {
        asked.add("take " + name);
    }

    @Override
    public void wakeAt(long epochMs) {
        asked.add("wake at " + epochMs);
    }

    @Override
    public void wakeAfterFailure() {
        asked.add("wake later");
    }

    @Override
    public long nowMs() {
        return nowMs;
    }

    @Test
    void takesItemsInTheirOrderOneByOne() {
        core.connected();
        core.listed(List.of("queue-0000000002", "queue-0000000001", "foreign"), List.of());
        core.finished("queue-0000000001");

        assertThat(asked).containsExactly("list", "take queue-0000000001", "take queue-0000000002");
    }

    @Test
    void takesAsManyAtOnceAsAllowed() {
        core = new ConsumerCore(2, this);
        core.connected();
        core.listed(List.of("queue-1", "queue-2", "queue-3"), List.of());

        assertThat(asked).containsExactly("list", "take queue-1", "take queue-2");
    }

    @Test
    void leavesWhatOthersHaveLocked() {
        core.connected();
        core.listed(List.of("queue-1", "queue-2"), List.of("queue-1"));

        assertThat(asked).containsExactly("list", "take queue-2");
    }

    @Test
    void takesWhatWasLockedOnceTheLockIsGone() {
        core.connected();
        core.listed(List.of("queue-1"), List.of());
        core.lockedByOther("queue-1");
        assertThat(takeAsked()).containsExactly("list", "take queue-1");
        core.changed();
        core.listed(List.of("queue-1"), List.of());

        assertThat(asked).containsExactly("list", "take queue-1");
    }

    @Test
    void asksForOneListHoweverManyChangesCome() {
        core.connected();
        core.changed();
        core.changed();
        core.listed(List.of(), List.of());

        assertThat(asked).containsExactly("list", "list");
    }

    @Test
    void doesNotListWhileItHasEnoughToDo() {
        core.connected();
        core.listed(List.of("queue-1", "queue-2"), List.of());
        takeAsked();
        core.changed();
        assertThat(takeAsked()).isEmpty();
        core.finished("queue-1");
        assertThat(takeAsked()).containsExactly("take queue-2");
        core.finished("queue-2");

        assertThat(asked).containsExactly("list");
    }

    @Test
    void waitsUntilAnItemIsDue() {
        String soon = ItemFormat.prefixDueAt(5_000) + "0000000001";
        String later = ItemFormat.prefixDueAt(9_000) + "0000000000";
        core.connected();
        core.listed(List.of(later, soon), List.of());
        assertThat(takeAsked()).containsExactly("list", "wake at 5000");
        nowMs = 5_000;
        core.timeToLook();

        assertThat(asked).contains("take " + soon).doesNotContain("take " + later);
    }

    @Test
    void anItemThatIsPutLaterButDueEarlierComesFirst() {
        String first = ItemFormat.prefixDueAt(900) + "0000000007";
        core.connected();
        core.listed(List.of(ItemFormat.prefixDueAt(950) + "0000000001", first), List.of());

        assertThat(asked).containsExactly("list", "take " + first);
    }

    @Test
    void doesNotTakeAgainWhatItCannotRead() {
        core.connected();
        core.listed(List.of("queue-1"), List.of());
        core.leaveAlone("queue-1");
        core.changed();
        core.listed(List.of("queue-1", "queue-2"), List.of());

        assertThat(asked).containsExactly("list", "take queue-1", "list", "take queue-2");
    }

    @Test
    void takesNothingAfterItWasStopped() {
        core.connected();
        core.stop();
        core.listed(List.of("queue-1"), List.of());

        assertThat(asked).containsExactly("list");
        assertThat(core.isIdle()).isTrue();
    }

    @Test
    void looksAgainAfterAFailureAndAfterAnAbsence() {
        core.connected();
        core.listFailed();
        core.timeToLook();
        core.disconnected();
        core.changed();
        core.connected();

        assertThat(asked).containsExactly("list", "wake later", "list", "list");
    }
}
