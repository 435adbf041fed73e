package io.coord.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.protocol.wire.MalformedRecordException;
import io.coord.protocol.wire.WireReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Random;
import org.apache.zookeeper.KeeperException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our records against those of stock ZooKeeper: the same bytes, read alike by both, and nothing but those bytes. */
class GoldenRecordsCompatTest {
    private static final int SEEDS = 300;

    @ParameterizedTest
    @EnumSource
    void writesTheBytesOfStockZooKeeper(RandomRecords.Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RecordPair pair = new RandomRecords(seed).next(kind);
            assertThat(pair.encodedByUs()).as("%s, seed %d", kind, seed).isEqualTo(pair.encodedByStock());
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsWhatStockZooKeeperWrote(RandomRecords.Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RecordPair pair = new RandomRecords(seed).next(kind);
            byte[] stock = pair.encodedByStock();
            assertThat(pair.throughOurDecoder(stock))
                    .as("%s, seed %d", kind, seed)
                    .isEqualTo(stock);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isReadByStockZooKeeper(RandomRecords.Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            RecordPair pair = new RandomRecords(seed).next(kind);
            byte[] ours = pair.encodedByUs();
            assertThat(pair.throughStockDecoder(ours))
                    .as("%s, seed %d", kind, seed)
                    .isEqualTo(ours);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesARecordCutShortAtAnyByte(RandomRecords.Kind kind) {
        for (long seed = 0; seed < 20; seed++) {
            RecordPair pair = new RandomRecords(seed).next(kind);
            byte[] whole = pair.encodedByUs();
            for (int length = 0; length < whole.length; length++) {
                if (isAnOlderDialect(kind, whole.length - length)) {
                    continue;
                }
                ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
                assertThatThrownBy(() -> pair.decode().apply(new WireReader(cut)))
                        .as("%s, seed %d, %d of %d bytes", kind, seed, length, whole.length)
                        .isInstanceOf(MalformedRecordException.class);
            }
        }
    }

    private static boolean isAnOlderDialect(RandomRecords.Kind kind, int missing) {
        return missing == 1
                && (kind == RandomRecords.Kind.CONNECT_REQUEST || kind == RandomRecords.Kind.CONNECT_RESPONSE);
    }

    @ParameterizedTest
    @EnumSource
    void anythingElseIsMalformedAndNeverAnotherError(RandomRecords.Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            RecordPair pair = new RandomRecords(seed).next(kind);
            byte[] broken = pair.encodedByUs();
            for (int hits = 1 + random.nextInt(4); hits > 0 && broken.length > 0; hits--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(pair.decode().apply(new WireReader(Unpooled.wrappedBuffer(broken))))
                        .isNotNull();
            } catch (MalformedRecordException expected) {
                assertThat(expected).as("%s, seed %d", kind, seed).message().isNotBlank();
            }
        }
    }

    @Test
    void knowsEveryErrorCodeOfStockZooKeeper() {
        for (KeeperException.Code code : KeeperException.Code.values()) {
            assertThat(ErrorCode.of(code.intValue())).as("%s", code).isNotNull();
        }
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::code)).doesNotHaveDuplicates();
        assertThat(ErrorCode.of(-126)).isNull();
    }

    @Test
    void findsEachOperationByItsNumberAndNoOther() {
        for (OpCode op : OpCode.values()) {
            assertThat(OpCode.of(op.code())).isEqualTo(op);
        }
        for (int unknown : new int[] {0, 10, 20, 50, 108, 999, -1, -10, -77, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThat(OpCode.of(unknown)).as("%d", unknown).isNull();
        }
    }
}
