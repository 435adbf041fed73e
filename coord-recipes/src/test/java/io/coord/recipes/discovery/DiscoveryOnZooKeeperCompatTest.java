package io.coord.recipes.discovery;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class DiscoveryOnZooKeeperCompatTest extends DiscoveryContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
