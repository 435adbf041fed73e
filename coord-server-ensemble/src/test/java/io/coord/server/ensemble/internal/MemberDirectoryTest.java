package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.replication.MemberSettings;
import io.coord.server.internal.replication.MemberSettings.Peer;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberDirectoryTest {
    @TempDir
    Path directory;

    private MemberSettings member(String ensemble, int id) {
        return member(
                ensemble,
                id,
                List.of(new Peer(1, "localhost", 2001, 3001, false), new Peer(2, "localhost", 2002, 3002, false)));
    }

    private MemberSettings member(String ensemble, int id, List<Peer> peers) {
        return new MemberSettings(
                ensemble, id, peers, false, directory, directory, true, 1_000, 1_000, 500, 1_000, 2_000);
    }

    @Test
    void isOpenedAgainByTheMemberThatMadeIt() throws IOException {
        Path first = MemberDirectory.open(member("one", 1)).path();

        assertThat(MemberDirectory.open(member("one", 1)).path()).isEqualTo(first);
    }

    @Test
    void isNotOpenedByAnotherMemberOrAnotherEnsemble() throws IOException {
        MemberDirectory.open(member("one", 1));

        assertThatThrownBy(() -> MemberDirectory.open(member("one", 2)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("belongs to member 1 of the ensemble one");
        assertThatThrownBy(() -> MemberDirectory.open(member("two", 1)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("belongs to member 1 of the ensemble one");
    }

    @Test
    void isNotOpenedWhenOthersBelongToTheEnsembleThanBefore() throws IOException {
        MemberDirectory.open(member("one", 1));
        Peer self = new Peer(1, "localhost", 2001, 3001, false);

        for (List<Peer> peers : List.of(
                List.of(self),
                List.of(self, new Peer(2, "localhost", 2002, 3002, true)),
                List.of(self, new Peer(3, "localhost", 2003, 3003, false)))) {
            assertThatThrownBy(() -> MemberDirectory.open(member("one", 1, peers)))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("made of the members 1 2, and the settings name 1")
                    .hasMessageContaining("change them with reconfig");
        }
    }

    @Test
    void isOpenedWhenAnAddressHasChanged() throws IOException {
        Path first = MemberDirectory.open(member("one", 1)).path();

        assertThat(MemberDirectory.open(member(
                                "one",
                                1,
                                List.of(
                                        new Peer(2, "elsewhere", 2012, 3012, false),
                                        new Peer(1, "localhost", 2011, 3011, false))))
                        .path())
                .isEqualTo(first);
    }

    @Test
    void filesThatNobodyKnowsAreNotTakenOver() throws IOException {
        Files.createDirectories(directory.resolve("ensemble").resolve("something"));

        assertThatThrownBy(() -> MemberDirectory.open(member("one", 1)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no file that says");
    }
}
