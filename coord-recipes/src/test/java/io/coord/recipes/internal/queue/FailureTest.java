package io.coord.recipes.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.ServerErrorException;
import io.coord.protocol.ErrorCode;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class FailureTest {
    @Test
    void aRefusalForTheMomentIsTriedAgainAndAnyOtherErrorOfTheServerIsNot() {
        assertThat(kindOf(ErrorCode.THROTTLED_OP)).isEqualTo(Failure.Kind.TRANSIENT);
        assertThat(kindOf(ErrorCode.SYSTEM_ERROR)).isEqualTo(Failure.Kind.FINAL);
    }

    private static Failure.Kind kindOf(ErrorCode code) {
        return Failure.of(new CompletionException(new ServerErrorException("delete", "/lock/a", code.code())))
                .kind();
    }
}
