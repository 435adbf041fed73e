package io.coord.recipes.node;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class PersistentNodeOnZooKeeperCompatTest extends PersistentNodeContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
