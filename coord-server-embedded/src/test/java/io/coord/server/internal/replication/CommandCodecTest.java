package io.coord.server.internal.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.GetDataRequest;
import io.coord.protocol.request.ReconfigRequest;
import io.coord.protocol.request.SetDataRequest;
import io.coord.protocol.wire.MalformedRecordException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
    private final CommandCodec codec = new CommandCodec();

    private byte[] encode(Command command) {
        ByteBuf out = Unpooled.buffer();
        codec.encode(command, out);
        return ByteBufUtil.getBytes(out);
    }

    private Command decode(byte[] bytes) {
        return codec.decode(Unpooled.wrappedBuffer(bytes));
    }

    @Test
    void decodesWhatItEncoded() {
        RandomCommands commands = new RandomCommands(1);
        for (int i = 0; i < 5_000; i++) {
            Command command = commands.next();
            byte[] bytes = encode(command);
            Command decoded = decode(bytes);
            assertThat(decoded).usingRecursiveComparison().isEqualTo(command);
            assertThat(encode(decoded)).isEqualTo(bytes);
        }
    }

    @Test
    void readsTheSameIdentitiesOnceAndOthersAnew() {
        List<Id> first = List.of(new Id("ip", "10.0.0.1"));
        List<Id> longer = List.of(new Id("ip", "10.0.0.1"), new Id("digest", "a:b"));
        List<Id> again = List.of();
        List<List<Id>> found = new ArrayList<>();
        for (List<Id> ids : List.of(first, first, longer, longer, again, first)) {
            Command.Write decoded =
                    (Command.Write) decode(encode(new Command.Write(1, 2, 3, ids, new SetDataRequest("/a", null, 4))));
            assertThat(decoded.ids()).isEqualTo(ids);
            found.add(decoded.ids());
        }
        assertThat(found.get(1)).isSameAs(found.get(0));
        assertThat(found.get(3)).isSameAs(found.get(2));
    }

    /** These bytes lie in logs: they may never change their meaning. */
    @Test
    void keepsTheLayoutOfVersionOne() {
        for (Command.Rules rules : Command.Rules.values()) {
            Command command = new Command.Write(
                    1,
                    2,
                    3,
                    List.of(new Id("ip", "::1")),
                    rules,
                    new SetDataRequest("/a", "x".getBytes(StandardCharsets.US_ASCII), 4));
            assertThat(ByteBufUtil.hexDump(encode(command)))
                    .isEqualTo((rules == Command.Rules.FIRST
                                    ? "0101"
                                    : rules == Command.Rules.QUOTAS_TOLD ? "0107" : "0108")
                            + "0000000000000001" + "0000000000000002" + "00000003"
                            + "00000001" + "000000026970" + "000000033a3a31"
                            + "00000005" + "000000022f61" + "0000000178" + "00000004");
        }
        assertThat(ByteBufUtil.hexDump(encode(new Command.CreateSession(1, 2, new byte[] {9}))))
                .isEqualTo("0102" + "0000000000000001" + "00000002" + "0000000109");
        assertThat(ByteBufUtil.hexDump(encode(new Command.AttachSession(1, 2, 3, new byte[] {9}))))
                .isEqualTo("0103" + "0000000000000001" + "0000000000000002" + "00000003" + "0000000109");
        assertThat(ByteBufUtil.hexDump(encode(new Command.CloseSession(1, 2, 3, true))))
                .isEqualTo("0104" + "0000000000000001" + "0000000000000002" + "00000003" + "01");
        assertThat(ByteBufUtil.hexDump(encode(new Command.ReapZnode(1, "/c", 2))))
                .isEqualTo("0106" + "0000000000000001" + "000000022f63" + "0000000000000002");
        assertThat(ByteBufUtil.hexDump(encode(new Command.Barrier(1)))).isEqualTo("0109" + "0000000000000001");
        assertThat(ByteBufUtil.hexDump(encode(new Command.Reconfig(
                        1, 2, 3, List.of(new Id("ip", "::1")), 2, new ReconfigRequest("a", "1", null, -1)))))
                .isEqualTo("010a" + "0000000000000001" + "0000000000000002" + "00000003"
                        + "00000001" + "000000026970" + "000000033a3a31"
                        + "00000002" + "0000000161" + "0000000131" + "ffffffff" + "ffffffffffffffff");
        assertThat(ByteBufUtil.hexDump(encode(new Command.EndReconfig(1, 2, true))))
                .isEqualTo("010b" + "0000000000000001" + "0000000000000002" + "01");
        assertThat(ByteBufUtil.hexDump(encode(new Command.NameMembers(1, 2, "a"))))
                .isEqualTo("010c" + "0000000000000001" + "0000000000000002" + "0000000161");
    }

    @Test
    void rejectsEachPrefixAndAnythingBehindTheEnd() {
        RandomCommands commands = new RandomCommands(2);
        for (int i = 0; i < 300; i++) {
            byte[] bytes = encode(commands.next());
            for (int length = 0; length < bytes.length; length++) {
                byte[] prefix = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> decode(prefix)).isInstanceOf(MalformedRecordException.class);
            }
            byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
            assertThatThrownBy(() -> decode(longer))
                    .isInstanceOf(MalformedRecordException.class)
                    .hasMessageContaining("behind the end");
        }
    }

    @Test
    void answersDamagedBytesWithACommandOrAClearError() {
        RandomCommands commands = new RandomCommands(3);
        Random random = new Random(4);
        int rejected = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = encode(commands.next());
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                assertThat(decode(bytes)).isNotNull();
            } catch (MalformedRecordException e) {
                assertThat(e).message().isNotBlank();
                rejected++;
            }
        }
        assertThat(rejected).isGreaterThan(1_000);
    }

    @Test
    void namesAnUnknownVersionAndKind() {
        byte[] bytes = encode(new Command.ReapZnode(1, "/c", 0));
        bytes[0] = 2;
        assertThatThrownBy(() -> decode(bytes)).hasMessage("a command in format 2, this Coord reads format 1");
        bytes[0] = 1;
        bytes[1] = 13;
        assertThatThrownBy(() -> decode(bytes)).hasMessage("a command of unknown kind 13");
    }

    @Test
    void readsTheRemovalOfAContainerAsItWasWrittenBeforeThereWereTimesToLive() {
        assertThat(decode(ByteBufUtil.decodeHexDump("0105" + "0000000000000001" + "000000022f63")))
                .isEqualTo(new Command.ReapZnode(1, "/c", 0));
    }

    @Test
    void refusesToLogARead() {
        Command read = new Command.Write(1, 2, 3, List.of(), new GetDataRequest("/a", false));
        assertThatThrownBy(() -> encode(read)).hasMessage(OpCode.GET_DATA + " is not a write");
    }
}
