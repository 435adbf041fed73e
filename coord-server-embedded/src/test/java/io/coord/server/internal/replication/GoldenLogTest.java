package io.coord.server.internal.replication;

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
import io.coord.protocol.response.GetChildrenResponse;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.log.LogConfig;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.Answer;
import io.coord.server.internal.state.CoordStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A data directory that an earlier Coord wrote, with every kind of command in its log and a snapshot before half of them:
 * today's Coord has to make the same state of it. When this test fails, old data directories cannot be read any more, or
 * mean something else: give what was changed a new version, and go on reading the old one.
 *
 * <p>{@link #main} writes such a directory. A format that is added gets a directory of its own beside the old ones.
 */
class GoldenLogTest {
    private static final String FILES = "files.txt";
    private static final String STATE = "state.txt";
    private static final long FIRST_SESSION = (1L << 56) + 1;
    private static final List<Id> ANN = List.of(new Id("ip", "10.0.0.1"), new Id("digest", "ann:xyz"));

    private final OwnerQueue owner = new OwnerQueue();

    @TempDir
    Path directory;

    private static InputStream golden(String log, String name) {
        return GoldenLogTest.class.getResourceAsStream("/golden/" + log + "/" + name);
    }

    private static String text(String log, String name) throws IOException {
        try (InputStream in = golden(log, name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The first knew neither quotas nor the schemes x509 and sasl; its writes have a kind of their own. */
    @ParameterizedTest
    @ValueSource(strings = {"log-1", "log-2"})
    void bringsBackWhatAnEarlierVersionWrote(String log) throws IOException {
        for (String name : text(log, FILES).lines().toList()) {
            try (InputStream in = golden(log, name)) {
                Files.copy(in, directory.resolve(name));
            }
        }
        MachineState state = run(directory, List.of());
        assertThat(describe(state.machine)).isEqualTo(text(log, STATE));
    }

    private MachineState run(Path where, List<Command> commands) {
        LogConfig config = LogConfig.DEFAULT
                .withSegmentBytes(8_000, 8_000)
                .withZeroFill(false)
                .withSnapshotEvery(150, 1 << 30);
        MachineState state = new MachineState();
        SingleNodeReplicator replicator = new SingleNodeReplicator(owner, where, config);
        replicator.start(state);
        owner.runUntil(() -> state.ready || state.failure != null);
        assertThat(state.failure).isNull();
        long ticket = 0;
        for (Command each : commands) {
            long sent = ++ticket;
            replicator.submit(each, sent);
            owner.runUntil(() -> state.settled() == sent);
        }
        boolean[] closed = {false};
        replicator.close(failure -> closed[0] = true);
        owner.runUntil(() -> closed[0]);
        assertThat(state.logFailure).isNull();
        return state;
    }

    /** What has its effect first, then odd values of every kind, most of them in vain; twice, for snapshot and log. */
    private static List<Command> script() {
        List<Command> commands = new ArrayList<>();
        RandomCommands odd = new RandomCommands(5);
        for (int round = 0; round < 2; round++) {
            commands.addAll(story("/round" + round, 1_000L + round * 1_000L, FIRST_SESSION + round * 3L));
            for (int i = 0; i < 90 - round * 30; i++) {
                commands.add(withoutTime(odd.next(), 1_900L + round * 1_000L));
            }
        }
        return commands;
    }

    /** The state's time never goes back, so a random one would stay for ever. */
    private static Command withoutTime(Command odd, long timeMs) {
        if (odd instanceof Command.Write c) {
            return new Command.Write(timeMs, c.sessionId(), c.attachment(), c.ids(), c.rules(), c.request());
        } else if (odd instanceof Command.CreateSession c) {
            // One more would change the ids of those that follow.
            return new Command.AttachSession(timeMs, 9, c.timeoutMs(), c.password());
        } else if (odd instanceof Command.AttachSession c) {
            return new Command.AttachSession(timeMs, c.sessionId(), c.timeoutMs(), c.password());
        } else if (odd instanceof Command.CloseSession c) {
            return new Command.CloseSession(timeMs, c.sessionId(), c.attachment(), c.expired());
        } else if (odd instanceof Command.ReapZnode c) {
            return new Command.ReapZnode(timeMs, c.path(), c.maxNeverUsedMs());
        }
        throw new AssertionError(odd);
    }

    private static List<Command> story(String root, long start, long session) {
        byte[] password = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        List<Acl> readable = List.of(new Acl(31, new Id("digest", "ann:xyz")), new Acl(1, new Id("world", "anyone")));
        List<Command> commands = new ArrayList<>();
        commands.add(new Command.CreateSession(start, 8_000, password));
        commands.add(new Command.CreateSession(start + 1, 9_000, password));
        commands.add(new Command.CreateSession(start + 2, 10_000, password));
        commands.add(new Command.AttachSession(start + 3, session, 12_000, password));
        long[] time = {start + 10};
        List<Request> writes = List.of(
                create(OpCode.CREATE, root, 0, Acl.OPEN),
                create(OpCode.CREATE2, root + "/data", 0, readable),
                create(OpCode.CREATE, root + "/sequence-", 2, Acl.OPEN),
                create(OpCode.CREATE2, root + "/sequence-", 2, Acl.OPEN),
                create(OpCode.CREATE_CONTAINER, root + "/container", 4, Acl.OPEN),
                create(OpCode.CREATE, root + "/container/child", 0, Acl.OPEN),
                create(OpCode.CREATE_CONTAINER, root + "/emptied", 4, Acl.OPEN),
                create(OpCode.CREATE, root + "/emptied/child", 0, Acl.OPEN),
                new DeleteRequest(root + "/emptied/child", 0),
                new CreateTtlRequest(root + "/ttl", new byte[] {7}, Acl.OPEN, 5, 60_000),
                new CreateTtlRequest(root + "/ttl-over", new byte[] {8}, Acl.OPEN, 5, 1),
                create(OpCode.CREATE, root + "/\u00e9\u6f22\ud83d\ude00", 0, Acl.OPEN),
                new SetDataRequest(root + "/data", "new".getBytes(StandardCharsets.US_ASCII), 0),
                new SetDataRequest(root, null, -1),
                new SetAclRequest(root + "/data", readable, 0),
                new MultiRequest(List.of(
                        new CheckVersionRequest(root + "/data", 1),
                        create(OpCode.CREATE, root + "/multi", 0, Acl.OPEN),
                        create(OpCode.CREATE2, root + "/multi/child", 0, Acl.OPEN),
                        new CreateTtlRequest(root + "/multi/ttl", null, Acl.OPEN, 6, 60_000),
                        new SetDataRequest(root + "/multi", new byte[] {1, 2}, 0),
                        new DeleteRequest(root + "/multi/child", -1))),
                new MultiRequest(List.of(new DeleteRequest(root + "/multi", 0), new CheckVersionRequest("/none", 0))),
                new DeleteRequest(root + "/none", -1));
        for (Request each : writes) {
            commands.add(new Command.Write(time[0]++, session, 2, ANN, each));
        }
        commands.add(
                new Command.Write(time[0]++, session + 1, 1, ANN, create(OpCode.CREATE, root + "/eph", 1, Acl.OPEN)));
        commands.add(
                new Command.Write(time[0]++, session + 2, 1, ANN, create(OpCode.CREATE, root + "/gone", 3, Acl.OPEN)));
        commands.add(
                new Command.Write(time[0]++, session, 1, ANN, create(OpCode.CREATE, root + "/moved", 0, Acl.OPEN)));
        addWritesByRules(commands, root, time, session);
        commands.add(new Command.CloseSession(time[0]++, session + 2, 1, true));
        commands.add(new Command.CloseSession(time[0]++, session, 1, false));
        commands.add(new Command.ReapZnode(time[0]++, root + "/emptied", 0));
        commands.add(new Command.ReapZnode(time[0]++, root + "/container", 0));
        commands.add(new Command.ReapZnode(time[0], root + "/ttl-over", 0));
        return commands;
    }

    /** Below a quota that is full at last. */
    private static void addWritesByRules(List<Command> commands, String root, long[] time, long session) {
        List<Acl> byCertificate = List.of(new Acl(31, new Id("x509", "CN=ann")), new Acl(1, Id.ANYONE));
        String quota = "/zookeeper/quota" + root;
        for (String each : List.of(quota, quota + "/zookeeper_limits", quota + "/zookeeper_stats")) {
            byte[] text = "count=1,bytes=2=;countHardLimit=16".getBytes(StandardCharsets.US_ASCII);
            Request create = new CreateRequest(OpCode.CREATE, each, text, Acl.OPEN, 0);
            commands.add(new Command.Write(time[0]++, session, 2, ANN, create));
        }
        for (int i = 0; i < 4; i++) {
            for (Command.Rules rules : Command.Rules.values()) {
                String path = root + "/" + rules + i;
                Request create = create(OpCode.CREATE, path, 0, i == 0 ? byCertificate : Acl.OPEN);
                commands.add(new Command.Write(time[0]++, session, 2, ANN, rules, create));
            }
        }
    }

    private static CreateRequest create(OpCode op, String path, int flags, List<Acl> acl) {
        return new CreateRequest(op, path, path.getBytes(StandardCharsets.UTF_8), acl, flags);
    }

    /** The whole state in lines: as clients would read it, byte for byte, and the sessions. */
    private static String describe(CoordStateMachine machine) {
        StringBuilder lines = new StringBuilder();
        lines.append("zxid ").append(machine.lastZxid()).append('\n');
        for (Session each : machine.sessions().all()) {
            lines.append("session ")
                    .append(each.id())
                    .append(' ')
                    .append(each.timeoutMs())
                    .append(' ');
            lines.append(each.attachment())
                    .append(' ')
                    .append(ByteBufUtil.hexDump(each.password()))
                    .append('\n');
        }
        describe(machine, "/", lines);
        return lines.toString();
    }

    private static void describe(CoordStateMachine machine, String path, StringBuilder lines) {
        lines.append(path).append(' ').append(hex(machine.getData(path, ANN))).append(' ');
        lines.append(hex(machine.getAcl(path, ANN))).append('\n');
        Answer children = machine.getChildren(new GetChildrenRequest(OpCode.GET_CHILDREN, path, false), ANN);
        for (String name : new TreeSet<>(((GetChildrenResponse) children.response()).children())) {
            describe(machine, (path.equals("/") ? "" : path) + '/' + name, lines);
        }
    }

    private static String hex(Answer answer) {
        if (answer.response() == null) {
            return answer.error().toString();
        }
        ByteBuf bytes = Unpooled.buffer();
        answer.response().encode(new WireWriter(bytes));
        return ByteBufUtil.hexDump(bytes);
    }

    /** Writes the directory that is the argument; it must not exist. */
    public static void main(String[] arguments) throws IOException {
        Path where = Path.of(arguments[0]);
        MachineState state = new GoldenLogTest().run(where, script());
        try (Stream<Path> files = Files.list(where)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".log") || name.endsWith(".snap"))
                    .sorted()
                    .toList();
            Files.writeString(where.resolve(FILES), String.join("\n", names) + '\n');
        }
        Files.writeString(where.resolve(STATE), describe(state.machine));
    }
}
