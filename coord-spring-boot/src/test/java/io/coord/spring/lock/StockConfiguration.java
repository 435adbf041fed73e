package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import io.coord.recipes.lock.LeaseState;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/** An application with one bean full of locked methods, which do what the test hands them. */
@Configuration(proxyBeanMethods = false)
class StockConfiguration {

    @Bean
    Stock stock() {
        return new Stock();
    }

    static class Stock {

        /** Itself with the locks around it, for calls that nest. */
        @Lazy
        @Autowired
        Stock self;

        @WriteLock("stock")
        <T> T write(Callable<T> task) throws Exception {
            return task.call();
        }

        @ReadLock("stock")
        <T> T read(Callable<T> task) throws Exception {
            return task.call();
        }

        @WriteLock(name = "stock", waitTime = "0")
        void tryWrite() {}

        @ReadLock(name = "stock", waitTime = "0")
        void tryRead() {}

        @WriteLock(name = "items", key = "#id")
        <T> T writeItem(String id, Callable<T> task) throws Exception {
            return task.call();
        }

        @WriteLock(name = "items", key = "#p0", waitTime = "0")
        void tryWriteItem(String id) {}

        @WriteLock("stock")
        long token(@Nullable Lease lease, @Nullable FencingToken token) {
            if (lease.fencingToken() != token.value() || Leases.current().orElseThrow() != lease) {
                throw new AssertionError("lease, token and current lease differ");
            }
            return token.value();
        }

        @WriteLock(name = "stock", waitTime = "0", onFailure = OnFailure.SKIP)
        @Nullable
        String skipValue() {
            return "ran";
        }

        @WriteLock(name = "stock", waitTime = "0", onFailure = OnFailure.SKIP)
        Optional<String> skipOptional() {
            return Optional.of("ran");
        }

        @WriteLock(name = "stock", waitTime = "0", onFailure = OnFailure.SKIP)
        CompletableFuture<String> skipStage() {
            return CompletableFuture.completedFuture("ran");
        }

        @WriteLock(name = "stock", waitTime = "0", fallback = "later")
        String withFallback(String id) {
            return "sold " + id;
        }

        String later(String id) {
            return "later " + id;
        }

        @WriteLock("stock")
        <T> CompletableFuture<T> stage(CompletableFuture<T> result) {
            return result;
        }

        @WriteLock("stock")
        <T> CompletableFuture<T> stageOfInner(CompletableFuture<T> result) throws Exception {
            return self.stage(result);
        }

        @WriteLock(name = "stock", onLost = OnLost.THROW)
        String throwWhenLost(Runnable started, @Nullable Lease lease) {
            started.run();
            awaitLoss(lease);
            return "done";
        }

        @WriteLock(name = "stock", onLost = OnLost.IGNORE)
        String ignoreLoss(Runnable started, @Nullable Lease lease) {
            started.run();
            awaitLoss(lease);
            return "done";
        }

        private static void awaitLoss(Lease lease) {
            org.awaitility.Awaitility.await().until(() -> lease.state() == LeaseState.LOST);
        }
    }
}
