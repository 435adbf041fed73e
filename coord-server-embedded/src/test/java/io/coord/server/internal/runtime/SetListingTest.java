package io.coord.server.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What {@code cons} and {@code stat} collect, a little at a time. */
class SetListingTest {
    private final Set<Integer> set = new LinkedHashSet<>();

    SetListingTest() {
        IntStream.range(0, 10).forEach(set::add);
    }

    private static List<String> rest(SetListing<Integer, String> listing, int most) {
        List<String> all = new ArrayList<>();
        List<String> some = listing.next(most);
        while (!some.isEmpty()) {
            assertThat(some).hasSizeLessThanOrEqualTo(most);
            all.addAll(some);
            some = listing.next(most);
        }
        return all;
    }

    private SetListing<Integer, String> listing() {
        return new SetListing<>(set, each -> "n" + each);
    }

    @Test
    void allAreListedOnceWhereverSlicesEnd() {
        for (int most = 1; most <= 11; most++) {
            assertThat(listing().size()).isEqualTo(10);
            assertThat(rest(listing(), most))
                    .as("slices of %s", most)
                    .containsExactly("n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9");
        }
    }

    @Test
    void whatLeavesBeforeItsTurnIsNotListedAndWhatComesIsNotEither() {
        SetListing<Integer, String> listing = listing();
        assertThat(listing.next(3)).containsExactly("n0", "n1", "n2");
        set.removeAll(Set.of(1, 3, 7));
        set.add(20);
        assertThat(rest(listing, 2)).containsExactly("n4", "n5", "n6", "n8", "n9");
    }
}
