package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.UnreadableDataException;
import io.coord.client.spi.CompressionProvider;
import io.coord.client.spi.ValueCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Compressed data and typed values, on a real ZooKeeper; {@code other} knows nothing of either. */
class CompressionTest extends ProxiedClientTest {
    private static final byte[] LONG_TEXT = "a line that repeats\n".repeat(100).getBytes(StandardCharsets.UTF_8);
    private static final ValueCodec<LocalDate> DATES = new ValueCodec<>() {
        @Override
        public byte[] encode(LocalDate value) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public LocalDate decode(byte[] data) {
            return LocalDate.parse(new String(data, StandardCharsets.UTF_8));
        }
    };

    @Override
    void configure(CoordClientBuilder builder) {
        builder.enableCompression();
    }

    @Test
    void compressesAllDataWhenItIsSwitchedOn() throws IOException {
        client.create().creatingParentsIfNeeded().forPath("/a/b", LONG_TEXT);
        assertThat(other.getData().forPath("/a/b")).hasSizeLessThan(LONG_TEXT.length / 4);
        assertThat(CompressionProvider.gzip().decompress("/a/b", other.getData().forPath("/a/b")))
                .isEqualTo(LONG_TEXT);
        assertThat(client.getData().forPath("/a/b")).isEqualTo(LONG_TEXT);
        assertThat(client.getData().forPath("/a")).as("a created parent").isEmpty();
        client.setData().forPath("/a/b", new byte[] {1});
        assertThat(client.getData().forPathAsync("/a/b").toCompletableFuture().join())
                .containsExactly(1);
        client.transaction()
                .forOperations(
                        client.transactionOp().create().forPath("/t", LONG_TEXT),
                        client.transactionOp().setData().uncompressed().forPath("/a/b", LONG_TEXT));
        assertThat(other.getData().forPath("/t")).hasSizeLessThan(LONG_TEXT.length);
        assertThat(other.getData().forPath("/a/b")).isEqualTo(LONG_TEXT);
    }

    @Test
    void aCallMayDifferFromTheClient() {
        client.create().uncompressed().forPath("/plain", LONG_TEXT);
        assertThat(other.getData().forPath("/plain")).isEqualTo(LONG_TEXT);
        assertThat(client.getData().undecompressed().forPath("/plain")).isEqualTo(LONG_TEXT);
        other.create().compressed().forPath("/packed", LONG_TEXT);
        assertThat(other.getData().forPath("/packed")).hasSizeLessThan(LONG_TEXT.length);
        assertThat(other.getData().decompressed().forPath("/packed")).isEqualTo(LONG_TEXT);
        other.setData().compressed().forPath("/packed", new byte[] {2});
        assertThat(client.getData().forPath("/packed")).containsExactly(2);
    }

    @Test
    void dataThatWasNeverCompressedIsAnErrorThatNamesThePath() {
        other.create().forPath("/plain", LONG_TEXT);
        assertThatThrownBy(() -> client.getData().forPath("/plain"))
                .isInstanceOf(UnreadableDataException.class)
                .hasMessageContaining("/plain");
        CompletableFuture<byte[]> stage =
                client.getData().forPathAsync("/plain").toCompletableFuture();
        assertThatThrownBy(stage::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(UnreadableDataException.class);
    }

    @Test
    void dataThatGrowsBeyondTheLimitIsRefused() throws IOException {
        byte[] packed = CompressionProvider.gzip().compress("/bomb", new byte[1_000_000]);
        CompressionProvider careful = CompressionProvider.gzip(999_999);
        assertThatThrownBy(() -> careful.decompress("/bomb", packed)).isInstanceOf(IOException.class);
        assertThat(CompressionProvider.gzip(1_000_000).decompress("/bomb", packed))
                .hasSize(1_000_000);
    }

    @Test
    void valuesAreEncodedAndDecoded() {
        LocalDate first = LocalDate.of(2026, 11, 22);
        assertThat(client.create().as(DATES).forPath("/d", first)).isEqualTo("/d");
        assertThat(other.getData().decompressed().as(DATES).forPath("/d")).isEqualTo(first);
        StatHolder stat = new StatHolder();
        assertThat(client.setData()
                        .withVersion(0)
                        .as(DATES)
                        .forPath("/d", first.plusDays(1))
                        .version())
                .isEqualTo(1);
        assertThat(client.getData()
                        .storingStatIn(stat)
                        .as(DATES)
                        .forPathAsync("/d")
                        .toCompletableFuture()
                        .join())
                .isEqualTo(first.plusDays(1));
        assertThat(stat.get().version()).isEqualTo(1);
        client.setData().forPath("/d", "tomorrow".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> client.getData().as(DATES).forPath("/d"))
                .isInstanceOf(UnreadableDataException.class)
                .hasMessageContaining("tomorrow");
        assertThat(client.getData().as(ValueCodec.utf8()).forPath("/d")).isEqualTo("tomorrow");
    }
}
