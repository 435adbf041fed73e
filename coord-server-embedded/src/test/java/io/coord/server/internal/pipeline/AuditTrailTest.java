package io.coord.server.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.protocol.OpCode;
import io.coord.protocol.data.Acl;
import io.coord.protocol.data.CreateMode;
import io.coord.protocol.data.Id;
import io.coord.protocol.request.AuthPacket;
import io.coord.protocol.request.CreateRequest;
import io.coord.protocol.request.ExistsRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the record is told, and when. */
class AuditTrailTest {
    private final SequencerFixture fixture = new SequencerFixture(Limits.ofHeap(1L << 30));
    private final SequencerFixture.Client client = fixture.session();

    private void create(int xid, String path, CreateMode mode) {
        client.send(xid, new CreateRequest(OpCode.CREATE, path, null, Acl.OPEN, mode.flag()));
    }

    @Test
    void aWriteIsNotedOnceItIsDecidedAndAReadNever() {
        create(1, "/a", CreateMode.PERSISTENT);
        client.send(2, new ExistsRequest("/a", false));
        assertThat(fixture.noted).isEmpty();
        fixture.replicator.commitAll();
        create(3, "/a", CreateMode.PERSISTENT);
        fixture.replicator.commitAll();
        assertThat(fixture.noted).containsExactly("CREATE OK", "CREATE NODE_EXISTS");
    }

    @Test
    void aWriteIsNotedThoughItsClientHasGone() {
        create(1, "/a", CreateMode.PERSISTENT);
        client.disconnect();
        fixture.replicator.commitAll();
        assertThat(fixture.noted).containsExactly("CREATE OK");
    }

    @Test
    void aWriteThatTheLogDoesNotTakeHasFailed() {
        create(1, "/a", CreateMode.PERSISTENT);
        fixture.replicator.refuseLast();
        assertThat(fixture.noted).containsExactly("CREATE THROTTLED_OP");
    }

    @Test
    void aWriteWhoseFateNobodyKnowsIsNotedAsJustThat() {
        create(1, "/a", CreateMode.PERSISTENT);
        fixture.replicator.failLog();
        assertThat(fixture.noted).containsExactly("CREATE unknown");
    }

    @Test
    void ephemeralsThatGoWithASilentSessionAreNoted() {
        create(1, "/a", CreateMode.EPHEMERAL);
        fixture.replicator.commitAll();
        client.disconnect();
        fixture.pass(10_000);
        fixture.replicator.commitAll();
        assertThat(fixture.noted).containsExactly("CREATE OK", "end [/a]");
    }

    @Test
    void aWriteIsNotedWithWhoItsClientWasWhenItCame() {
        List<Id> before = client.connection.ids();
        create(1, "/a", CreateMode.PERSISTENT);
        client.send(-4, new AuthPacket(0, "digest", "ann:secret".getBytes(StandardCharsets.UTF_8)));
        create(2, "/b", CreateMode.PERSISTENT);
        fixture.replicator.commitAll();

        assertThat(client.connection.ids()).hasSizeGreaterThan(before.size());
        assertThat(fixture.writers).containsExactly(before, client.connection.ids());
    }

    @Test
    void proofsThatAreRefusedAreNoted() {
        SequencerFixture.Client other = fixture.session();
        client.send(-4, new AuthPacket(0, "digest", null));
        other.send(-4, new AuthPacket(0, "nosuch", new byte[1]));
        assertThat(fixture.noted)
                .containsExactly(
                        "no digest from " + client.connection.ids(), "no nosuch from " + client.connection.ids());
    }
}
