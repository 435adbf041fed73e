package io.coord.server.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.ErrorCode;
import io.coord.protocol.data.EventType;
import io.coord.protocol.response.ConnectResponse;
import io.coord.protocol.response.CreateResponse;
import io.coord.protocol.wire.WireReader;
import io.coord.protocol.wire.WireWriter;
import io.coord.server.internal.metrics.ServerMetrics;
import io.coord.server.internal.pipeline.Limits;
import io.coord.server.internal.pipeline.RequestRules;
import io.coord.server.internal.pipeline.RequestSequencer;
import io.coord.server.internal.pipeline.SessionRules;
import io.coord.server.internal.replication.InMemoryReplicator;
import io.coord.server.internal.runtime.LineLimit;
import io.coord.server.internal.runtime.ManualClock;
import io.coord.server.internal.state.CoordStateMachine;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What becomes of a connection for which there is no memory. */
class ConnectionOutputTest {
    enum Call {
        CONNECTED,
        REPLY,
        EVENT;

        void on(ConnectionOutput output) {
            switch (this) {
                case CONNECTED -> output.connected(new ConnectResponse(0, 0, 0, new byte[16], false));
                case REPLY -> output.reply(1, 1, ErrorCode.OK, new CreateResponse("/a-path-that-needs-some-room"));
                case EVENT -> output.event(EventType.NODE_CREATED, "/a-path-that-needs-some-room", 1);
            }
        }
    }

    private final TransportParts parts = parts();

    private static TransportParts parts() {
        Set<ServerConnection> open = new HashSet<>();
        TransportLimits limits = new TransportLimits(1 << 20, 1 << 20, 0, 0, 10_000, 1 << 20, 1 << 20);
        return new TransportParts(
                limits,
                new BufferBudget(limits.maxBufferedBytes(), open),
                new ConnectionsByAddress(0, 0),
                new TurnEnd(),
                new WireReader(Unpooled.EMPTY_BUFFER),
                new WireWriter(Unpooled.EMPTY_BUFFER),
                new LineLimit(LoggerFactory.getLogger(ConnectionOutputTest.class), "complaints", new ManualClock()),
                new ServerMetrics(),
                FirstWords.NONE,
                open);
    }

    private static void allocateWith(EmbeddedChannel channel, IntFunction<ByteBuf> allocation) {
        channel.config().setAllocator(new PlannedAllocator(allocation));
    }

    private static final class PlannedAllocator extends AbstractByteBufAllocator {
        private final IntFunction<ByteBuf> allocation;

        PlannedAllocator(IntFunction<ByteBuf> allocation) {
            this.allocation = allocation;
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return allocation.apply(initialCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return allocation.apply(initialCapacity);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBufferThatCannotBeHadEndsThisConnectionOnly(Call call) {
        EmbeddedChannel channel = new EmbeddedChannel();
        allocateWith(channel, capacity -> {
            throw new OutOfMemoryError("planted");
        });
        ConnectionOutput output = new ConnectionOutput(channel, parts, () -> {});
        call.on(output);

        assertThat(channel.isOpen()).isFalse();
        assertThat(output.isClosing()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aFrameThatCannotBeFinishedNeverLeaves(Call call) {
        EmbeddedChannel channel = new EmbeddedChannel();
        List<ByteBuf> buffers = new ArrayList<>();
        allocateWith(channel, capacity -> {
            buffers.add(Unpooled.buffer(24, 24));
            return buffers.get(0);
        });
        ConnectionOutput output = new ConnectionOutput(channel, parts, () -> {});
        call.on(output);
        output.flush();

        assertThat(channel.isOpen()).isFalse();
        assertThat(channel.outboundMessages()).isEmpty();
        assertThat(buffers)
                .singleElement()
                .satisfies(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void anAnnouncedLengthReservesNothing() {
        RequestSequencer sequencer = new RequestSequencer(
                new ManualClock(),
                new SessionRules(100, 100, 1_000),
                RequestRules.DEFAULT,
                Limits.ofHeap(1L << 30),
                new CoordStateMachine(1),
                new InMemoryReplicator(Runnable::run),
                () -> new byte[16],
                new RequestSequencer.Listener() {
                    @Override
                    public void onReady() {}

                    @Override
                    public void onFailed(Throwable cause) {
                        throw new AssertionError(cause);
                    }
                });
        EmbeddedChannel channel = new EmbeddedChannel();
        List<Integer> reserved = new ArrayList<>();
        ByteBufAllocator recording = new PlannedAllocator(capacity -> {
            reserved.add(capacity);
            return Unpooled.buffer(capacity);
        });
        // What arrives carries its allocator along.
        ByteBuf arrived =
                recording.compositeBuffer().addComponent(true, Unpooled.buffer().writeInt(1_000));
        channel.pipeline().addLast(new ServerConnection(sequencer, parts, Entrance.IN_PROCESS, 0));
        channel.pipeline().fireChannelActive();
        channel.writeInbound(arrived);

        assertThat(channel.isOpen()).isTrue();
        assertThat(reserved).containsExactly(256);
        channel.close();
    }
}
