package io.coord.spring.test.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordMode;
import io.coord.spring.autoconfigure.CoordServers;
import io.coord.spring.test.AutoConfigureCoord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@Timeout(60)
@SpringBootTest(properties = "coord.connect-string=nowhere:2181")
@AutoConfigureCoord
class WholeApplicationTest {

    @Test
    void usesTheServerOfTheTest(
            @Autowired Stock stock, @Autowired CoordClient client, @Autowired CoordServers servers) {
        assertThat(servers.mode()).isEqualTo(CoordMode.EXTERNAL);
        assertThat(servers.addresses()).startsWith("127.0.0.1:");
        assertThat(stock.sell(null)).isPositive();
        assertThat(client.checkExists().forPath("/shop/sold")).isNotNull();
    }
}
