package io.coord.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.internal.callback.CallbackPool;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StageResultTest {
    private final CallbackPool pool = new CallbackPool("test-callback", 1);
    private final StageResult<String> stage = new StageResult<>(StageResult::completeNow, new AtomicInteger(1));

    @AfterEach
    void letThreadsGo() {
        pool.retire();
    }

    private <T> T onClientThread(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, pool)
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aSecondOutcomeOfAStageLosesNoOtherStage() {
        List<Runnable> handedOver = new ArrayList<>();
        StageBatch batch = new StageBatch(handedOver::add);
        List<StageResult<String>> stages = List.of(
                new StageResult<>(batch::add, new AtomicInteger(1)),
                new StageResult<>(batch::add, new AtomicInteger(1)),
                new StageResult<>(batch::add, new AtomicInteger(1)));
        stages.get(0).succeed("first");
        stages.get(1).succeed("second");
        stages.get(0).fail(new ConnectionLossException("again", null));
        stages.get(2).succeed("third");
        batch.handOver();
        handedOver.forEach(Runnable::run);
        assertThat(stages).allMatch(CompletableFuture::isDone);
        assertThat(stages.get(0)).isCompletedWithValue("first");
    }

    @Test
    void refusesToWaitOnAThreadOfTheClient() {
        assertThatThrownBy(() -> onClientThread(stage::join))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("join");
    }

    @Test
    void stagesDerivedFromItRefuseAsWell() {
        List<CompletableFuture<?>> derived = List.of(
                stage.toCompletableFuture(),
                stage.thenApply(String::length),
                stage.thenCompose(each -> new CompletableFuture<String>()),
                stage.handle((each, failure) -> each).thenAccept(each -> {}),
                stage.thenCombine(new CompletableFuture<String>(), String::concat),
                stage.whenComplete((each, failure) -> {}).copy());
        for (CompletableFuture<?> each : derived) {
            assertThatThrownBy(() -> onClientThread(each::join)).cause().isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> onClientThread(() -> {
                        try {
                            return each.get(10, TimeUnit.SECONDS);
                        } catch (InterruptedException | ExecutionException | TimeoutException e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("get");
        }
        stage.succeed("done");
        assertThat(derived.get(1).join()).isEqualTo(4);
    }

    @Test
    void givesTheOutcomeThatIsThereOnAnyThread() {
        stage.succeed("done");

        assertThat(onClientThread(stage::join)).isEqualTo("done");
        assertThat(stage.join()).isEqualTo("done");
    }
}
