package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.verification.server.ServerUnderTest;
import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawConnection;
import io.coord.verification.wire.RawSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.proto.ConnectRequest;
import org.apache.zookeeper.proto.ConnectResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Life and death of sessions and of what they own. */
abstract class SessionContract extends ServerContract {
    private static final int SHORTEST_MS = 2 * ServerUnderTest.TICK_MS;
    private static final int LONGEST_MS = 20 * ServerUnderTest.TICK_MS;
    private static final int SLOW_MACHINE_MS = 1500;
    private static final byte[] ZEROS = new byte[16];

    @ParameterizedTest
    @CsvSource({"-1", "0", "1", "999"})
    void clampsShortTimeoutsToTwoTicks(int asked) {
        assertThat(keep(RawSession.open(server().port(), asked)).timeoutMs()).isEqualTo(SHORTEST_MS);
    }

    @ParameterizedTest
    @CsvSource({"10001", "2147483647"})
    void clampsLongTimeoutsToTwentyTicks(int asked) {
        assertThat(keep(RawSession.open(server().port(), asked)).timeoutMs()).isEqualTo(LONGEST_MS);
    }

    @Test
    void takesTimeoutsInBetweenAsTheyAre() {
        assertThat(keep(RawSession.open(server().port(), 3210)).timeoutMs()).isEqualTo(3210);
    }

    @Test
    void givesEachSessionItsOwnIdAndPassword() {
        RawSession one = newSession();
        RawSession two = newSession();
        assertThat(one.id()).isNotZero().isNotEqualTo(two.id());
        assertThat(one.password()).hasSize(16).isNotEqualTo(two.password());
    }

