package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedMarkTest {
    @TempDir
    Path directory;

    private SyncedMark mark;

    @BeforeEach
    void create() throws Exception {
        mark = SyncedMark.create(directory, 10);
    }

    @AfterEach
    void close() throws Exception {
        mark.close();
    }

    private long found() throws Exception {
        return SyncedMark.read(directory).orElseThrow();
    }

    @Test
    void goesUpWhenTheResultIsAskedForAndNotBefore() throws Exception {
        CompletableFuture<Void> synced = mark.whenSynced(12);
        assertThat(found()).isEqualTo(10);

        synced.get();

        assertThat(found()).isEqualTo(12);
        mark.whenSynced(11).get();
        assertThat(found()).isEqualTo(12);
    }

    @Test
    void goesDownBeforeTheLogIsCutAndStaysThereUntilItWas() throws Exception {
        CompletableFuture<Void> cut = mark.whenCut(8);
        assertThat(found()).isEqualTo(7);

        // Written before the cut, so that the cut takes it away.
        mark.whenSynced(11).get();
        assertThat(found()).isEqualTo(7);

        cut.get();
        mark.whenSynced(9).get();
        assertThat(found()).isEqualTo(9);
    }

    @Test
    void theLowestOfTheCutsToComeCounts() throws Exception {
        CompletableFuture<Void> first = mark.whenCut(8);
        CompletableFuture<Void> second = mark.whenCut(6);
        first.get();
        mark.whenSynced(9).get();
        assertThat(found()).isEqualTo(5);

        second.get();
        mark.whenSynced(9).get();
        assertThat(found()).isEqualTo(9);
    }

    @Test
    void cutsThatASnapshotHasReplacedAreForgotten() throws Exception {
        mark.whenCut(8);
        mark.onLogReplaced();
        mark.whenSynced(20).get();

        assertThat(found()).isEqualTo(20);
    }

    @Test
    void isStillThereWhenTheMemberHasEnded() throws Exception {
        mark.whenSynced(30).get();
        mark.close();

        assertThat(found()).isEqualTo(30);
        mark = SyncedMark.create(directory, 31);
        assertThat(found()).isEqualTo(31);
    }
}
