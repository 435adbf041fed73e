package io.coord.spring.lock;

import io.coord.client.session.Registration;
import io.coord.spring.method.ReturnKind;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

/**
 * What a locked method returns that returns a {@code Mono} or {@code Flux}: each subscription takes the lock, then calls the method and
 * subscribes to what that returned, and lets the lock go when the sequence ends or is cancelled. Nothing waits for the lock but the
 * subscriber. This class needs Reactor.
 *
 * <p>The method runs on a thread of {@code Schedulers.parallel()}: the lock is granted on a thread of the client, which is not for users.
 */
final class LockedPublisher {

    private final LockedCalls calls;
    private final LockRequest request;
    private final LockedCalls.Body<Object> method;
    private final Fallback fallback;

    /** What happens when the lock could not be had. */
    @FunctionalInterface
    interface Fallback {

        /** What to subscribe to instead, or throws. */
        @Nullable
        Object insteadOf(LockNotAcquiredException failure) throws Throwable;
    }

    private LockedPublisher(
            LockedCalls calls, LockRequest request, LockedCalls.Body<Object> method, Fallback fallback) {
        this.calls = calls;
        this.request = request;
        this.method = method;
        this.fallback = fallback;
    }

    /**
     * @param returns MONO or FLUX
     * @param request asked at each subscription
     * @param method called at each subscription, once the lock is held
     */
    static Object of(
            ReturnKind returns,
            LockedCalls calls,
            Supplier<LockRequest> request,
            LockedCalls.Body<Object> method,
            Fallback fallback) {
        Flux<Object> locked = Flux.deferContextual(
                context -> new LockedPublisher(calls, request.get(), method, fallback).subscription(context));
        return returns == ReturnKind.MONO ? locked.singleOrEmpty() : locked;
    }

    private Flux<Object> subscription(ContextView context) {
        Holding outer = ReactiveLeases.find(context, request);
        if (outer == null) {
            outer = Leases.find(request);
        }
        if (outer != null) {
            LockedCalls.join(outer, request);
            Entrance joined = new Entrance(CompletableFuture.completedFuture(outer));
            return joined.endingWith(underLock(outer, false));
        }
        Entrance entrance = new Entrance(calls.enterAsync(request, key -> context.getOrDefault(key, null)));
        Flux<Object> whole = Mono.<Holding>create(sink -> entrance.held.whenComplete((holding, failure) -> {
                    if (failure == null) {
                        sink.success(holding);
                    } else {
                        sink.error(failure);
                    }
                }))
                .map(Attempt::held)
                .onErrorResume(LockNotAcquiredException.class, failure -> Mono.just(Attempt.refused(failure)))
                .publishOn(Schedulers.parallel())
                .flatMapMany(attempt -> attempt.holding() != null
                        ? underLock(attempt.holding(), true)
                        : instead(Objects.requireNonNull(attempt.failure())));
        return entrance.endingWith(whole);
    }

    /** How the wait for the lock ended: with one of the two. */
    private record Attempt(
            @Nullable Holding holding, @Nullable LockNotAcquiredException failure) {

        static Attempt held(Holding holding) {
            return new Attempt(holding, null);
        }

        static Attempt refused(LockNotAcquiredException failure) {
            return new Attempt(null, failure);
        }
    }

    private Flux<Object> instead(LockNotAcquiredException failure) {
        try {
            return publisher(fallback.insteadOf(failure));
        } catch (Throwable e) {
            return Flux.error(e);
        }
    }

    /** @param entered whether the lock was taken for this sequence, which then runs in its scope */
    private Flux<Object> underLock(Holding holding, boolean entered) {
        Flux<Object> body;
        LeaseCalls.Watch watch = calls.watch(request, holding);
        LockObserver.Scope scope = entered ? holding.open() : LockObserver.Scope.NONE;
        Leases.enter(holding);
        try (scope) {
            body = publisher(method.run(holding.lease()));
        } catch (Throwable e) {
            body = Flux.error(e);
        } finally {
            Leases.exit();
        }
        if (request.onLost() == OnLost.INTERRUPT) {
            body = body.takeUntilOther(loss(holding));
        }
        return body.doOnTerminate(watch::end)
                .doOnCancel(watch::end)
                .onErrorMap(
                        failure -> holding.failsFor(request.onLost()) && !(failure instanceof LockLostException),
                        failure -> new LockLostException(request.user(), holding.path(), failure))
                .concatWith(Mono.defer(() -> holding.failsFor(request.onLost())
                        ? Mono.error(new LockLostException(request.user(), holding.path(), null))
                        : Mono.empty()))
                .contextWrite(context -> ReactiveLeases.with(
                        entered ? context.putAllMap(holding.subscriberContext()) : context, holding));
    }

    /** Completes when the lock is lost, which cancels the method's sequence; what comes after that fails. */
    private static Mono<Void> loss(Holding holding) {
        return Mono.<Void>create(sink -> {
                    Registration registration = holding.lease().onLost(lost -> sink.success());
                    sink.onDispose(registration::close);
                })
                .publishOn(Schedulers.parallel());
    }

    @SuppressWarnings("unchecked")
    private Flux<Object> publisher(@Nullable Object returned) {
        return returned == null
                ? Flux.error(new IllegalStateException(request.user() + " returned null and no publisher"))
                : Flux.from((Publisher<Object>) returned);
    }

    /** One subscription's way to the lock and out of it again. Thread-safe: an atomic flag. */
    private static final class Entrance {

        private final CompletableFuture<Holding> held;
        private final AtomicBoolean left = new AtomicBoolean();

        Entrance(CompletableFuture<Holding> held) {
            this.held = held;
        }

        /** The release is under way before the subscriber hears of the end, and after a cancellation has reached the method's sequence. */
        Flux<Object> endingWith(Flux<Object> sequence) {
            return sequence.doOnError(this::leave)
                    .doOnComplete(() -> leave(null))
                    .doFinally(signal -> leave(null));
        }

        private void leave(@Nullable Throwable failure) {
            if (left.compareAndSet(false, true)) {
                held.cancel(false);
                held.thenAccept(holding -> holding.releaseAsync(failure));
            }
        }
    }
}
