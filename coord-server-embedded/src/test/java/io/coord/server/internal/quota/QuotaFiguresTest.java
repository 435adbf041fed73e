package io.coord.server.internal.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.zookeeper.StatsTrack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaFiguresTest {
    private static QuotaFigures parse(String text) {
        return QuotaFigures.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(QuotaFigures figures) {
        return new String(figures.text(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "count=4,bytes=5",
                "bytes=5;count=4",
                "count==3,bytes=5",
                "count=4,bytes=5=;byteHardLimit=7;countHardLimit=6",
                "countHardLimit=6",
                "count=-1,bytes=-1=;countHardLimit=-1",
                "other=3,count=1,,;bytes=2",
                "count=9223372036854775807,bytes=-5"
            })
    void readsAndWritesWhatZooKeeperReadsAndWrites(String text) {
        StatsTrack theirs = new StatsTrack(text);
        QuotaFigures ours = parse(text);

        assertThat(text(ours)).isEqualTo(theirs.toString());
        assertThat(List.of(ours.count(), ours.bytes(), ours.countHardLimit(), ours.byteHardLimit()))
                .containsExactly(
                        theirs.getCount(), theirs.getBytes(), theirs.getCountHardLimit(), theirs.getByteHardLimit());
        theirs.setCount(theirs.getCount() + 2);
        theirs.setBytes(theirs.getBytes() - 3);
        assertThat(text(ours.plus(2, -3))).isEqualTo(theirs.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"count", "count=x", "=", ",count=1", "count=1,bytes", "count=99999999999999999999", " "})
    void takesNothingElseForFigures(String text) {
        assertThat(parse(text)).isNull();
    }

    @Test
    void bearsAnyText() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(20); length > 0; length--) {
                text.append("count=bytes,;0123-".charAt(random.nextInt(18)));
            }
            QuotaFigures parsed = parse(text.toString());
            if (parsed != null) {
                assertThat(text(parse(text(parsed)))).isEqualTo(text(parsed));
            }
        }
    }
}
