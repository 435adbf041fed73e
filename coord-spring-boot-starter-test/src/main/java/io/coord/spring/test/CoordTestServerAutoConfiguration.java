package io.coord.spring.test;

import io.coord.client.CoordClient;
import io.coord.spring.autoconfigure.CoordAutoConfiguration;
import io.coord.spring.autoconfigure.CoordConnectionDetails;
import io.coord.testkit.FaultProxy;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The server of a test, behind a proxy that can be told to misbehave. Made for tests alone, never by itself. */
@AutoConfiguration(before = CoordAutoConfiguration.class)
final class CoordTestServerAutoConfiguration {

    @Bean
    TestServerHandle coordTestServer(Environment environment) {
        return TestServerHandle.of(
                environment.getProperty("coord-test.server", CoordTestServer.class, CoordTestServer.PER_CONTEXT));
    }

    @Bean
    FaultProxy coordTestProxy(TestServerHandle server) {
        return FaultProxy.to(server.server().port());
    }

    @Bean
    CoordConnectionDetails coordTestConnectionDetails(TestServerHandle server, FaultProxy proxy) {
        return () -> proxy.connectString() + server.chroot();
    }

    @Bean
    CoordFaults coordFaults(TestServerHandle server, FaultProxy proxy, ObjectProvider<CoordClient> client) {
        return new CoordFaults(server.server(), proxy, client::getObject);
    }
}
