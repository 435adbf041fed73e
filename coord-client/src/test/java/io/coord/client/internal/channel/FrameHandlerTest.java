package io.coord.client.internal.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.wire.WireWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameHandlerTest {
    private final List<String> told = new ArrayList<>();
    private boolean closingOnFrame;
    private static final int MOST = 1_000_000;

    private boolean knowsTheReply = true;
    private final FrameHandler handler = new FrameHandler(7, MOST, new FrameListener() {
        @Override
        public void onFrame(int connection, ByteBuf frame) {
            told.add("frame " + frame.readableBytes() + " "
                    + ByteBufUtil.hexDump(frame, frame.readerIndex(), Math.min(2, frame.readableBytes())));
            if (closingOnFrame) {
                handler().close();
            }
        }

        @Override
        public boolean onTooLong(int connection, ByteBuf header, int length) {
            told.add("too long " + length + " " + ByteBufUtil.hexDump(header));
            return knowsTheReply;
        }

        @Override
        public void onTurnEnd(int connection) {
            told.add("turn");
        }

        @Override
        public void onUnreadable(int connection, String reason) {
            told.add("unreadable " + reason);
        }

        @Override
        public void onClosed(int connection, String reason) {
            told.add("closed " + reason);
        }
    });
    private final EmbeddedChannel channel = new EmbeddedChannel(handler);

    private FrameHandler handler() {
        return handler;
    }

    FrameHandlerTest() {
        handler.open(channel);
    }

    @AfterEach
    void finish() {
        channel.finishAndReleaseAll();
    }

    private static ByteBuf frames(int... lengths) {
        ByteBuf bytes = Unpooled.buffer();
        for (int i = 0; i < lengths.length; i++) {
            bytes.writeInt(lengths[i]);
            for (int j = 0; j < lengths[i]; j++) {
                bytes.writeByte(i);
            }
        }
        return bytes;
    }

    @Test
    void tellsAllFramesOfOneReadAndThenTheEndOfTheTurn() {
        channel.writeInbound(frames(3, 0, 2));
        assertThat(told).containsExactly("frame 3 0000", "frame 0 ", "frame 2 0202", "turn");
    }

    @Test
    void putsFramesTogetherHoweverTheyAreCut() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            told.clear();
            ByteBuf all = frames(random.nextInt(50), random.nextInt(5_000), 1, random.nextInt(200), 0);
            List<String> expected = new ArrayList<>();
            for (int i = 0, at = 0; at < all.writerIndex(); i++) {
                int length = all.getInt(at);
                String first = String.format("%02x", i);
                expected.add("frame " + length + " " + first.repeat(Math.min(2, length)));
                at += 4 + length;
            }
            while (all.isReadable()) {
                channel.writeInbound(all.readBytes(Math.min(all.readableBytes(), 1 + random.nextInt(400))));
            }
            all.release();
            told.removeIf(each -> each.equals("turn"));
            assertThat(told).isEqualTo(expected);
        }
    }

    @Test
    void endsTheTurnWhenAFrameLeadsToTheEndOfTheConnection() {
        closingOnFrame = true;
        channel.writeInbound(frames(1, 1));
        assertThat(told).startsWith("frame 1 00", "turn").doesNotContain("frame 1 01");
        assertThat(told).noneMatch(each -> each.startsWith("closed") || each.startsWith("unreadable"));
    }

    @Test
    void givesUpOnAbsurdLengths() {
        channel.writeInbound(Unpooled.buffer().writeInt(-5));
        assertThat(told.get(0)).isEqualTo("unreadable a frame of -5 bytes");
        told.clear();
        EmbeddedChannel other = new EmbeddedChannel();
        other.finishAndReleaseAll();
        channel.writeInbound(Unpooled.buffer().writeInt(Integer.MAX_VALUE));
        assertThat(told).noneMatch(each -> each.startsWith("frame"));
    }

    @Test
    void reservesNothingForALengthThatIsOnlyClaimed() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        channel.config().setAllocator(allocator);
        channel.writeInbound(Unpooled.buffer().writeInt(MOST));
        for (int i = 0; i < 100; i++) {
            channel.writeInbound(Unpooled.buffer().writeZero(10));
        }
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(4_096);
        channel.close();
        assertThat(allocator.metric().usedHeapMemory()).isZero();
    }

    @Test
    void skipsAFrameThatIsTooLongHoweverItArrives() {
        ByteBuf stream = Unpooled.buffer();
        int length = MOST + 1;
        stream.writeInt(2).writeShort(0x0102);
        stream.writeInt(length).writeInt(77).writeLong(5).writeInt(0).writeZero(length - FrameHandler.HEADER_BYTES);
        stream.writeInt(2).writeShort(0x0304);
        byte[] bytes = ByteBufUtil.getBytes(stream);
        for (int piece : new int[] {1, 7, 16, 100_000, bytes.length}) {
            told.clear();
            int counted = piece < 100 ? 200 : bytes.length;
            for (int i = 0; i < bytes.length; ) {
                // The long middle in one go, its ends byte by byte.
                int n = Math.min(
                        i < counted || i > bytes.length - counted ? piece : bytes.length - counted - i + 1,
                        bytes.length - i);
                channel.writeInbound(Unpooled.copiedBuffer(bytes, i, n));
                i += n;
            }
            assertThat(told)
                    .as("in pieces of %d", piece)
                    .filteredOn(each -> !each.equals("turn"))
                    .containsExactly(
                            "frame 2 0102",
                            "too long " + length + " 0000004d" + "0000000000000005" + "00000000",
                            "frame 2 0304");
        }
    }

    @Test
    void keepsNothingOfAFrameThatItSkips() {
        UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
        channel.config().setAllocator(allocator);
        channel.writeInbound(Unpooled.buffer().writeInt(Integer.MAX_VALUE).writeZero(FrameHandler.HEADER_BYTES));
        for (int i = 0; i < 100; i++) {
            channel.writeInbound(Unpooled.buffer().writeZero(100_000));
        }
        assertThat(allocator.metric().usedHeapMemory()).isLessThan(4_096);
        assertThat(told).filteredOn(each -> each.startsWith("too long")).hasSize(1);
    }

    @Test
    void givesUpWhenAFrameThatIsTooLongCannotBeDoneWithout() {
        knowsTheReply = false;
        channel.writeInbound(Unpooled.buffer().writeInt(MOST + 1).writeInt(-1).writeZero(100));
        assertThat(told).contains("unreadable a frame of 1000001 bytes");
    }

    @Test
    void tellsThatThePeerClosed() {
        channel.writeInbound(frames(10).writerIndex(8));
        channel.close();
        assertThat(told).contains("closed the server closed the connection");
    }

    @Test
    void gathersFramesIntoOneWriteAndTakesBackWhatIsTooLong() {
        write(1);
        int mark = handler.gathered();
        write(2);
        handler.truncate(mark);
        write(3);
        assertThat(channel.outboundMessages()).isEmpty();
        handler.flush();
        ByteBuf out = channel.readOutbound();
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("0000000400000001" + "0000000400000003");
        out.release();
        handler.flush();
        assertThat(channel.outboundMessages()).isEmpty();
    }

    private void write(int value) {
        WireWriter out = handler.writer();
        int mark = out.beginFrame();
        out.writeInt(value);
        out.endFrame(mark);
    }

    @Test
    void sendsItsLastWordsBeforeItCloses() {
        write(9);
        handler.close();
        ByteBuf out = channel.readOutbound();
        assertThat(out.readableBytes()).isEqualTo(8);
        out.release();
        assertThat(channel.isOpen()).isFalse();
        assertThat(told).noneMatch(each -> each.startsWith("closed") || each.startsWith("unreadable"));
    }
}
