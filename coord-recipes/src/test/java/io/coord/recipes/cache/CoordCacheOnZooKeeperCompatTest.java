package io.coord.recipes.cache;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class CoordCacheOnZooKeeperCompatTest extends CoordCacheContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
