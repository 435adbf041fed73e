package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.wire.EncodedStrings;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChildListsTest {
    private static final int CHILDREN = 20;
    private static final int LIST_BYTES = 4 + CHILDREN * (4 + 3);

    private final ZnodeStore store = new ZnodeStore();
    private final ChildLists lists = new ChildLists(2 * LIST_BYTES, store);

    private Children children() {
        Children children = new Children(0);
        for (int i = 10; i < 10 + CHILDREN; i++) {
            children.append(node(i), store, false);
        }
        return children;
    }

    private int node(int number) {
        return store.create("/n" + number, new byte[] {1}, 0, 0);
    }

    @Test
    void aListIsMadeOnceAndForgottenWithTheNextChange() {
        Children children = children();
        EncodedStrings list = lists.of(children);
        assertThat(list).hasSize(CHILDREN).startsWith("n10", "n11").endsWith("n29");
        assertThat(list.encodedLength()).isEqualTo(LIST_BYTES);
        assertThat(lists.of(children)).isSameAs(list);

        lists.forget(children);
        children.append(node(30), store, false);
        assertThat(lists.of(children)).hasSize(CHILDREN + 1).endsWith("n30");
        assertThat(list).as("the list that was handed out").hasSize(CHILDREN);
    }

    @Test
    void theListThatWasAskedForLongestAgoMakesRoom() {
        List<Children> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(children());
        }
        EncodedStrings first = lists.of(all.get(0));
        EncodedStrings second = lists.of(all.get(1));
        assertThat(lists.of(all.get(0))).isSameAs(first);
        lists.of(all.get(2));

        assertThat(lists.bytes()).isEqualTo(2 * LIST_BYTES);
        assertThat(lists.of(all.get(0))).isSameAs(first);
        assertThat(lists.of(all.get(1))).isNotSameAs(second).isEqualTo(second);
    }

    @Test
    void forgettingGivesTheRoomBack() {
        Children children = children();
        lists.of(children);
        lists.forget(children);
        lists.forget(children);

        assertThat(lists.bytes()).isZero();
    }

    @Test
    void aListThatIsTooLongForAllIsNotKept() {
        ChildLists small = new ChildLists(LIST_BYTES - 1, store);
        Children children = children();

        assertThat(small.of(children)).isNotSameAs(small.of(children)).isEqualTo(small.of(children));
        assertThat(small.bytes()).isZero();
    }
}
