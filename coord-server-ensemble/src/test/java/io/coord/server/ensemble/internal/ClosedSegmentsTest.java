package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log that Ratis itself has written, whole and damaged. */
class ClosedSegmentsTest {
    private static final int WRITES = 24;
    private static final int WRITE_BYTES = 900_000;

    @TempDir
    Path directory;

    private static void flip(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}), offset);
        }
    }

    @Test
    void aFlippedByteIsNamedWhereverItIs() throws Exception {
        Members members = new Members(directory, 1, 0, 100_000);
        members.startAll();
        ZooKeeper client = members.client(1);
        client.create("/big", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
        for (int i = 0; i < WRITES; i++) {
            client.setData("/big", new byte[WRITE_BYTES], -1);
        }
        members.closeAll();
        Path log = members.directory(1).resolve("ensemble");
        ClosedSegments.check(log);

        Path segment;
        try (Stream<Path> files = Files.walk(log)) {
            segment = files.filter(each -> each.getFileName().toString().matches("log_\\d+-\\d+"))
                    .findFirst()
                    .orElseThrow();
        }
        long size = Files.size(segment);
        assertThat(size).isGreaterThan(10_000_000);
        for (long offset : new long[] {0, 8, 9, 40, size / 2, size - 1}) {
            flip(segment, offset);
            assertThatThrownBy(() -> ClosedSegments.check(log))
                    .as("offset " + offset)
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining(segment.getFileName().toString())
                    .hasMessageContaining(" is damaged");
            flip(segment, offset);
        }
        ClosedSegments.check(log);
    }
}
