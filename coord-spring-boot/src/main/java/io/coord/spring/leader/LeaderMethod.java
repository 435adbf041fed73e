package io.coord.spring.leader;

import io.coord.spring.method.MethodNames;
import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LeaderOnly} on one method says, checked and with its placeholders replaced.
 *
 * @param leadershipParameter the parameter that takes the leadership; -1 when there is none
 */
record LeaderMethod(Method method, String role, Otherwise otherwise, Skipped skipped, int leadershipParameter) {

    /** What a skipped call returns. */
    enum Skipped {
        NULL,
        EMPTY_OPTIONAL,
        COMPLETE_STAGE;

        @Nullable
        Object value() {
            return switch (this) {
                case NULL -> null;
                case EMPTY_OPTIONAL -> Optional.empty();
                case COMPLETE_STAGE -> CompletableFuture.completedFuture(null);
            };
        }
    }

    String describe() {
        return MethodNames.describe(method);
    }
}
