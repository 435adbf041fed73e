package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoriesTest {
    @TempDir
    Path parent;

    private Path data() {
        return parent.resolve("data");
    }

    private Path log() {
        return parent.resolve("log");
    }

    private static void touch(Path directory, String name) throws IOException {
        Files.createDirectories(directory);
        Files.createFile(directory.resolve(name));
    }

    @Test
    void eachFileGoesToItsOwnDirectory() throws IOException {
        LogDirectory both = DataDirectories.of(data(), log()).open();
        both.create(LogFormat.snapshotName(7) + LogFormat.TEMPORARY).close();
        both.rename(LogFormat.snapshotName(7) + LogFormat.TEMPORARY, LogFormat.snapshotName(7));
        both.create(LogFormat.segmentName(1)).close();
        assertThat(data().resolve(LogFormat.snapshotName(7))).exists();
        assertThat(log().resolve(LogFormat.segmentName(1))).exists();
        assertThat(both.list()).contains(LogFormat.snapshotName(7), LogFormat.segmentName(1));
        assertThat(both.describe(LogFormat.segmentName(1))).startsWith(log().toString());
        assertThat(DataDirectories.existing(data()).openToRead().list())
                .contains(LogFormat.snapshotName(7), LogFormat.segmentName(1));
    }

    @Test
    void aLogThatIsElsewhereIsNotForgotten() throws IOException {
        DataDirectories.of(data(), log()).open();
        touch(log(), LogFormat.segmentName(1));
        assertThatThrownBy(() -> DataDirectories.of(data(), null).open())
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining("is in " + log());
        assertThatThrownBy(() ->
                        DataDirectories.of(data(), parent.resolve("other")).open())
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining("was in " + log());
        Files.move(log(), parent.resolve("moved"));
        DataDirectories.of(data(), parent.resolve("moved")).open();
        assertThat(DataDirectories.existing(data()).log()).isEqualTo(parent.resolve("moved"));
    }

    @Test
    void aLogThatIsStillBesideTheSnapshotsIsNotForgotten() throws IOException {
        touch(data(), LogFormat.segmentName(1));
        assertThatThrownBy(() -> DataDirectories.of(data(), log()).open())
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining("there is one in " + data());
        assertThat(Files.exists(data().resolve(DataDirectories.LOG_DIRECTORY))).isFalse();
    }

    @Test
    void snapshotsWithoutTheirLogAreNotStartedOn() throws IOException {
        touch(data(), LogFormat.snapshotName(9));
        assertThatThrownBy(() -> DataDirectories.of(data(), log()).open())
                .isInstanceOf(LogMismatchException.class)
                .hasMessageContaining("no log in " + log());
    }

    @Test
    void bothDirectoriesAreClaimed() throws IOException {
        LogDirectory both = DataDirectories.of(data(), log()).open();
        try (var claim = LogRecovery.lock(both)) {
            assertThat(claim).isNotNull();
            for (Path each : List.of(data(), log())) {
                assertThatThrownBy(() -> LogRecovery.lock(new DiskLogDirectory(each)))
                        .isInstanceOf(DirectoryLockedException.class);
            }
        }
        LogRecovery.lock(new DiskLogDirectory(data())).close();
    }
}
