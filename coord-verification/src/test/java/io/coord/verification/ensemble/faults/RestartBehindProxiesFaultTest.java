package io.coord.verification.ensemble.faults;

import io.coord.verification.ensemble.MemberProcesses;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members with something between them that takes connections, and resets them once it has found nobody behind it. */
class RestartBehindProxiesFaultTest {
    @TempDir
    Path directory;

    private final Network network = new Network();
    private MemberProcesses members;

    @AfterEach
    void end() throws Exception {
        members.closeAll();
        network.close();
    }

    @Test
    void aMemberThatWasAwayIsReachedAgain() throws Exception {
        members = new MemberProcesses(
                directory,
                3,
                (from, to, which, own) -> network.between(from, to, own),
                System.getProperty("java.class.path"));
        members.startAll();

        for (int each : members.ids()) {
            members.stop(each);
            members.start(each);
            members.awaitServing(each);
        }
    }
}
