package io.coord.server.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientHostCheckTest {
    @ParameterizedTest
    @CsvSource({
        "zk.example.org, zk.example.org, true",
        "ZK.Example.org, zk.example.ORG, true",
        "zk.example.org, zk1.example.org, false",
        "*.example.org, zk.example.org, true",
        "*.example.org, a.zk.example.org, false",
        "*.example.org, example.org, false",
        "*.org, example.org, false",
        "z*.example.org, zk.example.org, false",
        "*, localhost, false",
    })
    void aStarStandsForTheWholeFirstLabelAndNoMore(String name, String host, boolean fits) {
        assertThat(ClientHostCheck.isFor(name, host)).isEqualTo(fits);
    }
}
