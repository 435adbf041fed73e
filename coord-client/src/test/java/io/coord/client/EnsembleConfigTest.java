package io.coord.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.spi.ServerAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EnsembleConfigTest {
    private static EnsembleConfig parse(String text) {
        return EnsembleConfig.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void readsWhereClientsReachTheServers() {
        EnsembleConfig config = parse("""
                server.1=zk1.example:2888:3888:participant;0.0.0.0:2181
                server.2=zk2.example:2888:3888:observer;2182
                server.3=10.0.0.3:2888:3888;10.1.0.3:2183
                server.4=[2001:db8::4]:2888:3888;[2001:db8::14]:2184
                server.5=[2001:db8::5]:2888:3888:participant;[::]:2185
                server.6=zk6a.example:2888:3888|zk6b.example:2889:3889;2186
                server.7=zk7.example:2888:3888
                group.1=1:2
                version=10000000f
                """);
        assertThat(config.version()).isEqualTo(0x10000000fL);
        assertThat(config.members()).hasSize(7);
        assertThat(config.clientAddresses())
                .containsExactly(
                        new ServerAddress("zk1.example", 2181),
                        new ServerAddress("zk2.example", 2182),
                        new ServerAddress("10.1.0.3", 2183),
                        new ServerAddress("2001:db8::14", 2184),
                        new ServerAddress("2001:db8::5", 2185),
                        new ServerAddress("zk6a.example", 2186));
    }

    @Test
    void anEmptyOrStrangeTextNamesNobody() {
        assertThat(parse("").members()).isEmpty();
        assertThat(parse("").version()).isEqualTo(-1);
        assertThat(parse("server.x=a:1:2;3\nserver.=\nnoise").members()).isEmpty();
        assertThat(parse("server.1=a:1:2;port").clientAddresses()).isEmpty();
    }
}
