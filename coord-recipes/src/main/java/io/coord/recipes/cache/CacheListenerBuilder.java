package io.coord.recipes.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Puts a {@link CacheListener} together from functions, each for one kind of change, in the way that users of
 * {@code CuratorCacheListener.builder()} know. Each function is called in the order in which it was added.
 *
 * <pre>{@code
 * CacheListenerBuilder.ChangeListener changed = (before, after) -> use(before, after);
 * CacheListener listener = CacheListener.builder()
 *         .forCreates(node -> use(node.path()))
 *         .forChanges(changed)
 *         .forDeletes(node -> use(node.path()))
 *         .afterInitialized()
 *         .build();
 * }</pre>
 */
public final class CacheListenerBuilder {
    private final List<CacheListener> listeners = new ArrayList<>();
    private boolean afterInitialized;
    private Predicate<String> paths = path -> true;

    /** Told of a node's data before and after. */
    @FunctionalInterface
    public interface ChangeListener {
        /** @param before null when the node was created */
        void onChange(@Nullable CachedNode before, CachedNode after);
    }

    CacheListenerBuilder() {}

    /** For every change, and for {@code onInitialized}, {@code onResynced} and {@code onLimitReached}. */
    public CacheListenerBuilder forAll(CacheListener listener) {
        listeners.add(listener);
        return this;
    }

    public CacheListenerBuilder forCreates(Consumer<? super CachedNode> listener) {
        return forAll((type, before, after) -> {
            if (type == CacheListener.Type.NODE_CREATED && after != null) {
                listener.accept(after);
            }
        });
    }

    /** For changes of data; {@code before} is never null. */
    public CacheListenerBuilder forChanges(ChangeListener listener) {
        return forAll((type, before, after) -> {
            if (type == CacheListener.Type.NODE_CHANGED && after != null) {
                listener.onChange(before, after);
            }
        });
    }

    public CacheListenerBuilder forCreatesAndChanges(ChangeListener listener) {
        return forAll((type, before, after) -> {
            if (after != null) {
                listener.onChange(before, after);
            }
        });
    }

    /** For deletions, with the node as it was last known. */
    public CacheListenerBuilder forDeletes(Consumer<? super CachedNode> listener) {
        return forAll((type, before, after) -> {
            if (type == CacheListener.Type.NODE_DELETED && before != null) {
                listener.accept(before);
            }
        });
    }

    /** Called after any change, whatever it is, without saying what: for those who look into the cache themselves. */
    public CacheListenerBuilder forNodeCache(Runnable listener) {
        return forAll((type, before, after) -> listener.run());
    }

    public CacheListenerBuilder forInitialized(Runnable listener) {
        return forAll(new CacheListener() {
            @Override
            public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                // Only interested in the other call.
            }

            @Override
            public void onInitialized() {
                listener.run();
            }
        });
    }

    public CacheListenerBuilder forResynced(Runnable listener) {
        return forAll(new CacheListener() {
            @Override
            public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                // Only interested in the other call.
            }

            @Override
            public void onResynced() {
                listener.run();
            }
        });
    }

    public CacheListenerBuilder forLimitReached(Runnable listener) {
        return forAll(new CacheListener() {
            @Override
            public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
                // Only interested in the other call.
            }

            @Override
            public void onLimitReached() {
                listener.run();
            }
        });
    }

    /** Leaves out the changes that come while the cache fills itself for the first time. */
    public CacheListenerBuilder afterInitialized() {
        afterInitialized = true;
        return this;
    }

    /** Leaves out the changes of nodes whose paths the filter refuses. */
    public CacheListenerBuilder forPaths(Predicate<String> wanted) {
        paths = paths.and(wanted);
        return this;
    }

    public CacheListener build() {
        return new Composite(List.copyOf(listeners), paths, !afterInitialized);
    }

    static final class Composite implements CacheListener {
        private final List<CacheListener> listeners;
        private final Predicate<String> paths;
        private final AtomicBoolean active;

        Composite(List<CacheListener> listeners, Predicate<String> paths, boolean active) {
            this.listeners = listeners;
            this.paths = paths;
            this.active = new AtomicBoolean(active);
        }

        /** The cache was initialized before it heard of this listener. */
        void activate() {
            active.set(true);
            for (CacheListener listener : listeners) {
                if (listener instanceof Composite nested) {
                    nested.activate();
                }
            }
        }

        @Override
        public void onEvent(Type type, @Nullable CachedNode before, @Nullable CachedNode after) {
            CachedNode either = after == null ? before : after;
            if (active.get() && (either == null || paths.test(either.path()))) {
                listeners.forEach(listener -> listener.onEvent(type, before, after));
            }
        }

        @Override
        public void onInitialized() {
            active.set(true);
            listeners.forEach(CacheListener::onInitialized);
        }

        @Override
        public void onResynced() {
            listeners.forEach(CacheListener::onResynced);
        }

        @Override
        public void onLimitReached() {
            listeners.forEach(CacheListener::onLimitReached);
        }
    }
}
