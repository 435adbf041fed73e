package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.spi.CompressionProvider;
import java.nio.charset.StandardCharsets;
import org.apache.curator.framework.imps.GzipCompressionProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Coord and Curator read each other's compressed data. */
class CompressionCompatTest {
    private final CompressionProvider ours = CompressionProvider.gzip();
    private final GzipCompressionProvider theirs = new GzipCompressionProvider();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 100_000})
    void eachReadsWhatTheOtherWrites(int repetitions) throws Exception {
        byte[] data = "a line\n".repeat(repetitions).getBytes(StandardCharsets.UTF_8);

        assertThat(ours.decompress("/a", theirs.compress("/a", data))).isEqualTo(data);
        assertThat(theirs.decompress("/a", ours.compress("/a", data))).isEqualTo(data);
    }
}
