package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Zeros ahead of small batches, which save each of them blocks to allocate; none ahead of large ones. */
class SegmentFillingTest {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final LogConfig CONFIG = LogConfig.DEFAULT.withSegmentBytes(64 << 10, SEGMENT_BYTES);
    private static final String NEXT = LogFormat.temporarySegmentName("next");

    private final SimulatedDirectory directory = new SimulatedDirectory();

    @Test
    void fillsAheadOfSmallBatches() throws IOException {
        try (LogUser user = LogUser.start(directory, CONFIG)) {
            write(user.log(), 400, 1_000);
            assertThat(unfilledSegments()).isEmpty();
        }
    }

    @Test
    void doesNotFillAheadOfLargeBatchesNorCutThemIntoSmallSegments() throws IOException {
        try (LogUser user = LogUser.start(directory, CONFIG)) {
            write(user.log(), 200, 100_000);
            assertThat(directory.list()).doesNotContain(NEXT);
            assertThat(segments()).hasSizeLessThan(28);
        }
    }

    @Test
    void goesBackToZerosSoonAfterTheLastLargeBatch() throws IOException {
        try (LogUser user = LogUser.start(directory, CONFIG)) {
            write(user.log(), 100, 100_000);
            assertThat(unfilledSegments()).isNotEmpty();
            int before = segments().size();
            write(user.log(), 600, 100);
            assertThat(segments()).hasSize(before + 1);
            assertThat(sizeOf(newestSegment())).isEqualTo(SEGMENT_BYTES);
        }
    }

    @Test
    void goesBackToZerosAfterAStartOnASegmentWithoutThem() throws IOException {
        try (LogUser user = LogUser.start(directory, CONFIG)) {
            write(user.log(), 100, 100_000);
        }
        try (LogUser user = LogUser.start(directory, CONFIG)) {
            int before = segments().size();
            write(user.log(), 300, 100);
            assertThat(segments()).hasSize(before + 1);
            assertThat(sizeOf(newestSegment())).isGreaterThan(300 * 200);
        }
    }

    private static void write(WriteAheadLog log, int batches, int bytes) throws IOException {
        for (int i = 0; i < batches; i++) {
            ByteBuf out = log.beginEntry();
            out.writeLong(log.lastIndex() + 1).writeZero(bytes);
            log.endEntry();
            log.commit();
        }
    }

    private List<String> segments() {
        List<String> segments = new ArrayList<>(directory.list());
        segments.removeIf(name -> LogFormat.segmentIndex(name) < 0);
        segments.sort(null);
        return segments;
    }

    private String newestSegment() {
        List<String> segments = segments();
        return segments.get(segments.size() - 1);
    }

    private List<String> unfilledSegments() throws IOException {
        List<String> unfilled = new ArrayList<>();
        for (String each : segments()) {
            if (sizeOf(each) % (64 << 10) != 0) {
                unfilled.add(each);
            }
        }
        return unfilled;
    }

    private long sizeOf(String name) throws IOException {
        try (LogFile file = directory.open(name)) {
            return file.size();
        }
    }
}
