package io.coord.client.internal.callback;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallbackQueueTest {
    private final List<String> ran = new ArrayList<>();
    private final CallbackQueue queue = new CallbackQueue(Runnable::run);

    /** As other languages do: the compiler knows nothing of it. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void goesOnAfterACallbackThrewACheckedException() {
        queue.execute(() -> CallbackQueueTest.<RuntimeException>throwUndeclared(new IOException("disk")));
        queue.execute(() -> ran.add("next"));

        assertThat(ran).containsExactly("next");
        assertThat(queue.isCurrent()).isFalse();
    }

    @Test
    void goesOnAfterACallbackThrewAnError() {
        queue.execute(() -> {
            throw new AssertionError("broken");
        });
        queue.execute(() -> ran.add("next"));

        assertThat(ran).containsExactly("next");
    }
}
