package io.coord.recipes.internal.call;

import io.coord.client.session.Registration;
import io.coord.client.session.SerialExecutor;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * A listener of a recipe, and the queue on which it is told.
 *
 * <p>Thread-safe: one volatile flag.
 */
public final class Subscription<L> implements Registration {
    private final L listener;
    private final SerialExecutor callbacks;
    private final Collection<Subscription<L>> all;
    private volatile boolean ended;

    /** @param all the recipe's subscriptions, which this one leaves when it is closed; the caller adds it */
    public Subscription(L listener, SerialExecutor callbacks, Collection<Subscription<L>> all) {
        this.listener = listener;
        this.callbacks = callbacks;
        this.all = all;
    }

    public void tell(Consumer<L> what) {
        callbacks.execute(() -> {
            if (!ended) {
                what.accept(listener);
            }
        });
    }

    @Override
    public void close() {
        ended = true;
        all.remove(this);
    }
}
