package io.coord.spring.autoconfigure.container;

import io.coord.spring.autoconfigure.CoordConnectionDetails;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/** {@link CoordConnectionDetails} of a Docker Compose service that runs an image of ZooKeeper. */
final class ZooKeeperDockerComposeConnectionDetailsFactory
        extends DockerComposeConnectionDetailsFactory<CoordConnectionDetails> {

    ZooKeeperDockerComposeConnectionDetailsFactory() {
        super(ZooKeeperImages.NAMES.toArray(String[]::new));
    }

    @Override
    protected CoordConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
        return new ZooKeeperDockerComposeConnectionDetails(source.getRunningService());
    }

    private static final class ZooKeeperDockerComposeConnectionDetails extends DockerComposeConnectionDetails
            implements CoordConnectionDetails {

        private final String connectString;

        ZooKeeperDockerComposeConnectionDetails(RunningService service) {
            super(service);
            this.connectString = service.host() + ':' + service.ports().get(ZooKeeperImages.CLIENT_PORT);
        }

        @Override
        public String getConnectString() {
            return connectString;
        }
    }
}
