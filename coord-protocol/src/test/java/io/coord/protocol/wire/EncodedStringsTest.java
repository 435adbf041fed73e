package io.coord.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class EncodedStringsTest {
    private static final List<String> STRINGS = List.of("a", "", "ä", "日本語", "x".repeat(300));

    private static EncodedStrings encoded(List<String> strings) {
        int length = 4;
        for (String each : strings) {
            length += 4 + each.getBytes(StandardCharsets.UTF_8).length;
        }
        EncodedStrings.Builder builder = new EncodedStrings.Builder(strings.size(), length);
        for (String each : strings) {
            byte[] bytes = ("--" + each + "--").getBytes(StandardCharsets.UTF_8);
            builder.add(bytes, 2, bytes.length - 4);
        }
        return builder.build();
    }

    private static ByteBuf written(List<String> strings) {
        ByteBuf out = Unpooled.buffer();
        new WireWriter(out).writeStrings(strings);
        return out;
    }

    @Test
    void areTheListThatTheyWereMadeOf() {
        EncodedStrings strings = encoded(STRINGS);
        assertThat(strings).isEqualTo(STRINGS).containsExactlyElementsOf(STRINGS);
        assertThat(new ArrayList<>(strings)).isEqualTo(STRINGS);
        assertThat(encoded(List.of())).isEmpty();
    }

    @Test
    void areWrittenAsAnyOtherList() {
        assertThat(written(encoded(STRINGS))).isEqualTo(written(STRINGS));
        assertThat(encoded(STRINGS).encodedLength()).isEqualTo(written(STRINGS).readableBytes());
        assertThat(written(encoded(List.of()))).isEqualTo(written(List.of()));
    }

    /** As any other record: see {@link WireWriter#beginFrame(int)}. */
    @Test
    void thatDoNotFitAFrameAreCountedAndNotWritten() {
        EncodedStrings strings = encoded(STRINGS);
        ByteBuf out = Unpooled.buffer();
        WireWriter writer = new WireWriter(out);
        int mark = writer.beginFrame(strings.encodedLength() - 1);
        writer.writeStrings(strings);

        assertThat(writer.endFrame(mark)).isEqualTo(strings.encodedLength());
        assertThat(out.readableBytes()).isZero();
    }

    @Test
    void endWhereTheyEnd() {
        EncodedStrings strings = encoded(List.of("a"));
        Iterator<String> iterator = strings.iterator();
        iterator.next();

        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> strings.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new EncodedStrings.Builder(1, 9).build()).isInstanceOf(IllegalStateException.class);
    }
}
