package io.coord.server.internal.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateSnapshotTest {
    private final CoordStateMachine state = new CoordStateMachine(1);

    private static CoordStateMachine restored(List<ByteBuf> chunks) {
        CoordStateMachine copy = new CoordStateMachine(2);
        copy.apply(new Command.CreateSession(1, 1, Commands.password()));
        StateRestore restore = copy.beginRestore();
        chunks.forEach(restore::readChunk);
        copy.finishRestore();
        return copy;
    }

    private static List<ByteBuf> writeAll(SnapshotCut cut) {
        List<ByteBuf> chunks = new ArrayList<>();
        boolean more = true;
        while (more) {
            ByteBuf chunk = Unpooled.buffer();
            more = cut.writeNext(chunk);
            chunks.add(chunk);
        }
        return chunks;
    }

    private void fill(int nodes) {
        state.apply(new Command.CreateSession(1, 4_000, Commands.password()));
        long session = state.sessions().all().get(0).id();
        for (int i = 0; i < nodes; i++) {
            state.apply(Commands.write(i, session, Commands.create("/many" + i, i % 2)));
        }
    }

    @Test
    void aStateComesBackAsItWas() {
        Commands.random(3, 5_000).forEach(state::apply);
        CoordStateMachine copy = restored(writeAll(state.beginSnapshot()));

        assertThat(copy.digest()).isEqualTo(state.digest());
        assertThat(copy.lastZxid()).isEqualTo(state.lastZxid());
        assertThat(copy.sessions().all()).isEqualTo(state.sessions().all());
        assertThat(copy.tree().reapable(Long.MAX_VALUE, 1, 1_000))
                .isEqualTo(state.tree().reapable(Long.MAX_VALUE, 1, 1_000))
                .hasSizeGreaterThan(3);
        assertThat(copy.tree().reapingCount()).isEqualTo(state.tree().reapingCount());
        int sessions = (int) (state.sessions().nextId() - (1L << 56) - 1);
        for (Command each : Commands.random(4, 2_000, sessions)) {
            state.apply(each);
            copy.apply(each);
        }
        assertThat(copy.digest()).isEqualTo(state.digest());
    }

    /** The heart of it: the state changes between the slices, the snapshot is of the moment when it began. */
    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 10", "4, 200", "5, 3000"})
    void aSnapshotIsOfTheMomentWhenItBegan(long seed, int commandsBetweenSlices) {
        fill(12_000);
        List<Command> commands = Commands.random(seed, 30_000, 1);
        Iterator<Command> next = commands.iterator();
        for (int i = 0; i < 3_000; i++) {
            state.apply(next.next());
        }
        state.apply(new Command.CreateSession(1, 4_000, Commands.password()));
        long keeper = state.sessions().nextId() - 1;
        int deleted = 0;
        long expected = state.digest();
        SnapshotCut cut = state.beginSnapshot();
        List<ByteBuf> chunks = new ArrayList<>();
        boolean more = true;
        while (more) {
            for (int i = 0; i < commandsBetweenSlices && next.hasNext(); i++) {
                state.apply(next.next());
            }
            for (int i = 0; i < commandsBetweenSlices; i++) {
                // All below one parent: its list of children has many gaps, and yet must not be put in order now.
                state.apply(Commands.write(1, keeper, Commands.delete("/many" + deleted)));
                deleted++;
            }
            ByteBuf chunk = Unpooled.buffer();
            more = cut.writeNext(chunk);
            chunks.add(chunk);
        }
        assertThat(chunks.size()).isGreaterThan(1);
        assertThat(restored(chunks).digest()).isEqualTo(expected);
        if (commandsBetweenSlices > 0) {
            assertThat(state.digest()).isNotEqualTo(expected);
        }
    }

    /** More changes between two slices than one chunk of them holds, and ACLs that the snapshot meets there first. */
    @Test
    void anAclStandsBeforeItsFirstUserHoweverMuchChangesEarly() {
        fill(0);
        long session = state.sessions().nextId() - 1;
        int nodes = 20_000;
        for (int i = 0; i < nodes; i++) {
            List<Acl> acl = List.of(new Acl(Acl.ALL, Id.ANYONE), new Acl(Acl.READ, new Id("ip", "10.0.0." + i / 100)));
            CreateRequest create = new CreateRequest(OpCode.CREATE, "/n" + i, new byte[100], acl, 0);
            state.apply(Commands.write(i, session, create));
        }
        long expected = state.digest();
        Random random = new Random(1);
        SnapshotCut cut = state.beginSnapshot();
        List<ByteBuf> chunks = new ArrayList<>();
        boolean more = true;
        while (more) {
            for (int i = random.nextInt(8_000); i > 0; i--) {
                state.apply(Commands.write(1, session, Commands.setData("/n" + random.nextInt(nodes), -1)));
            }
            ByteBuf chunk = Unpooled.buffer();
            more = cut.writeNext(chunk);
            chunks.add(chunk);
        }
        assertThat(restored(chunks).digest()).isEqualTo(expected);
    }

    /** However fast the state changes, a snapshot ends: each slice takes something besides what changed before its turn. */
    @Test
    void aSnapshotEndsWhileEachSliceFindsChangedNodes() {
        fill(0);
        long session = state.sessions().nextId() - 1;
        int nodes = 20_000;
        for (int i = 0; i < nodes; i++) {
            state.apply(Commands.write(i, session, Commands.create("/n" + i, 0)));
        }
        SnapshotCut cut = state.beginSnapshot();
        Random random = new Random(1);
        int slices = 1;
        while (cut.writeNext(Unpooled.buffer())) {
            for (int i = 0; i < 50; i++) {
                state.apply(Commands.write(1, session, Commands.setData("/n" + random.nextInt(nodes), -1)));
            }
            slices++;
        }
        assertThat(slices).isLessThan(20);
    }

    @Test
    void anAbandonedSnapshotLetsTheNextOneBegin() {
        fill(100);
        SnapshotCut cut = state.beginSnapshot();
        cut.writeNext(Unpooled.buffer());
        cut.abandon();
        cut.abandon();

        assertThat(restored(writeAll(state.beginSnapshot())).digest()).isEqualTo(state.digest());
    }

    @Test
    void twoAtATimeAreRefused() {
        SnapshotCut cut = state.beginSnapshot();
        assertThatThrownBy(state::beginSnapshot).isInstanceOf(IllegalStateException.class);
        cut.abandon();
    }

    @Test
    void aSnapshotWithoutItsEndIsRefusedAndTheStateStays() {
        fill(9_000);
        List<ByteBuf> chunks = writeAll(state.beginSnapshot());
        CoordStateMachine copy = new CoordStateMachine(2);
        StateRestore restore = copy.beginRestore();
        chunks.subList(0, chunks.size() - 1).forEach(restore::readChunk);

        assertThatThrownBy(copy::finishRestore).isInstanceOf(IllegalStateException.class);
        assertThat(copy.tree().size()).isEqualTo(4);
    }

    @Test
    void aSnapshotThatLacksAChunkIsRefused() {
        fill(12_000);
        List<ByteBuf> chunks = writeAll(state.beginSnapshot());
        assertThat(chunks.size()).isGreaterThan(2);
        chunks.remove(1);

        assertThatThrownBy(() -> restored(chunks)).isInstanceOf(RuntimeException.class);
    }

    @Test
    void aSnapshotOfAnotherFormatIsRefused() {
        ByteBuf chunk = writeAll(state.beginSnapshot()).get(0);
        chunk.setInt(1, 99);

        assertThatThrownBy(() -> restored(List.of(chunk))).hasMessageContaining("format 99");
    }
}
