package io.coord.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.request.ConnectRequest;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.PingRequest;
import io.coord.protocol.request.RequestHeader;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.runtime.Clock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A defect in any step of the server, planted in its clock: it is told, and nobody waits for ever. */
@Timeout(30)
class ServerLifeTest {
    private static final class BreakingClock implements Clock {
        private final AtomicInteger monotonicLeft = new AtomicInteger(Integer.MAX_VALUE);
        private final AtomicInteger wallLeft = new AtomicInteger(Integer.MAX_VALUE);

        private static void use(AtomicInteger left) {
            if (left.getAndDecrement() == 0) {
                throw new IllegalStateException("planted");
            }
        }

        @Override
        public long wallMs() {
            use(wallLeft);
            return Clock.SYSTEM.wallMs();
        }

        @Override
        public long monotonicMs() {
            use(monotonicLeft);
            return Clock.SYSTEM.monotonicMs();
        }
    }

    private final BreakingClock clock = new BreakingClock();

    private ServerLife life(Duration tickTime) {
        return new ServerLife(
                EmbeddedServer.builder().port(0).tickTime(tickTime).build().config(), clock);
    }

    private static int startedPort(ServerLife life) throws Exception {
        life.start();
        life.started.get();
        return life.ports().plainPort();
    }

    @Test
    void aStartThatFailsIsTold() throws Exception {
        ServerLife life = life(Duration.ofMillis(20));
        clock.monotonicLeft.set(0);
        life.start();

        assertThatThrownBy(life.started::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("planted");
        life.stopped.get();
    }

    @Test
    void aTickThatFailsEndsTheServerWithItsConnections() throws Exception {
        ServerLife life = life(Duration.ofMillis(20));
        try (RawClient client = RawClient.session(startedPort(life))) {
            clock.monotonicLeft.set(0);

            assertThat(client.isClosedByServer()).isTrue();
            life.stopped.get();
        }
    }

    @Test
    void aFailureBehindAPauseEndsItsConnectionOnly() throws Exception {
        // No tick comes in between and reads the clock.
        ServerLife life = life(Duration.ofHours(1));
        int port = startedPort(life);
        // Accepted in their order: once the neighbour has its session, the client's connection has read the clock, too.
        try (RawClient client = RawClient.open(port);
                RawClient neighbour = RawClient.session(port)) {
            // Two readings for the session: its command, and how long that took. The create comes before its session is
            // there, so it is taken later, in a task of its own.
            clock.wallLeft.set(2);
            ByteBuf both = Unpooled.buffer();
            frame(both, out -> new ConnectRequest(0, 0, 10_000, 0, new byte[16], false).encode(out));
            frame(both, out -> {
                new RequestHeader(1, OpCode.CREATE.code()).encode(out);
                new CreateRequest(OpCode.CREATE, "/a", null, Acl.OPEN, 0).encode(out);
            });
            client.sendBytes(both);

            assertThat(client.isClosedByServer()).isTrue();
            assertThat(neighbour.call(-2, PingRequest.INSTANCE).header().error())
                    .isZero();
        }
        life.stop();
        life.stopped.get(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerThatWasGivenLeavesNothingBehind() throws Exception {
        ServerLife life = life(Duration.ofMillis(20));
        startedPort(life);
        for (int i = 0; i < 1_000; i++) {
            life.status().get();
            assertThat(life.expireSession(i).get()).isFalse();
        }
        assertThat(life.stopped.getNumberOfDependents()).isZero();
        assertThat(life.unanswered()).isZero();
        life.stop();
        life.stopped.get();
        assertThat(life.status().get().znodes()).isPositive();
        assertThat(life.expireSession(1).get()).isFalse();
    }

    private static void frame(ByteBuf to, Consumer<WireWriter> content) {
        WireWriter out = new WireWriter(to);
        int mark = out.beginFrame();
        content.accept(out);
        out.endFrame(mark);
    }
}
