package io.coord.spring.autoconfigure.container;

import java.util.List;

/** Images that run a ZooKeeper server. */
final class ZooKeeperImages {

    /** What clients connect to inside of the container, in all of these images. */
    static final int CLIENT_PORT = 2181;

    static final List<String> NAMES = List.of("zookeeper", "bitnami/zookeeper", "bitnamilegacy/zookeeper");

    private ZooKeeperImages() {}
}
