package io.coord.server.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class IdentitiesTest {
    private final Identities identities = new Authentication(AuthenticationRules.DEFAULT).identitiesAt("10.0.0.1");

    private boolean add(String proof) {
        return identities.add("digest", proof.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aConnectionHoldsSixtyFourIdentitiesAndThoseItHasMayBeShownAgain() {
        for (int i = 1; i < 64; i++) {
            assertThat(add("user" + i + ":pass")).isTrue();
        }
        assertThat(add("user64:pass")).isFalse();
        assertThat(add("user63:pass")).isTrue();
        assertThat(identities.all()).hasSize(64);
    }

    @Test
    void aProofOfUnreasonableLengthIsRefused() {
        assertThat(add("u".repeat(1_023) + ":")).isTrue();
        assertThat(add("u".repeat(1_024) + ":")).isFalse();
        assertThat(identities.all()).hasSize(2);
    }
}
