package io.coord.server.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The other process is a real one. */
class DirectoryLockTest {
    @TempDir
    private Path parent;

    private Path directory() throws IOException {
        return Files.createDirectories(parent.resolve("data"));
    }

    private static int inAnotherProcess(Path directory) throws IOException, InterruptedException {
        String classes = Stream.of(LockAttempt.class, DiskLogDirectory.class, Logger.class)
                .map(DirectoryLockTest::origin)
                .collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        LockAttempt.class.getName(),
                        directory.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void keepsAnotherProcessOutAfterASecondStartInThisOneWasRefused() throws Exception {
        Path directory = directory();
        Path alias = Files.createSymbolicLink(parent.resolve("alias"), directory);
        try (Closeable lock = LogRecovery.lock(new DiskLogDirectory(directory))) {
            assertThat(lock).isNotNull();
            for (Path second : List.of(directory, alias)) {
                assertThatThrownBy(() -> LogRecovery.lock(new DiskLogDirectory(second)))
                        .isInstanceOf(DirectoryLockedException.class)
                        .hasMessageContaining(
                                "process " + ProcessHandle.current().pid());
            }
            assertThat(inAnotherProcess(directory)).isEqualTo(LockAttempt.REFUSED);
        }
        assertThat(inAnotherProcess(directory)).isEqualTo(LockAttempt.LOCKED);
    }

    /** What Coord classes of another class loader do is not in the list of these ones. */
    @Test
    void keepsALockThatThisProcessTookBehindItsBack() throws Exception {
        Path directory = directory();
        try (FileChannel foreign = FileChannel.open(
                directory.resolve(LogFormat.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            foreign.lock();
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> LogRecovery.lock(new DiskLogDirectory(directory)))
                        .isInstanceOf(DirectoryLockedException.class);
            }
            assertThat(inAnotherProcess(directory)).isEqualTo(LockAttempt.REFUSED);
        }
        try (Closeable lock = LogRecovery.lock(new DiskLogDirectory(directory))) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void letsTheNextOneInOnceItIsClosed() throws IOException {
        Path directory = directory();
        for (int i = 0; i < 3; i++) {
            Closeable lock = LogRecovery.lock(new DiskLogDirectory(directory));
            lock.close();
            lock.close();
        }
        assertThat(Files.readString(directory.resolve(LogFormat.LOCK)))
                .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }
}
