package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coord.client.internal.watch.PathMapping;
import io.coord.client.spi.ServerAddress;
import io.coord.protocol.data.InvalidPathException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectStringTest {
    @Test
    void readsServersAndChroot() {
        ConnectString read = ConnectString.parse("a:1, b ,[::1]:3,[fe80::2]/root/app");
        assertThat(read.servers())
                .containsExactly(
                        new ServerAddress("a", 1),
                        new ServerAddress("b", 2181),
                        new ServerAddress("::1", 3),
                        new ServerAddress("fe80::2", 2181));
        assertThat(read.chroot()).isEqualTo("/root/app");
        assertThat(ConnectString.parse("a/").chroot()).isEmpty();
        assertThat(new ServerAddress("::1", 3)).hasToString("[::1]:3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a:1,",
                "a:x",
                "a:0",
                "a:65536",
                ":1",
                "::1:2181",
                "[::1",
                "[::1]x",
                "[]:1",
                "a:1/r/",
                "a:1//"
            })
    void saysWhatIsWrong(String bad) {
        assertThatThrownBy(() -> CoordClient.builder().connectString(bad))
                .isInstanceOf(InvalidConnectStringException.class)
                .hasMessageContaining("\"" + bad + "\"")
                .hasMessageContaining("Expected host:port");
    }

    @Test
    void aClientNeedsAConnectStringAndSensibleTimes() {
        assertThatThrownBy(() -> CoordClient.builder().build()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CoordClient.builder().sessionTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        CoordClient.builder().connectString("a").namespace("/x").build())
                .isInstanceOf(InvalidPathException.class);
    }

    @Test
    void mapsPathsBothWays() {
        PathMapping paths = PathMapping.of("/root", "a/b");
        assertThat(paths.toServer("/x")).isEqualTo("/root/a/b/x");
        assertThat(paths.toServer("/")).isEqualTo("/root/a/b");
        assertThat(paths.toClient("/root/a/b/x")).isEqualTo("/x");
        assertThat(paths.toClient("/root/a/b")).isEqualTo("/");
        assertThat(paths.toClient("/root/a/bc")).isEqualTo("/root/a/bc");
        assertThat(paths.toServerSequential("/")).isEqualTo("/root/a/b/");
        assertThat(paths.toServerSequential("/x/")).isEqualTo("/root/a/b/x/");
        assertThat(PathMapping.NONE.toServer("/")).isEqualTo("/");
        assertThat(PathMapping.NONE.toServerSequential("/")).isEqualTo("/");
    }
}
