package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    @TempDir
    Path directory;

    private Path saved() throws IOException {
        SnapshotFile file = SnapshotFile.create(directory);
        file.write(Unpooled.copiedBuffer("first", StandardCharsets.UTF_8));
        file.write(Unpooled.EMPTY_BUFFER);
        file.write(Unpooled.copiedBuffer("second", StandardCharsets.UTF_8));
        SingleFileSnapshotInfo info = file.finish(3, 14);
        return info.getFile().getPath();
    }

    private static List<String> read(Path file) throws IOException {
        List<String> chunks = new ArrayList<>();
        SnapshotFile.read(file, chunk -> chunks.add(chunk.toString(StandardCharsets.UTF_8)));
        return chunks;
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        Path file = saved();

        assertThat(file.getFileName()).hasToString("snapshot.3_14");
        assertThat(directory.resolve("snapshot.3_14.md5")).exists();
        assertThat(read(file)).containsExactly("first", "second");
    }

    @Test
    void anyDamageIsFoundWithItsPlace() throws IOException {
        Path file = saved();
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x11;
            Files.write(file, damaged);
            assertThatThrownBy(() -> read(file))
                    .as("byte %d", at)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged at offset");
        }
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is damaged at offset");
        }
    }

    @Test
    void anUnfinishedOneIsNoSnapshotAndGoesWithTheNext() throws IOException {
        SnapshotFile unfinished = SnapshotFile.create(directory);
        unfinished.write(Unpooled.copiedBuffer("lost", StandardCharsets.UTF_8));
        unfinished.close();

        assertThat(read(saved())).containsExactly("first", "second");
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("snapshot.3_14", "snapshot.3_14.md5");
    }
}
