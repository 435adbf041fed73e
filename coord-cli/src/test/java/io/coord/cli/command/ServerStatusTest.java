package io.coord.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerStatusTest {
    private static ServerStatus at(long zxid) {
        return new ServerStatus(new ServerWords.Address("a", 2181), true, "OK", "follower", zxid, 1, Map.of());
    }

    @Test
    void countsTheChangesThatAServerIsBehind() {
        assertThat(at(7).lag(10)).isEqualTo(3);
        assertThat(at(0x5_0000_0007L).lag(0x5_0000_000aL)).isEqualTo(3);
        assertThat(at(-1).lag(10)).isNull();
    }

    /** A new leader of ZooKeeper's begins at zero again, in the lower half. */
    @Test
    void doesNotCountFromOneEpochToTheNext() {
        ServerStatus behind = at(0x5_0000_0007L);
        assertThat(behind.lag(0x6_0000_0001L)).isNull();
        assertThat(behind.isOfOlderEpoch(0x6_0000_0001L)).isTrue();
        assertThat(behind.isOfOlderEpoch(0x5_0000_0009L)).isFalse();
        assertThat(at(-1).isOfOlderEpoch(1)).isFalse();
    }
}
