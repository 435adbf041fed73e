package io.coord.verification.ensemble.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.verification.ensemble.MemberProcesses;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections between members that are reset at the moment at which they come about, as by what stands between them. */
class RefusedConnectionsFaultTest {
    @TempDir
    Path directory;

    private final Network network = new Network();
    private MemberProcesses members;

    @AfterEach
    void end() throws Exception {
        members.closeAll();
        network.close();
    }

    /** One follower after the other, so that the leader has met both. */
    @Test
    void aMemberIsReachedAgainAfterItsConnectionsWereRefusedForAWhile() throws Exception {
        members = new MemberProcesses(
                directory,
                3,
                (from, to, which, own) -> network.between(from, to, own),
                System.getProperty("java.class.path"));
        members.startAll();
        int leader = members.leader();

        for (int follower : members.allBut(leader)) {
            members.allBut(follower).forEach(other -> network.refuse(follower, other));
            await().atMost(MemberProcesses.DEADLINE)
                    .until(() -> members.mode(follower).isEmpty());
            network.heal();
            members.awaitServing(follower);
            assertThat(members.mode(leader)).isEqualTo("leader");
        }
    }
}
