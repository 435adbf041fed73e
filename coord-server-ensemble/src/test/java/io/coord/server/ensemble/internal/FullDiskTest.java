package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member on a real file system of a few megabytes. */
class FullDiskTest {
    private static final int WRITES = 9;
    private static final int WRITE_BYTES = 900_000;

    @TempDir
    Path directory;

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? "" : command[0] + " said: " + said.strip();
    }

    @Test
    void aMemberWhoseDiskIsFullStopsAndLosesNothingAndTheOthersGoOn() throws Exception {
        Members members = new Members(directory, 3, 0, 100_000).withFsync();
        Path small = Files.createDirectories(members.directory(3));
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=6m", "coord-small-disk", small.toString());
        Assumptions.assumeTrue(refusal.isEmpty(), "a disk of this size needs the right to mount one: " + refusal);
        try {
            members.startAll();
            ZooKeeper client = members.client(List.of(1, 2));
            client.create("/big", new byte[0], ZooDefs.Ids.OPEN_ACL_UNSAFE, CreateMode.PERSISTENT);
            int[] written = {0};
            // Should the full one lead, the others elect another leader, and a write or two has no answer.
            while (written[0] < WRITES) {
                await().atMost(Members.DEADLINE)
                        .ignoreExceptionsInstanceOf(KeeperException.ConnectionLossException.class)
                        .until(() -> {
                            client.setData("/big", new byte[WRITE_BYTES], -1);
                            written[0]++;
                            return true;
                        });
            }
            await().atMost(Members.DEADLINE).until(() -> members.mode(3).isEmpty());
            int version = client.exists("/big", false).getVersion();
            assertThat(version).isGreaterThanOrEqualTo(WRITES);
            members.stop(3);

            assertThat(run("mount", "-o", "remount,size=100m", small.toString()))
                    .isEmpty();
            members.start(3);
            members.awaitServing(List.of(3));

            ZooKeeper there = members.client(3);
            await().atMost(Members.DEADLINE)
                    .until(() -> there.exists("/big", false).getVersion() >= version);
        } finally {
            members.closeAll();
            assertThat(run("umount", "--lazy", small.toString())).isEmpty();
        }
        try (Stream<Path> left = Files.list(small)) {
            assertThat(left).isEmpty();
        }
    }
}
