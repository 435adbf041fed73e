package io.coord.verification.fuzz;

import io.coord.client.CoordClient;
import io.coord.client.error.CoordException;
import io.coord.client.session.ReconnectBackoff;
import io.coord.client.spi.Connector;
import io.coord.protocol.data.AddWatchMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real client and a {@link HostileServer}. Each call ends by its deadline, with a result or with one of the client's own
 * exceptions; the client reserves no memory for what is only claimed; and when the server is honest again the client works.
 */
public final class HostileServerFuzz {
    private static final Duration CALL = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(20);
    private static final Duration SURELY = Duration.ofSeconds(60);
    /** Far more than any input makes the server send. */
    private static final int ENOUGH_ROOM = 256 * 1024;

    private static final int INPUTS_OF_A_CLIENT = 2_000;
    private static final int MOST_WATCHES = 50;

    private static final Complaints COMPLAINTS = Complaints.ALL;
    private static final RecordingAllocator ROOM = new RecordingAllocator();
    private static final HostileServer SERVER = new HostileServer();
    private static CoordClient client = newClient();
    private static int inputs;

    private HostileServerFuzz() {}

    /** For the normal build, which has other tests behind this one. */
    static void close() {
        client.close();
        SERVER.close();
    }

    private static CoordClient newClient() {
        CoordClient started = CoordClient.builder()
                .connectString("hostile:1")
                .namespace("ns")
                .connector(new RecordingConnector(Connector.local(SERVER.address()), ROOM))
                .sessionTimeout(Duration.ofSeconds(30))
                .connectTimeout(Duration.ofMillis(500))
                .requestTimeout(CALL)
                .reconnectBackoff(new ReconnectBackoff(Duration.ofMillis(1), Duration.ofMillis(1), 0))
                .build()
                .start();
        if (!started.blockUntilConnected(SURELY)) {
            throw new AssertionError("no connection to an honest server");
        }
        // An event below it is looked up by its path and by each ancestor of that.
        started.watchers()
                .add()
                .withMode(AddWatchMode.PERSISTENT_RECURSIVE)
                .usingWatcher(event -> {})
                .forPath("/a");
        return started;
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        FuzzInput choices = new FuzzInput(input);
        int first = choices.next();
        if (choices.isEmpty()) {
            return;
        }
        SERVER.obey(choices);
        if (first < 96) {
            SERVER.cut();
        }
        List<CompletionStage<?>> calls = calls(first);
        if (first % 64 != 63) {
            doNotWaitForSilence(calls);
        }
        for (CompletionStage<?> each : calls) {
            await(each);
        }
        recovers(first % 64 != 63);
        int reserved = ROOM.takeLargest();
        if (reserved > ENOUGH_ROOM) {
            throw new AssertionError(reserved + " bytes reserved for what a server claimed in " + input.length);
        }
        COMPLAINTS.isNone();
        inputs++;
        if (inputs % INPUTS_OF_A_CLIENT == 0) {
            renew();
        }
    }

    private static List<CompletionStage<?>> calls(int first) {
        List<CompletionStage<?>> calls = new ArrayList<>();
        calls.add(client.getData().usingWatcher(event -> {}).forPathAsync("/a"));
        calls.add(client.getChildren().usingWatcher(event -> {}).forPathAsync("/a"));
        if (first % 4 == 0) {
            calls.add(client.setData().forPathAsync("/a", new byte[10]));
            calls.add(client.checkExists().usingWatcher(event -> {}).forPathAsync("/b"));
        }
        if (first % 4 == 1) {
            calls.add(client.create().forPathAsync("/a", new byte[10]));
            calls.add(client.transaction()
                    .forOperationsAsync(
                            client.transactionOp().create().forPath("/a"),
                            client.transactionOp().setData().forPath("/a")));
        }
        if (first % 4 == 2) {
            calls.add(client.delete().forPathAsync("/a"));
            calls.add(client.getACL().forPathAsync("/a"));
        }
        return calls;
    }

    /** Most inputs leave some request without an answer; only few of them may cost a whole deadline. */
    private static void doNotWaitForSilence(List<CompletionStage<?>> calls) {
        CompletableFuture<?>[] all =
                calls.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            SERVER.giveUp();
        } catch (ExecutionException e) {
            // Each of them is looked at later.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CompletionStage<?> call) {
        Throwable failure = outcome(call);
        if (failure != null && !(failure instanceof CoordException)) {
            throw new AssertionError("a call failed in a way that no caller expects", failure);
        }
    }

    private static @Nullable Throwable outcome(CompletionStage<?> call) {
        try {
            call.toCompletableFuture().get(SURELY.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return new AssertionError("no outcome within " + SURELY + ", the deadline was " + CALL, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Uses the rest of the input up, or leaves it, and then expects an honest answer. */
    private static void recovers(boolean atOnce) {
        if (atOnce && !SERVER.isHonest()) {
            SERVER.giveUp();
        }
        long end = System.nanoTime() + SURELY.toNanos();
        while (!SERVER.isHonest()) {
            await(client.getData().forPathAsync("/a"));
            requireBefore(end, "the end of the input");
        }
        while (outcome(client.getData().forPathAsync("/a")) != null) {
            requireBefore(end, "an answer of an honest server");
        }
    }

    private static void requireBefore(long end, String what) {
        if (System.nanoTime() - end > 0) {
            throw new AssertionError("not within " + SURELY + ": " + what + "; the client is " + client.state());
        }
    }

    private static void renew() {
        // The number is published behind the last outcome.
        Awaitility.await().atMost(SURELY).until(() -> client.pendingRequests() == 0);
        if (client.watchCount() > MOST_WATCHES) {
            throw new AssertionError(client.watchCount() + " watches are left");
        }
        client.close();
        client = newClient();
        COMPLAINTS.isNone();
    }
}
