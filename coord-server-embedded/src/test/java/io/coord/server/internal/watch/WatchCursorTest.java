package io.coord.server.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.EventType;
import io.coord.protocol.data.Id;
import io.coord.protocol.data.WatcherType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code wchc} and {@code wchp} collect, a little at a time. */
class WatchCursorTest {
    private static final class Client implements WatchListener {
        final int number;
        final Watches watches = new Watches(this);

        Client(int number) {
            this.number = number;
        }

        @Override
        public List<Id> ids() {
            return List.of();
        }

        @Override
        public void onWatchEvent(EventType type, String path, long zxid) {}
    }

    private final WatchRegistry registry = new WatchRegistry();
    private final List<Client> clients = new ArrayList<>();
    /** Who watches what, as it should be. */
    private final Set<String> armed = new HashSet<>();
    /** Those of them that were there all the time. */
    private final Set<String> stayed = new HashSet<>();

    WatchCursorTest() {
        for (int i = 0; i < 5; i++) {
            clients.add(new Client(i));
        }
    }

    private static String shown(String path, int client) {
        return path + " by " + client;
    }

    private void arm(String path, int client) {
        registry.watchData(clients.get(client).watches, path);
        armed.add(shown(path, client));
    }

    private void disarm(String path, int client) {
        registry.remove(clients.get(client).watches, path, WatcherType.ANY);
        armed.remove(shown(path, client));
        stayed.remove(shown(path, client));
    }

    /** As many as there are on each of five paths as the path's number says. */
    private void armSome() {
        for (int path = 0; path < 5; path++) {
            for (int client = 0; client <= path; client++) {
                arm("/p" + path, client);
            }
        }
    }

    private static List<String> slice(WatchCursor cursor, int most) {
        List<String> some = new ArrayList<>();
        cursor.next(most, (path, watcher) -> some.add(shown(path, ((Client) watcher).number)));
        assertThat(some).hasSizeLessThanOrEqualTo(most);
        return some;
    }

    private static List<String> rest(WatchCursor cursor, int most) {
        List<String> all = new ArrayList<>();
        List<String> some = slice(cursor, most);
        while (!some.isEmpty()) {
            all.addAll(some);
            some = slice(cursor, most);
        }
        return all;
    }

    @Test
    void allAreToldOnceWhereverSlicesEnd() {
        armSome();
        for (int most = 1; most <= 16; most++) {
            assertThat(rest(registry.cursor(100), most))
                    .as("slices of %s", most)
                    .containsExactlyInAnyOrderElementsOf(armed);
        }
    }

    @Test
    void onlySoManyPathsAreGoneThrough() {
        armSome();
        assertThat(rest(registry.cursor(2), 3).stream()
                        .map(each -> each.replaceAll(" .*", ""))
                        .distinct())
                .hasSize(2);
    }

    /** Whoever goes leaves its place to another one, perhaps to one that was told already. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatStaysIsToldAndWhatNeverWasIsNot(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            armSome();
            stayed.addAll(armed);
            Set<String> everThere = new HashSet<>(armed);
            WatchCursor cursor = registry.cursor(100);
            Set<String> told = new HashSet<>();
            List<String> some = slice(cursor, 1 + random.nextInt(3));
            while (!some.isEmpty()) {
                told.addAll(some);
                change(random);
                everThere.addAll(armed);
                some = slice(cursor, 1 + random.nextInt(3));
            }
            assertThat(told).as("run %s", run).containsAll(stayed).isSubsetOf(everThere);
        }
    }

    private void change(Random random) {
        for (int i = random.nextInt(3); i > 0; i--) {
            String path = "/p" + random.nextInt(6);
            int client = random.nextInt(clients.size());
            switch (random.nextInt(5)) {
                case 0, 1 -> arm(path, client);
                case 2, 3 -> disarm(path, client);
                default -> {
                    registry.removeAll(clients.get(client).watches);
                    armed.removeIf(each -> each.endsWith(" by " + client));
                    stayed.retainAll(armed);
                }
            }
        }
    }
}
