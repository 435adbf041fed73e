package io.coord.server.internal.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockStoreTest {
    private static final int PAGE = 16 << 10;
    private static final int CHUNK = 4 << 20;

    private final BlockStore store = new BlockStore();
    /** What each block must hold behind its handle. */
    private final Map<Integer, byte[]> model = new HashMap<>();
    /** Its keys, for drawing. */
    private final List<Integer> handles = new ArrayList<>();

    private void allocate(Random random, int mostBytes) {
        int bytes = BlockStore.HANDLE_BYTES + random.nextInt(mostBytes - BlockStore.HANDLE_BYTES);
        int handle = store.allocate(bytes);
        assertThat(model).doesNotContainKey(handle);
        fill(handle, bytes, random);
        handles.add(handle);
    }

    private void fill(int handle, int bytes, Random random) {
        byte[] content = new byte[bytes - BlockStore.HANDLE_BYTES];
        random.nextBytes(content);
        System.arraycopy(
                content, 0, store.bytes(handle), store.offset(handle) + BlockStore.HANDLE_BYTES, content.length);
        model.put(handle, content);
    }

    private int draw(Random random) {
        return handles.get(random.nextInt(handles.size()));
    }

    private void free(Random random) {
        int at = random.nextInt(handles.size());
        int handle = handles.get(at);
        int last = handles.remove(handles.size() - 1);
        if (at < handles.size()) {
            handles.set(at, last);
        }
        model.remove(handle);
        store.free(handle);
    }

    private void check() {
        assertThat(store.count()).isEqualTo(model.size());
        model.forEach((handle, content) -> {
            int from = store.offset(handle) + BlockStore.HANDLE_BYTES;
            assertThat(Arrays.equals(store.bytes(handle), from, from + content.length, content, 0, content.length))
                    .as("block %s of %s bytes", handle, content.length)
                    .isTrue();
        });
    }

    /** Grows to some megabytes and shrinks again, time after time; blocks of their own among them. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void eachBlockKeepsItsBytesHoweverManyComeAndGo(long seed) {
        Random random = new Random(seed);
        int most = seed % 2 == 0 ? 2_500 : 250;
        for (int round = 0; round < 8; round++) {
            int growing = round % 2 == 0 ? 7 : 2;
            for (int i = 0; i < 12_000; i++) {
                int step = random.nextInt(10);
                if (step < growing || handles.size() < 3) {
                    allocate(random, most);
                } else if (step < 8) {
                    free(random);
                } else if (step == 8) {
                    replaceAndTakeBackOrForget(random, most);
                } else {
                    swap(draw(random), draw(random));
                }
            }
            check();
        }
    }

    private void replaceAndTakeBackOrForget(Random random, int most) {
        int handle = draw(random);
        byte[] content = model.get(handle);
        int bytes = BlockStore.HANDLE_BYTES + random.nextInt(most - BlockStore.HANDLE_BYTES);
        int before = store.replace(handle, bytes);
        assertThat(model).doesNotContainKey(before);
        fill(handle, bytes, random);
        if (random.nextBoolean()) {
            // Other blocks move meanwhile, as they do within a transaction.
            allocate(random, most);
            free(random);
            if (!model.containsKey(handle)) {
                store.free(before);
                return;
            }
        }
        if (random.nextBoolean()) {
            store.swap(handle, before);
            model.put(handle, content);
        }
        store.free(before);
    }

    private void swap(int one, int other) {
        store.swap(one, other);
        byte[] content = model.get(one);
        model.put(one, model.get(other));
        model.put(other, content);
    }

    /** Of what was taken for many blocks nearly all comes back when they go, whichever of them stay. */
    @Test
    void memoryComesBackWhateverStays() {
        Random random = new Random(7);
        long empty = store.reservedBytes();
        for (int i = 0; i < 300_000; i++) {
            allocate(random, 120);
        }
        long full = store.reservedBytes();
        while (handles.size() > 10_000) {
            free(random);
        }
        check();
        long content =
                model.values().stream().mapToLong(each -> each.length + 11L).sum();
        long handleBytes = 4L * store.handleEnd() + 4 * 65_536;
        long sizes = 120 / 8;
        assertThat(full).isGreaterThan(20_000_000);
        assertThat(store.reservedBytes()).isLessThan(content + handleBytes + 2 * sizes * PAGE + CHUNK * 3 / 2);
        while (!handles.isEmpty()) {
            free(random);
        }
        assertThat(store.reservedBytes()).isLessThan(empty + handleBytes + 2L * CHUNK);
    }

    /** The worst for memory that comes in classes of sizes: all that was of one size is then of another. */
    @Test
    void memoryOfOneSizeServesAllOthers() {
        Random random = new Random(8);
        for (int i = 0; i < 50_000; i++) {
            int handle = store.allocate(100);
            fill(handle, 100, random);
            handles.add(handle);
        }
        for (int bytes = 104; bytes <= 200; bytes += 8) {
            for (int handle : handles) {
                int before = store.replace(handle, bytes);
                fill(handle, bytes, random);
                store.free(before);
            }
            long pages = 25L * PAGE;
            assertThat(store.reservedBytes())
                    .isLessThan(50_000L * bytes * 102 / 100 + 4L * 2 * 65_536 + pages + 3L * CHUNK / 2);
        }
        check();
    }

    @Test
    void aBlockThatComesAndGoesDoesNotMovePages() {
        int perPage = (PAGE - 16) / 104;
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < 3 * perPage; i++) {
            all.add(store.allocate(104));
        }
        int other = store.allocate(200);
        int at = store.offset(other);
        for (int i = 0; i < 10; i++) {
            store.free(store.allocate(104));
            assertThat(store.offset(other)).isEqualTo(at);
        }
        all.forEach(store::free);
        assertThat(store.offset(other)).as("moves into what has become free").isLessThan(at);
    }

    @Test
    void aHandleThatWasFreedHasNoBlock() {
        int handle = store.allocate(100);
        int large = store.allocate(10_000);
        store.free(handle);
        store.free(large);

        assertThatThrownBy(() -> store.bytes(handle)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.bytes(large)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.free(handle)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.bytes(AddressTable.NONE)).isInstanceOf(IllegalStateException.class);
    }

    /** Fills the store and takes some away again, then again. */
    @Test
    void aBlockThatIsRefusedChangesNothing() {
        Random random = new Random(9);
        BlockStore bounded = new BlockStore(640);
        for (int bytes : new int[] {104, 2048, 520}) {
            List<Integer> all = new ArrayList<>();
            fillUp(bounded, bytes, all);
            assertThatThrownBy(() -> bounded.allocate(bytes)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> bounded.replace(all.get(0), bytes)).isInstanceOf(IllegalStateException.class);
            Collections.shuffle(all, random);
            for (int i = 0; i < all.size(); i++) {
                bounded.free(all.get(i));
                for (int kept : all.subList(i + 1, Math.min(i + 20, all.size()))) {
                    assertThat((int) BlockStore.INT.get(bounded.bytes(kept), bounded.offset(kept)))
                            .isEqualTo(kept);
                }
            }
            assertThat(bounded.count()).isZero();
        }
    }

    /** What is there decides, not how it came there: or one replica would refuse what another one does. */
    @Test
    void whetherThereIsRoomDoesNotDependOnWhatWasThereBefore() {
        BlockStore fresh = new BlockStore(640);
        BlockStore used = new BlockStore(640);
        List<Integer> gone = new ArrayList<>();
        for (int bytes = 72; bytes <= 2048; bytes += 8) {
            for (int i = 0; i < 240; i++) {
                if (i * bytes < 20_000) {
                    gone.add(used.allocate(bytes));
                }
            }
            gone.forEach(used::free);
            gone.clear();
        }
        assertThat(fillUp(used, 104, new ArrayList<>())).isEqualTo(fillUp(fresh, 104, new ArrayList<>()));
    }

    private static int fillUp(BlockStore store, int bytes, List<Integer> handles) {
        while (true) {
            try {
                handles.add(store.allocate(bytes));
            } catch (IllegalStateException e) {
                return handles.size();
            }
        }
    }
}
