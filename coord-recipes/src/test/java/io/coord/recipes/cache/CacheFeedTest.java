package io.coord.recipes.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.error.ConnectionLossException;
import io.coord.client.error.NoAuthException;
import io.coord.client.error.ServerErrorException;
import io.coord.protocol.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CacheFeedTest {
    @ParameterizedTest
    @EnumSource(
            value = ErrorCode.class,
            names = {"THROTTLED_OP", "OPERATION_TIMEOUT", "REQUEST_TIMEOUT", "CONNECTION_LOSS", "SESSION_MOVED"})
    void whatAServerCouldNotDoNowIsReadAgainAndNotTakenForADeletion(ErrorCode code) {
        assertThat(CacheFeed.isPassing(new ServerErrorException("getData", "/a", code.code())))
                .isTrue();
        assertThat(CacheFeed.isPassing(new ConnectionLossException("getData", "/a")))
                .isTrue();
    }

    @Test
    void whatAServerWillNeverGiveIsLeftOut() {
        assertThat(CacheFeed.isPassing(new NoAuthException("getData", "/a"))).isFalse();
        assertThat(CacheFeed.isPassing(new ServerErrorException("getData", "/a", ErrorCode.MARSHALLING_ERROR.code())))
                .isFalse();
    }
}