    @Test
    void negotiatesTheTimeoutAgainWhenAClientComesBack() {
        RawSession first = keep(RawSession.open(server().port(), 2000));
        RawSession again = keep(RawSession.connect(
                server().port(), new ConnectRequest(0, 0, 4000, first.id(), first.password(), false)));
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.timeoutMs()).isEqualTo(4000);
        assertThat(again.password()).isEqualTo(first.password());
    }

    @Test
    void dropsTheOldConnectionWhenTheClientComesBack() {
        RawSession first = newSession();
        first.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        RawSession again = keep(RawSession.reattach(server().port(), first, 0));
        assertThat(first.connection().isClosedByServer()).isTrue();
        assertThat(again.ok(Operation.exists(root + "/e", false)).error()).isZero();
        again.ok(Operation.setData(root, null, -1));
    }

    @Test
    void refusesAWrongPasswordWithZeros() {
        RawSession holder = newSession();
        byte[] wrong = holder.password().clone();
        wrong[3] ^= 1;
        RawConnection intruder = newConnection();
        ConnectResponse response = intruder.connect(new ConnectRequest(0, 0, 5000, holder.id(), wrong, false));
        assertRefused(response);
        assertThat(intruder.isClosedByServer()).isTrue();

        // The session lives on. ZooKeeper drops its holder's connection; ours leaves it alone, as docs/COMPATIBILITY.md
        // says.
        RawSession survivor = isCoord() ? holder : keep(RawSession.reattach(server().port(), holder, 0));
        assertThat(survivor.id()).isEqualTo(holder.id());
        survivor.ok(Operation.setData(root, null, -1));
    }

    @Test
    void refusesAnUnknownSessionWithZeros() {
        RawConnection connection = newConnection();
        assertRefused(connection.connect(new ConnectRequest(0, 0, 5000, 0x1234567890abcdefL, new byte[16], false)));
        assertThat(connection.isClosedByServer()).isTrue();
    }

    @Test
    void closingAnswersThenClosesAndDeletesEphemerals() {
        RawSession owner = newSession();
        owner.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        Frame reply = owner.call(Operation.closeSession());
        assertThat(reply.error()).isZero();
        assertThat(reply.body()).isEmpty();
        assertThat(owner.connection().isClosedByServer()).isTrue();
        assertThat(exists(root + "/e")).isFalse();
        RawConnection late = newConnection();
        assertRefused(late.connect(new ConnectRequest(0, 0, 5000, owner.id(), owner.password(), false)));
    }

    @Test
    void requestsBehindACloseAreNotCarriedOut() {
        RawSession owner = newSession();
        int close = owner.send(Operation.closeSession());
        owner.send(Operation.create(root + "/late", null, 0));
        assertThat(owner.awaitReply(close).error()).isZero();
        List<Frame> late = owner.connection().receiveUntilClosed();
        if (isCoord()) {
            assertThat(late).isEmpty();
        } else {
            // Its refusal may have been ready before the connection was closed.
            assertThat(late).extracting(Frame::error).isSubsetOf(Errors.SESSION_EXPIRED, Errors.UNKNOWN_SESSION);
        }
        assertThat(exists(root + "/late")).isFalse();
    }

    @Test
    void ephemeralsDieAfterTheTimeoutAndWithinATickOfIt() {
        RawSession watcher = newSession();
        RawSession silent = keep(RawSession.open(server().port(), SHORTEST_MS));
        watcher.call(Operation.exists(root + "/e", true));
        watcher.call(Operation.exists(root + "/e2", true));
        long lastContact = System.nanoTime();
        silent.ok(Operation.multi(
                Op.create(root + "/e", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.EPHEMERAL),
                Op.create(root + "/e2", null, ZooDefs.Ids.OPEN_ACL_UNSAFE, Operation.EPHEMERAL)));
        long touched = System.nanoTime();
        watcher.awaitEvents(2);
        watcher.ok(Operation.exists(root + "/e", true));
        watcher.ok(Operation.exists(root + "/e2", true));
        Frame first = watcher.awaitEvents(1).get(0);
        long gone = System.nanoTime();
        assertThat(first.event()).startsWith("NodeDeleted");
        assertThat(Duration.ofNanos(gone - lastContact)).isGreaterThanOrEqualTo(Duration.ofMillis(SHORTEST_MS));
        assertThat(Duration.ofNanos(gone - touched))
                .isLessThan(Duration.ofMillis(SHORTEST_MS + ServerUnderTest.TICK_MS + SLOW_MACHINE_MS));
        assertThat(watcher.awaitEvents(1).get(0).zxid()).as("all at once").isEqualTo(first.zxid());
        assertThat(silent.connection().isClosedByServer()).isTrue();
        assertThat(children(root)).isEmpty();
        assertExpired(silent);
    }

    @Test
    void anyRequestKeepsASessionAlive() {
        List<Operation> operations =
                List.of(Operation.ping(), Operation.exists(root, false), Operation.setData(root, null, -1));
        List<String> paths = new ArrayList<>();
        ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
        try {
            for (Operation operation : operations) {
                RawSession owner = keep(RawSession.open(server().port(), SHORTEST_MS));
                String path = root + "/e" + owner.id();
                owner.ok(Operation.create(path, null, Operation.EPHEMERAL));
                paths.add(path);
                int xid = operation.code() == Operation.ping().code() ? -2 : 100;
                heart.scheduleAtFixedRate(() -> owner.send(xid, operation), 0, SHORTEST_MS / 2, TimeUnit.MILLISECONDS);
            }
            await().during(Duration.ofMillis(3 * SHORTEST_MS))
                    .atMost(Duration.ofMillis(4 * SHORTEST_MS))
                    .untilAsserted(() -> assertThat(paths).allMatch(this::exists));
        } finally {
            heart.shutdownNow();
        }
    }

    @Test
    void aSessionWithoutConnectionLivesUntilItsTimeout() {
        RawSession gone = keep(RawSession.open(server().port(), 2 * SHORTEST_MS));
        gone.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        gone.close();
        assertThat(exists(root + "/e")).isTrue();
        RawSession again = keep(RawSession.reattach(server().port(), gone, 0));
        assertThat(again.id()).isEqualTo(gone.id());
        again.ok(Operation.delete(root + "/e", -1));
    }

    @Test
    void expiryIsFinal() {
        RawSession silent = keep(RawSession.open(server().port(), SHORTEST_MS));
        silent.ok(Operation.create(root + "/e", null, Operation.EPHEMERAL));
        silent.close();
        await().atMost(Duration.ofSeconds(10)).until(() -> !exists(root + "/e"));
        assertExpired(silent);
        assertThat(exists(root + "/e")).isFalse();
    }

    private void assertExpired(RawSession expired) {
        RawConnection late = newConnection();
        assertRefused(late.connect(new ConnectRequest(0, 0, SHORTEST_MS, expired.id(), expired.password(), false)));
        assertThat(late.isClosedByServer()).isTrue();
    }

    private static void assertRefused(ConnectResponse response) {
        assertThat(response.getTimeOut()).isZero();
        assertThat(response.getSessionId()).isZero();
        assertThat(Arrays.equals(response.getPasswd(), ZEROS)).isTrue();
    }
}
