package io.coord.server.internal.replication;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coord.protocol.request.SetDataRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogInboxTest {
    private static final long LONG = MINUTES.toNanos(1);

    private final LogInbox inbox = new LogInbox();
    private final AtomicReference<@Nullable Thread> logThread = new AtomicReference<>();
    private long nextTicket = 1;

    @AfterEach
    void stop() {
        inbox.stop();
    }

    @Test
    void waitsForASessionThatWroteInTheLastBatch() {
        put(1, 2);
        assertThat(sizeOf(inbox.take(0, LONG))).isEqualTo(2);
        CompletableFuture<Integer> taken = takeElsewhere(LONG);
        put(1);
        awaitSleep();
        assertThat(taken).isNotDone();
        put(2);
        assertThat(taken.join()).isEqualTo(2);
    }

    @Test
    void losesPatience() {
        put(1, 2);
        inbox.take(0, LONG);
        put(1);
        assertThat(sizeOf(inbox.take(0, MILLISECONDS.toNanos(1)))).isEqualTo(1);
    }

    @Test
    void wakesAtOnceForTheFirstWriteOnceItHasLostPatience() {
        put(1, 2);
        inbox.take(0, LONG);
        CompletableFuture<Integer> taken = takeElsewhere(MILLISECONDS.toNanos(1));
        await().until(() -> {
            Thread thread = logThread.get();
            return thread != null && thread.getState() == Thread.State.WAITING;
        });
        put(1);
        assertThat(taken.join()).isEqualTo(1);
    }

    @Test
    void doesNotWaitWhenItIsNotAskedTo() {
        put(1, 2);
        inbox.take(0, 0);
        put(1);
        assertThat(sizeOf(inbox.take(0, 0))).isEqualTo(1);
    }

    @Test
    void doesNotWaitForOthersWhenThereIsMuchToWrite() {
        put(1, 2);
        inbox.take(0, LONG);
        for (int i = 0; i < 64; i++) {
            put(1);
        }
        assertThat(sizeOf(inbox.take(0, LONG))).isEqualTo(64);
    }

    @Test
    void waitsForTheCohortAgainAfterAMomentInWhichNobodyWrote() {
        put(1, 2);
        inbox.take(0, LONG);
        CompletableFuture<Integer> afterAPause = takeElsewhere(MILLISECONDS.toNanos(1));
        await().until(() -> {
            Thread thread = logThread.get();
            return thread != null && thread.getState() == Thread.State.WAITING;
        });
        put(1, 2);
        assertThat(afterAPause.join()).isEqualTo(2);
        logThread.set(null);
        CompletableFuture<Integer> taken = takeElsewhere(LONG);
        put(1);
        awaitSleep();
        assertThat(taken).isNotDone();
        put(2);
        assertThat(taken.join()).isEqualTo(2);
    }

    @Test
    void endsAWaitWhenItIsStopped() {
        put(1, 2);
        inbox.take(0, LONG);
        CompletableFuture<Integer> taken = takeElsewhere(LONG);
        put(1);
        awaitSleep();
        inbox.stop();
        assertThat(taken.join()).isEqualTo(-1);
        assertThat(inbox.drain().size()).isEqualTo(1);
    }

    @Test
    void tellsThatNothingCame() {
        assertThat(inbox.take(MILLISECONDS.toNanos(1), LONG)).isNull();
    }

    private CompletableFuture<Integer> takeElsewhere(long patienceNanos) {
        return CompletableFuture.supplyAsync(
                () -> {
                    logThread.set(Thread.currentThread());
                    return sizeOf(inbox.take(0, patienceNanos));
                },
                task -> {
                    Thread thread = new Thread(task, "log");
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    private void awaitSleep() {
        await().until(() -> {
            Thread thread = logThread.get();
            return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
        });
    }

    private static int sizeOf(@Nullable PendingCommands taken) {
        return taken == null ? -1 : taken.size();
    }

    private void put(long... sessions) {
        PendingCommands gathered = new PendingCommands();
        for (long each : sessions) {
            gathered.add(new Command.Write(0, each, 1, List.of(), new SetDataRequest("/a", null, -1)), nextTicket++);
        }
        inbox.put(gathered);
    }
}
