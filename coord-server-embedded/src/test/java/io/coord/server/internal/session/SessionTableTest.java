package io.coord.server.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionTableTest {
    private static final byte[] PASSWORD = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final SessionTable table = new SessionTable();

    @Test
    void idsCountUpAndAreNeverUsedAgain() {
        Session first = table.open(4_000, PASSWORD);
        table.close(first.id());
        Session second = table.open(4_000, PASSWORD);

        assertThat(second.id()).isEqualTo(first.id() + 1).isPositive();
        assertThat(first.id() >>> 56).isEqualTo(1);
    }

    @Test
    void attachmentNeedsTheWholePassword() {
        long id = table.open(4_000, PASSWORD).id();
        byte[] wrong = PASSWORD.clone();
        wrong[15]++;

        assertThat(table.attach(id, 5_000, wrong)).isNull();
        assertThat(table.attach(id, 5_000, new byte[0])).isNull();
        assertThat(table.attach(id, 5_000, java.util.Arrays.copyOf(PASSWORD, 17)))
                .isNull();
        assertThat(table.attach(id + 1, 5_000, PASSWORD)).isNull();
        assertThat(table.get(id)).isEqualTo(new Session(id, 4_000, PASSWORD, 1));
        assertThat(table.attach(id, 5_000, PASSWORD)).isEqualTo(new Session(id, 5_000, PASSWORD, 2));
    }

    @Test
    void sessionsAreListedById() {
        for (int i = 0; i < 100; i++) {
            table.open(i, PASSWORD);
        }
        assertThat(table.all()).extracting(Session::id).isSorted().hasSize(100);
    }
}
