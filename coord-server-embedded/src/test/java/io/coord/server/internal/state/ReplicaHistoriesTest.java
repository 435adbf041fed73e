package io.coord.server.internal.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CheckVersionRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.CreateTtlRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.GetChildrenRequest;
import io.coord.protocol.request.MultiRequest;
import io.coord.protocol.request.Request;
import io.coord.protocol.request.SetAclRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.replication.ReplicatedState.SnapshotCut;
import io.coord.server.internal.tree.ZnodeTree;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replicas with other histories answer and hold the same: one that lives from the first command on and is saved again and
 * again while it changes, and those that began with one of its snapshots, the next one saved from such a one. Names and data
 * have all lengths at which a znode's memory is of another kind; transactions are long and most of them are taken back.
 */
class ReplicaHistoriesTest {
    private static final String[] LONG_NAMES = {"n".repeat(60), "ä".repeat(500), "m".repeat(1_986), "o".repeat(2_100)};
    private static final int[] LENGTHS = {0, 1, 5, 6, 7, 13, 14, 100, 127, 128, 500, 511, 512, 513, 1_990, 3_000};

    /** A replica, and the snapshot that it writes. */
    private static final class Replica {
        CoordStateMachine state;

        @Nullable
        SnapshotCut cut;

        final List<ByteBuf> chunks = new ArrayList<>();
        final List<Command> since = new ArrayList<>();
        long digest;

        Replica(CoordStateMachine state) {
            this.state = state;
        }
    }

    private int sessions;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void replicasWithOtherHistoriesAnswerAndHoldTheSame(long seed) {
        Random random = new Random(seed);
        Replica live = new Replica(new CoordStateMachine(seed));
        Replica restored = new Replica(new CoordStateMachine(-seed));
        int restores = 0;
        for (int i = 0; i < 60_000; i++) {
            int growing = i / 6_000 % 2 == 0 ? 60 : 25;
            Command command = command(random, i, growing);
            Effects effects = live.state.apply(command);
            assertThat(effects.defect()).isNull();
            Effects other = restored.state.apply(command);
            assertThat(other.answer()).isEqualTo(effects.answer());
            assertThat(other.changes()).hasSameSizeAs(effects.changes());
            assertThat(other.zxid()).isEqualTo(effects.zxid());
            for (Replica each : List.of(live, restored)) {
                if (each.cut != null) {
                    each.since.add(command);
                }
                if (random.nextInt(5) == 0) {
                    GetChildrenRequest list = new GetChildrenRequest(OpCode.GET_CHILDREN2, directory(random), false);
                    each.state.getChildren(list, Commands.NOBODY);
                }
            }
            Replica saved = seed % 2 == 0 ? live : restored;
            if (saved.cut == null && random.nextInt(50) == 0) {
                saved.digest = saved.state.digest();
                saved.cut = saved.state.beginSnapshot();
            } else if (saved.cut != null && random.nextInt(random.nextInt(20) == 0 ? 4 : 400) == 0) {
                ByteBuf chunk = Unpooled.buffer();
                boolean more = saved.cut.writeNext(chunk);
                saved.chunks.add(chunk);
                if (!more) {
                    saved.cut = null;
                    restored = restored(saved, seed + i);
                    restores++;
                    assertThat(restored.state.digest()).isEqualTo(live.state.digest());
                }
            }
            if (i % 1_000 == 0) {
                assertThat(restored.state.digest()).isEqualTo(live.state.digest());
                long bytes = pathAndDataBytes(live.state.tree(), "/");
                assertThat(live.state.tree().approximateDataSize()).isEqualTo(bytes);
                assertThat(restored.state.tree().approximateDataSize()).isEqualTo(bytes);
            }
        }
        assertThat(restores).isGreaterThan(5);
    }

    /** Below a node, the node itself left out. */
    private static long pathAndDataBytes(ZnodeTree tree, String path) {
        long bytes = 0;
        for (String name : tree.childNames(requireNonNull(tree.get(path)))) {
            String child = path.equals("/") ? path + name : path + '/' + name;
            bytes += child.getBytes(StandardCharsets.UTF_8).length
                    + requireNonNull(tree.get(child)).dataLength()
                    + pathAndDataBytes(tree, child);
        }
        return bytes;
    }

    private static Replica restored(Replica saved, long key) {
        CoordStateMachine copy = new CoordStateMachine(key);
        StateRestore restore = copy.beginRestore();
        saved.chunks.forEach(restore::readChunk);
        copy.finishRestore();
        assertThat(copy.digest()).isEqualTo(saved.digest);
        saved.since.forEach(copy::apply);
        saved.chunks.clear();
        saved.since.clear();
        return new Replica(copy);
    }

    private Command command(Random random, int i, int growing) {
        long session = (1L << 56) + Math.max(1L, (long) sessions - random.nextInt(3));
        int die = random.nextInt(1_000);
        if (sessions < 3 || die < 3) {
            sessions++;
            return new Command.CreateSession(i, 4_000, Commands.password());
        } else if (die < 5) {
            return new Command.CloseSession(i, session, 1, false);
        } else if (die < 30) {
            return new Command.ReapZnode(i, path(random), 20);
        } else if (die < 250) {
            List<Request> ops = new ArrayList<>();
            for (int j = random.nextInt(25); j >= 0; j--) {
                ops.add(request(random, growing));
            }
            if (random.nextBoolean()) {
                ops.add(new CheckVersionRequest("/none", -1));
            }
            return Commands.write(i, session, new MultiRequest(ops));
        }
        return Commands.write(i, session, request(random, growing));
    }

    private static Request request(Random random, int growing) {
        String path = path(random);
        int die = random.nextInt(100);
        if (die < growing) {
            return switch (random.nextInt(12)) {
                case 0 -> Commands.container(path);
                case 1 -> new CreateTtlRequest(path, data(random), acl(random), 5, 1 + random.nextInt(40));
                default -> new CreateRequest(OpCode.CREATE2, path, data(random), acl(random), random.nextInt(4));
            };
        } else if (die < 70) {
            return new DeleteRequest(path, -1);
        } else if (die < 97) {
            return new SetDataRequest(path, data(random), -1);
        }
        return new SetAclRequest(path, acl(random), -1);
    }

    private static List<Acl> acl(Random random) {
        int die = random.nextInt(30);
        return die > 3
                ? Acl.OPEN
                : List.of(new Acl(Acl.ALL, Id.ANYONE), new Acl(Acl.READ, new Id("ip", "10.0.0." + die)));
    }

    private static byte @Nullable [] data(Random random) {
        int die = random.nextInt(LENGTHS.length + 3);
        if (die > LENGTHS.length) {
            return null;
        }
        byte[] data = new byte[die == LENGTHS.length ? random.nextInt(520) : LENGTHS[die]];
        random.nextBytes(data);
        return data;
    }

    private static String directory(Random random) {
        return "/" + (char) ('a' + random.nextInt(3));
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder();
        for (int depth = random.nextInt(4); depth > 0; depth--) {
            path.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return switch (random.nextInt(40)) {
            case 0 ->
                path.append('/')
                        .append(LONG_NAMES[random.nextInt(LONG_NAMES.length)])
                        .toString();
            case 1, 2, 3, 4, 5 ->
                path.append('/').append((char) ('a' + random.nextInt(4))).toString();
            default -> path.append("/n").append(random.nextInt(300)).toString();
        };
    }
}
