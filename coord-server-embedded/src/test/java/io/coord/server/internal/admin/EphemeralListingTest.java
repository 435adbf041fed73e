package io.coord.server.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.DeleteRequest;
import io.coord.protocol.request.Request;
import io.coord.server.internal.admin.EphemeralListing.Owned;
import io.coord.server.internal.replication.Command;
import io.coord.server.internal.session.Session;
import io.coord.server.internal.state.CoordStateMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code dump} collects, a little at a time. */
class EphemeralListingTest {
    private final CoordStateMachine state = new CoordStateMachine(1);

    private Session session() {
        return state.apply(new Command.CreateSession(1, 1_000, new byte[16])).opened();
    }

    private void write(Session session, Request request) {
        List<Id> nobody = List.of(new Id("ip", "127.0.0.1"));
        assertThat(state.apply(new Command.Write(1, session.id(), session.attachment(), nobody, request))
                        .answer()
                        .isOk())
                .isTrue();
    }

    private void create(Session session, String path) {
        write(session, new CreateRequest(OpCode.CREATE, path, null, Acl.OPEN, 1));
    }

    private static List<Owned> rest(EphemeralListing listing, int most) {
        List<Owned> all = new ArrayList<>();
        List<Owned> some = listing.next(most);
        while (!some.isEmpty()) {
            assertThat(some).hasSizeLessThanOrEqualTo(most);
            all.addAll(some);
            some = listing.next(most);
        }
        return all;
    }

    @Test
    void allOfAllSessionsAreListedWhereverSlicesEnd() {
        List<Owned> expected = new ArrayList<>();
        for (int s = 0; s < 5; s++) {
            Session session = session();
            for (int i = 0; i < s; i++) {
                String path = "/e" + s + "-" + i;
                create(session, path);
                expected.add(new Owned(session.id(), path));
            }
        }
        for (int most = 1; most <= 11; most++) {
            EphemeralListing listing = new EphemeralListing(state);
            assertThat(listing.size()).isEqualTo(10);
            assertThat(rest(listing, most)).as("slices of %s", most).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void whatGoesMeanwhileIsNotListedTwiceAndWhatStaysFirstIs() {
        Session first = session();
        Session second = session();
        for (int i = 0; i < 10; i++) {
            create(first, "/a" + i);
            create(second, "/b" + i);
        }
        EphemeralListing listing = new EphemeralListing(state);
        List<Owned> all = new ArrayList<>(listing.next(5));
        write(first, new DeleteRequest(all.get(0).path(), -1));
        state.apply(new Command.CloseSession(1, second.id(), second.attachment(), true));
        all.addAll(rest(listing, 5));

        assertThat(all).doesNotHaveDuplicates().noneMatch(each -> each.sessionId() == second.id());
        assertThat(all).hasSizeBetween(9, 10);
    }
}
