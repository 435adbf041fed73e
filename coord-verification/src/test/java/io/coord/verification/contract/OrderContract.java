package io.coord.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.verification.wire.Frame;
import io.coord.verification.wire.Operation;
import io.coord.verification.wire.RawSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.GetDataResponse;
import org.junit.jupiter.api.Test;

/** What comes before what on one connection. */
abstract class OrderContract extends ServerContract {
    private static final int PIPELINED = 1000;

    @Test
    void answersPipelinedRequestsInTheOrderInWhichTheyWereSent() {
        Random random = new Random(42);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < PIPELINED; i++) {
            sent.add(session.send(
                    switch (random.nextInt(8)) {
                        case 0 -> Operation.setData(root, bytes("" + i), -1);
                        case 1 -> Operation.create(root + "/n", null, Operation.SEQUENTIAL);
                        case 2 -> Operation.delete(root + "/gone", -1);
                        case 3 -> Operation.exists(root, false);
                        case 4 -> Operation.getChildren(root, false);
                        case 5 -> Operation.sync(root);
                        case 6 -> Operation.multi(Op.check(root, -1), Op.setData(root, bytes("" + i), -1));
                        default -> Operation.getData(root, false);
                    }));
        }
        long lastZxid = 0;
        for (int xid : sent) {
            Frame reply = session.receive();
            assertThat(reply.xid()).isEqualTo(xid);
            assertThat(reply.zxid()).isGreaterThanOrEqualTo(lastZxid);
            lastZxid = reply.zxid();
        }
    }

    @Test
    void aReadSeesTheWritesSentBeforeItAndNoneSentAfterIt() {
        for (int i = 1; i <= 300; i++) {
            session.send(Operation.setData(root, bytes("v" + i), -1));
            session.send(Operation.getData(root, false));
        }
        for (int i = 1; i <= 300; i++) {
            Stat written = session.receive().into(new Stat());
            GetDataResponse read = session.receive().into(new GetDataResponse());
            assertThat(new String(read.getData(), StandardCharsets.UTF_8)).isEqualTo("v" + i);
            assertThat(read.getStat()).isEqualTo(written);
        }
    }

    @Test
    void theReplyOfAWriteCarriesItsZxidAndThatOfAReadTheLastApplied() {
        Frame write = session.ok(Operation.setData(root, null, -1));
        Frame read = session.ok(Operation.exists(root, false));
        assertThat(read.into(new Stat()).getMzxid()).isEqualTo(write.zxid());
        assertThat(read.zxid()).isGreaterThanOrEqualTo(write.zxid());
        assertThat(session.ping().zxid()).isGreaterThanOrEqualTo(write.zxid());
    }

    @Test
    void zxidsRiseByOneForEachWriteOfAnybody() {
        RawSession other = newSession();
        long first = session.ok(Operation.setData(root, null, -1)).zxid();
        assertThat(other.ok(Operation.setData(root, null, -1)).zxid()).isEqualTo(first + 1);
        assertThat(session.ok(Operation.exists(root, false)).zxid()).isEqualTo(first + 1);
        assertThat(session.ok(Operation.sync(root)).zxid()).isEqualTo(first + 1);
        assertThat(session.ok(Operation.setData(root, null, -1)).zxid()).isEqualTo(first + 2);
    }

    @Test
    void anEventComesBeforeAnyReplyThatShowsItsChange() {
        withWriter(() -> {
            RawSession reader = newSession();
            for (int round = 0; round < 300; round++) {
                long armedAt = reader.ok(Operation.getData(root, true))
                        .into(new GetDataResponse())
                        .getStat()
                        .getMzxid();
                List<Frame> events = new ArrayList<>(reader.takeFrames());
                while (true) {
                    Frame reply = reader.ok(Operation.exists(root, false));
                    long shown = reply.into(new Stat()).getMzxid();
                    events.addAll(reader.takeFrames());
                    if (shown > armedAt) {
                        assertThat(events).as("the event came first").hasSize(1);
                        assertThat(events.get(0).zxid()).isGreaterThan(armedAt).isLessThanOrEqualTo(shown);
                        break;
                    }
                }
            }
        });
    }

    @Test
    void theReplyThatArmsAWatchComesBeforeItsEvent() {
        withWriter(() -> {
            RawSession reader = newSession();
            for (int round = 0; round < 300; round++) {
                int xid = reader.send(Operation.getData(root, true));
                Frame first = reader.receive();
                assertThat(first.isEvent()).isFalse();
                assertThat(first.xid()).isEqualTo(xid);
                Frame event = reader.receive();
                assertThat(event.isEvent()).isTrue();
                assertThat(event.zxid())
                        .isGreaterThan(
                                first.into(new GetDataResponse()).getStat().getMzxid());
            }
        });
    }

    @Test
    void aReadBehindASyncSeesWhatOthersWereAcknowledged() {
        RawSession other = newSession();
        for (int i = 0; i < 50; i++) {
            int version =
                    other.ok(Operation.setData(root, null, -1)).into(new Stat()).getVersion();
            session.send(Operation.sync(root));
            session.send(Operation.exists(root, false));
            session.receive();
            assertThat(session.receive().into(new Stat()).getVersion()).isGreaterThanOrEqualTo(version);
        }
    }

    @Test
    void conditionalWritesOfManySessionsLoseNoIncrement() throws Exception {
        int sessions = 3;
        int increments = 50;
        session.ok(Operation.setData(root, bytes("0"), -1));
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            RawSession own = newSession();
            all.add(CompletableFuture.runAsync(() -> increment(own, increments)));
        }
        for (CompletableFuture<Void> each : all) {
            each.get();
        }
        assertThat(data(root)).isEqualTo(String.valueOf(sessions * increments));
        assertThat(stat(root).getVersion()).isEqualTo(1 + sessions * increments);
    }

    private void increment(RawSession own, int times) {
        int done = 0;
        while (done < times) {
            GetDataResponse read = own.ok(Operation.getData(root, false)).into(new GetDataResponse());
            int value = Integer.parseInt(new String(read.getData(), StandardCharsets.UTF_8));
            int error = own.call(Operation.setData(
                            root,
                            bytes(String.valueOf(value + 1)),
                            read.getStat().getVersion()))
                    .error();
            assertThat(error).isIn(0, Errors.BAD_VERSION);
            done += error == 0 ? 1 : 0;
        }
    }

    private void withWriter(Runnable test) {
        AtomicBoolean stop = new AtomicBoolean();
        RawSession writer = newSession();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                writer.ok(Operation.setData(root, null, -1));
            }
        });
        try {
            test.run();
        } finally {
            stop.set(true);
            writing.join();
        }
    }
}
