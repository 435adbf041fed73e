package io.coord.verification.simulation;

import io.coord.client.error.CoordException;
import io.coord.client.internal.session.Repeat;
import io.coord.client.internal.watch.WatchArming;
import io.coord.client.session.SessionState;
import io.coord.protocol.request.Request;
import io.coord.protocol.response.MultiResponse;
import io.coord.protocol.response.Response;
import io.coord.recipes.internal.queue.Failure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calls of a recipe by a simulated client, with failures told as recipes tell them apart. */
final class RecipeCalls {
    private static final int TIMEOUT_MS = 1_500;
    private static final long FIRST_PAUSE_NS = 50_000_000;
    private static final int MOST_DOUBLINGS = 4;

    private final SimulatedClient client;

    RecipeCalls(SimulatedClient client) {
        this.client = client;
    }

    boolean isConnected() {
        return client.state() == SessionState.CONNECTED;
    }

    void read(Request request, Consumer<Response> answered, Consumer<Failure> failed) {
        call(request, Repeat.READ, null, answered, failed);
    }

    void watch(Request request, WatchArming arming, Consumer<Response> answered, Consumer<Failure> failed) {
        call(request, Repeat.READ, arming, answered, failed);
    }

    /** @param request unlike any other in its bytes */
    void write(Request request, Consumer<Response> answered, Consumer<Failure> failed) {
        call(request, Repeat.WRITE, null, answered, failed);
    }

    /** A write that may be sent again, and that others may send, too. */
    void repeatable(Request request, Consumer<Response> answered, Consumer<Failure> failed) {
        call(request, Repeat.IDEMPOTENT, null, answered, failed);
    }

    /** A write that is not to be sent again, and that others may send, too. */
    void writeAsOthersDo(Request request, Consumer<Response> answered, Consumer<Failure> failed) {
        client.callAsOthersDo(request, TIMEOUT_MS, outcome -> hand(outcome, answered, failed));
    }

    private void call(
            Request request,
            Repeat repeat,
            @Nullable WatchArming arming,
            Consumer<Response> answered,
            Consumer<Failure> failed) {
        client.call(request, repeat, TIMEOUT_MS, arming, outcome -> hand(outcome, answered, failed));
    }

    private void hand(SimulatedClient.CallOutcome outcome, Consumer<Response> answered, Consumer<Failure> failed) {
        CoordException thrown = outcome.failure();
        if (thrown == null) {
            answered.accept(outcome.response());
        } else {
            client.trace(outcome.operation() + ": " + thrown.getMessage());
            failed.accept(Failure.of(thrown));
        }
    }

    /** Whether a transaction had an effect. */
    static boolean isDone(MultiResponse transaction) {
        return transaction.results().stream().noneMatch(each -> each instanceof MultiResponse.Failed);
    }

    /** Runs after a while on the client's clock. */
    void after(long delayNs, Runnable task) {
        client.process().inOwnTime(delayNs, () -> {
            task.run();
            client.endTurn();
        });
    }

    /** Runs after a while that grows with the number of failures in a row. */
    void afterFailures(int failures, Runnable task) {
        after(FIRST_PAUSE_NS << Math.min(failures - 1, MOST_DOUBLINGS), task);
    }
}
