package io.coord.server.internal.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Stat;
import io.coord.server.internal.inspection.StateReplay;
import io.coord.server.internal.log.LogRecovery;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.tree.Znode;
import io.coord.server.internal.tree.ZnodeTree;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that real old servers wrote, killed in the end, and what a client had seen there: {@code zookeeper/README.md}. */
class GoldenZooKeeperDataTest {
    @TempDir
    Path directory;

    static Path golden(String version) {
        try {
            return Path.of(
                    Objects.requireNonNull(GoldenZooKeeperDataTest.class.getResource("/zookeeper/" + version), version)
                            .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4.14", "3.5.10", "3.6.4"})
    void whatAClientSawIsAllThere(String version) throws IOException {
        Path target = directory.resolve("coord");
        ImportReport report = ZooKeeperImport.run(new ImportSettings(golden(version), null, target, true, false));
        assertThat(report.snapshot()).isNotNull();
        assertThat(report.logs()).hasSize(1);
        assertThat(report.logs().get(0).skipped()).isPositive();
        assertThat(report.applied()).isPositive();
        assertThat(report.dropped()).isEmpty();
        assertThat(report.notes()).isEmpty();
        assertThat(report.lastZxid() >>> Integer.SIZE).as("epoch").isEqualTo(5);
        StateReplay read = new StateReplay();
        LogRecovery.recoverOnce(target, read);
        assertThat(describe(read)).isEqualTo(expected(version));
        assertThat(read.state().lastZxid()).isEqualTo(report.lastZxid());
        Znode sequences = Objects.requireNonNull(read.state().tree().get("/a"));
        assertThat(sequences.createCount())
                .as("the next sequential child's number is that of all that were ever created")
                .isEqualTo((sequences.cversion() + sequences.childCount()) / 2)
                .isEqualTo(9);
    }

    /** 3.4 has no znode for the configuration; later versions make it when they start on its data. */
    private static List<String> expected(String version) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(golden(version).resolve("expected.txt")));
        if (version.startsWith("3.4.")) {
            int system = lines.indexOf("/zookeeper  0 0 0 0 0 0 -1 0 0 1 31:world:anyone");
            lines.set(system, "/zookeeper  0 0 0 0 0 0 -2 0 0 2 31:world:anyone");
            lines.add(system + 1, "/zookeeper/config  0 0 0 0 0 0 0 -1 0 0 1:world:anyone");
        }
        return lines;
    }

    private static List<String> describe(StateReplay read) {
        List<String> lines = new ArrayList<>();
        for (Session each : read.state().sessions().all()) {
            lines.add("session " + Long.toHexString(each.id()) + ' '
                    + Base64.getEncoder().encodeToString(each.password()));
        }
        describe(read.state().tree(), "/", lines);
        return lines;
    }

    private static void describe(ZnodeTree tree, String path, List<String> lines) {
        Znode node = Objects.requireNonNull(tree.get(path));
        Stat stat = node.stat();
        byte[] data = node.data();
        StringBuilder line = new StringBuilder(path
                + ' '
                + (data == null ? "null" : Base64.getEncoder().encodeToString(data))
                + ' '
                + Long.toHexString(stat.czxid())
                + ' '
                + Long.toHexString(stat.mzxid())
                + ' '
                + Long.toHexString(stat.pzxid())
                + ' '
                + stat.ctime()
                + ' '
                + stat.mtime()
                + ' '
                + stat.version()
                + ' '
                + stat.cversion()
                + ' '
                + stat.aversion()
                + ' '
                + Long.toHexString(stat.ephemeralOwner())
                + ' '
                + stat.numChildren());
        for (Acl each : node.acl().entries()) {
            line.append(' ')
                    .append(each.perms())
                    .append(':')
                    .append(each.id().scheme())
                    .append(':');
            line.append(each.id().id());
        }
        lines.add(line.toString());
        tree.childNames(node).stream()
                .sorted()
                .forEach(name -> describe(tree, ImportedState.childOf(path, name), lines));
    }
}
