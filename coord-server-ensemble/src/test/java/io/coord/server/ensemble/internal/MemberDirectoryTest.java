package io.coord.server.ensemble.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.server.internal.replication.EnsembleMembers;
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
                ensemble, id, peers, false, directory, directory, true, 1_000, 1_000, 500, 1_000, 2_000, null);
    }

    private static MemberDirectory open(MemberSettings settings) throws IOException {
        return MemberDirectory.open(settings, new KnownMembers(settings));
    }

    @Test
    void isOpenedAgainByTheMemberThatMadeIt() throws IOException {
        Path first = open(member("one", 1)).path();

        assertThat(open(member("one", 1)).path()).isEqualTo(first);
    }

    @Test
    void isNotOpenedByAnotherMemberOrAnotherEnsemble() throws IOException {
        open(member("one", 1));

        assertThatThrownBy(() -> open(member("one", 2)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("belongs to member 1 of the ensemble one");
        assertThatThrownBy(() -> open(member("two", 1)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("belongs to member 1 of the ensemble one");
    }

    @Test
    void isNotOpenedWhenOthersBelongToTheEnsembleThanBefore() throws IOException {
        open(member("one", 1));
        Peer self = new Peer(1, "localhost", 2001, 3001, false);

        for (List<Peer> peers : List.of(
                List.of(self),
                List.of(self, new Peer(2, "localhost", 2002, 3002, true)),
                List.of(self, new Peer(3, "localhost", 2003, 3003, false)))) {
            assertThatThrownBy(() -> open(member("one", 1, peers)))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageContaining("made of the members 1 2, and the settings name 1")
                    .hasMessageContaining("change them with reconfig");
        }
    }

    @Test
    void isOpenedWhenAnAddressHasChanged() throws IOException {
        Path first = open(member("one", 1)).path();

        assertThat(open(member(
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

        assertThatThrownBy(() -> open(member("one", 1)))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("no file that says");
    }

    @Test
    void saysAfterAChangeWhoBelongsToTheEnsembleThoughTheSettingsNameOthers() throws IOException {
        MemberSettings settings = member("one", 1);
        KnownMembers known = new KnownMembers(settings);
        MemberDirectory opened = MemberDirectory.open(settings, known);
        known.update(view("server.1=elsewhere:1:2:participant\nserver.2=localhost:2002:3002:participant\nversion=1"));
        known.update(view("server.1=elsewhere:1:2:participant\nserver.3=host:2003:3003:observer;2181\nversion=a"));
        opened.remember(known.said());

        KnownMembers again = new KnownMembers(settings);
        MemberDirectory.open(settings, again);

        assertThat(again.current().text())
                .isEqualTo("server.1=localhost:2001:3001:participant\n"
                        + "server.3=host:2003:3003:observer;0.0.0.0:2181\nversion=a");
        assertThat(again.said()).isEqualTo(known.said());
        assertThat(again.isOutside()).isFalse();
        assertThat(again.find(2)).contains(new Peer(2, "localhost", 2002, 3002, false));
        assertThat(again.isKnown(2)).isFalse();
    }

    @Test
    void saysThatItsMemberWasRemoved() throws IOException {
        MemberSettings settings = member("one", 1);
        KnownMembers known = new KnownMembers(settings);
        MemberDirectory opened = MemberDirectory.open(settings, known);
        known.update(view("server.1=localhost:2001:3001\nserver.2=localhost:2002:3002\nversion=1"));
        assertThat(known.leave(EnsembleMembers.parse("server.2=localhost:2002:3002\nversion=2")))
                .isTrue();
        opened.remember(known.said());

        KnownMembers again = new KnownMembers(settings);
        MemberDirectory.open(settings, again);

        assertThat(again.isOutside()).isTrue();
        assertThat(again.leave(EnsembleMembers.parse("server.2=localhost:2002:3002\nversion=1")))
                .as("older than what it knows")
                .isFalse();
    }

    @Test
    void aMemberThatHasMovedIsWhereTheLogSaysUnlessItsSettingsAreChangedAfterThat() throws IOException {
        MemberSettings settings = member("one", 1);
        KnownMembers known = new KnownMembers(settings);
        MemberDirectory opened = MemberDirectory.open(settings, known);
        known.update(view("server.1=localhost:2001:3001\nserver.2=localhost:2002:3002\nversion=1"));
        known.update(view("server.1=localhost:2001:3001\nserver.2=moved:2:3\nversion=2"));
        assertThat(known.member(2).host()).isEqualTo("moved");
        opened.remember(known.said());

        KnownMembers again = new KnownMembers(settings);
        MemberDirectory.open(settings, again);
        assertThat(again.member(2).host()).isEqualTo("moved");

        MemberSettings edited = member(
                "one",
                1,
                List.of(new Peer(1, "localhost", 2001, 3001, false), new Peer(2, "edited", 2002, 3002, false)));
        KnownMembers afterEdit = new KnownMembers(edited);
        MemberDirectory.open(edited, afterEdit);
        assertThat(afterEdit.member(2).host()).isEqualTo("edited");
    }

    private static EnsembleMembers.View view(String text) {
        return new EnsembleMembers.View(EnsembleMembers.parse(text), null);
    }
}
