package io.coord.server.internal.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.inspection.StateReplay;
import io.coord.server.internal.log.LogRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to what ZooKeeper left is named, and never imported. */
class ZooKeeperImportDamageTest {
    private static final String SNAPSHOT = "snapshot.500000013";
    private static final String LOG = "log.500000001";
    private static final long LAST_ZXID = 0x500000020L;

    @TempDir
    Path directory;

    private Path source;
    private int targets;

    @BeforeEach
    void copyGoldenData() throws IOException {
        source = Files.createDirectories(directory.resolve("version-2"));
        try (Stream<Path> files =
                Files.list(GoldenZooKeeperDataTest.golden("3.6.4").resolve("version-2"))) {
            for (Path each : files.toList()) {
                Files.copy(each, source.resolve(each.getFileName().toString()));
            }
        }
    }

    private ImportReport importIt() throws IOException {
        return ZooKeeperImport.run(
                new ImportSettings(directory, null, directory.resolve("coord-" + targets++), true, false));
    }

    private long digestOf(ImportReport report) throws IOException {
        StateReplay read = new StateReplay();
        LogRecovery.recoverOnce(report.target(), read);
        return read.state().digest();
    }

    @Test
    void aFlippedByteAnywhereIsNamedOrHarmless() throws IOException {
        long whole = digestOf(importIt());
        for (String name : List.of(SNAPSHOT, LOG)) {
            Path file = source.resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            int named = 0;
            for (int i = 0; i < bytes.length; i += bytes[i] == 0 ? 41 : 7) {
                byte[] damaged = bytes.clone();
                damaged[i] ^= 0x20;
                Files.write(file, damaged);
                try {
                    ImportReport report = importIt();
                    named += report.notes().stream().anyMatch(note -> note.contains(name)) ? 1 : 0;
                    // The last transaction may look like a write that a crash cut short.
                    assertThat(report.notes().isEmpty() || name.equals(SNAPSHOT) ? digestOf(report) : whole)
                            .as("%s at %d", name, i)
                            .isEqualTo(whole);
                    assertThat(report.lastZxid()).isGreaterThanOrEqualTo(LAST_ZXID - 1);
                } catch (ImportRefusedException e) {
                    named++;
                    assertThat(e).hasMessageContaining(name).hasMessageContaining("offset");
                    assertThat(directory.resolve("coord-" + (targets - 1))).doesNotExist();
                }
            }
            Files.write(file, bytes);
            assertThat(named).as(name).isGreaterThan(50);
        }
    }

    @Test
    void aWriteThatACrashCutShortIsLeftOut() throws IOException {
        ImportReport whole = importIt();
        byte[] bytes = Files.readAllBytes(source.resolve(LOG));
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        for (int cut = 1; cut < 20; cut++) {
            byte[] torn = Arrays.copyOf(Arrays.copyOf(bytes, end - cut), bytes.length);
            Files.write(source.resolve(LOG), torn);
            ImportReport report = importIt();
            assertThat(report.lastZxid()).isEqualTo(whole.lastZxid() - 1);
            assertThat(report.notes()).singleElement().asString().contains(LOG, "crash");
        }
    }

    @Test
    void aLogThatLacksItsBeginningIsRefused() throws IOException {
        Files.delete(source.resolve(SNAPSHOT));
        Files.delete(source.resolve("snapshot.0"));
        assertThatThrownBy(this::importIt)
                .isInstanceOf(ImportRefusedException.class)
                .hasMessageContaining("missing between 0x0 and 0x500000001");
    }

    @Test
    void anOlderSnapshotDoesWhenTheLogGoesBackToIt() throws IOException {
        long whole = digestOf(importIt());
        byte[] bytes = Files.readAllBytes(source.resolve(SNAPSHOT));
        bytes[1_000] ^= 1;
        Files.write(source.resolve(SNAPSHOT), bytes);
        ImportReport report = importIt();
        assertThat(report.snapshot()).hasFileName("snapshot.0");
        assertThat(report.notes()).singleElement().asString().contains(SNAPSHOT, "offset");
        assertThat(digestOf(report)).isEqualTo(whole);
    }

    @Test
    void sessionsCanBeLeftOut() throws IOException {
        ImportReport report = ZooKeeperImport.run(
                new ImportSettings(directory, null, directory.resolve("without-sessions"), false, false));
        assertThat(report.sessions()).isZero();
        assertThat(report.ephemerals()).isZero();
        assertThat(report.dropped()).hasSize(2).anyMatch(line -> line.contains("/a/living"));
    }

    @Test
    void aDirectoryWithSomethingInItIsNotTouched() throws IOException {
        Path target = Files.createDirectories(directory.resolve("taken"));
        Files.writeString(target.resolve("mine"), "here");
        assertThatThrownBy(() -> ZooKeeperImport.run(new ImportSettings(directory, null, target, true, false)))
                .isInstanceOf(ImportRefusedException.class)
                .hasMessageContaining("not empty");
        assertThat(target.resolve("mine")).hasContent("here");
    }
}
