package io.coord.spring.autoconfigure.container;

import io.coord.spring.autoconfigure.CoordConnectionDetails;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.GenericContainer;

/**
 * {@link CoordConnectionDetails} of a {@link GenericContainer} that carries {@link ServiceConnection @ServiceConnection}. A field is
 * known by its image, if that is one of ZooKeeper; a bean, or another image, needs the name: {@code @ServiceConnection("zookeeper")}.
 */
final class ZooKeeperContainerConnectionDetailsFactory
        extends ContainerConnectionDetailsFactory<Container<?>, CoordConnectionDetails> {

    ZooKeeperContainerConnectionDetailsFactory() {
        super(ZooKeeperImages.NAMES);
    }

    @Override
    protected CoordConnectionDetails getContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
        return new ZooKeeperContainerConnectionDetails(source);
    }

    private static final class ZooKeeperContainerConnectionDetails extends ContainerConnectionDetails<Container<?>>
            implements CoordConnectionDetails {

        ZooKeeperContainerConnectionDetails(ContainerConnectionSource<Container<?>> source) {
            super(source);
        }

        @Override
        public String getConnectString() {
            return getContainer().getHost() + ':' + getContainer().getMappedPort(ZooKeeperImages.CLIENT_PORT);
        }
    }
}
