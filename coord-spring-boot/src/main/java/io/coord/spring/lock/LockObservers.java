package io.coord.spring.lock;

import io.coord.recipes.lock.Lease;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Several observers as one. Thread-safe: immutable. */
record LockObservers(List<LockObserver> all) implements LockObserver {

    LockObservers {
        all = List.copyOf(all);
    }

    @Override
    public Waiting onWaiting(ObservedLock lock) {
        return new Waits(map(all, each -> each.onWaiting(lock)));
    }

    @Override
    public Waiting onWaiting(ObservedLock lock, Function<Object, @Nullable Object> subscriber) {
        return new Waits(map(all, each -> each.onWaiting(lock, subscriber)));
    }

    private static <A, B> List<B> map(Collection<A> each, Function<A, B> change) {
        List<B> changed = new ArrayList<>(each.size());
        each.forEach(one -> changed.add(change.apply(one)));
        return changed;
    }

    private record Waits(List<Waiting> all) implements Waiting {

        @Override
        public Held onAcquired(Lease lease) {
            return new Holds(map(all, each -> each.onAcquired(lease)));
        }

        @Override
        public void onTimeout() {
            all.forEach(Waiting::onTimeout);
        }

        @Override
        public void onError(Throwable failure) {
            all.forEach(each -> each.onError(failure));
        }
    }

    private record Holds(List<Held> all) implements Held {

        @Override
        public Scope open() {
            List<Scope> scopes = map(all, Held::open);
            return () -> {
                for (int i = scopes.size() - 1; i >= 0; i--) {
                    scopes.get(i).close();
                }
            };
        }

        @Override
        public Map<Object, Object> subscriberContext() {
            Map<Object, Object> whole = new HashMap<>();
            all.forEach(each -> whole.putAll(each.subscriberContext()));
            return whole;
        }

        @Override
        public void onLost() {
            all.forEach(Held::onLost);
        }

        @Override
        public void onReleased(@Nullable Throwable failure) {
            all.forEach(each -> each.onReleased(failure));
        }
    }
}
