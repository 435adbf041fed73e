package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.CreateResponse;
import org.apache.zookeeper.proto.GetACLResponse;
import org.apache.zookeeper.proto.GetChildrenResponse;
import org.apache.zookeeper.proto.GetDataResponse;
import org.apache.zookeeper.proto.SetDataResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What every contract test has at hand: a server, sessions that are closed after the test, a parent znode of its own. */
@Timeout(60)
abstract class ServerContract {
    private static final AtomicInteger PARENTS = new AtomicInteger();

    private final List<RawSession> sessions = new ArrayList<>();
    private final List<AutoCloseable> others = new ArrayList<>();
    private ServerUnderTest server;

    /** A persistent znode that only this test knows. */
    String root;

    /** A session for whatever the test does not look at closely. */
    RawSession session;

    @BeforeEach
    final void openSession(ServerUnderTest serverUnderTest) {
        server = serverUnderTest;
        root = "/test-" + PARENTS.incrementAndGet();
        session = newSession();
        session.ok(Operation.create(root, bytes("root"), Operation.PERSISTENT));
    }

    @AfterEach
    final void closeAll() throws Exception {
        for (RawSession each : sessions) {
            each.close();
        }
        for (AutoCloseable each : others) {
            each.close();
        }
    }

    final ServerUnderTest server() {
        return server;
    }

    final boolean isCoord() {
        return server.implementation() == ServerUnderTest.Implementation.COORD;
    }

    final RawSession newSession() {
        return keep(RawSession.open(server.port()));
    }

    final RawSession keep(RawSession opened) {
        sessions.add(opened);
        return opened;
    }

    final <T extends AutoCloseable> T closeAfterwards(T resource) {
        others.add(resource);
        return resource;
    }

    final RawConnection newConnection() {
        return closeAfterwards(RawConnection.open(server.port()));
    }

    final void create(String path) {
        create(path, Operation.PERSISTENT);
    }

    final String create(String path, int flags) {
        return session.ok(Operation.create(path, new byte[0], flags))
                .into(new CreateResponse())
                .getPath();
    }

    final void delete(String path) {
        session.ok(Operation.delete(path, Operation.ANY_VERSION));
    }

    final Stat setData(String path, String text) {
        return session.ok(Operation.setData(path, bytes(text), Operation.ANY_VERSION))
                .into(new SetDataResponse())
                .getStat();
    }

    final Stat stat(String path) {
        return session.ok(Operation.exists(path, false)).into(new Stat());
    }

    final boolean exists(String path) {
        Frame reply = session.call(Operation.exists(path, false));
        assertThat(reply.error()).isIn(0, Errors.NO_NODE);
        return reply.error() == 0;
    }

    final String data(String path) {
        byte[] data = session.ok(Operation.getData(path, false))
                .into(new GetDataResponse())
                .getData();
        return new String(data, StandardCharsets.UTF_8);
    }

    final List<String> children(String path) {
        return session.ok(Operation.getChildren(path, false)).into(new GetChildrenResponse()).getChildren().stream()
                .sorted()
                .toList();
    }

    final GetACLResponse acl(RawSession reader, String path) {
        return reader.ok(Operation.getAcl(path)).into(new GetACLResponse());
    }

    final int error(Operation operation) {
        Frame reply = session.call(operation);
        if (reply.error() != 0) {
            assertThat(reply.body()).as("no body behind an error").isEmpty();
        }
        return reply.error();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
