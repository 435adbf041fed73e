package io.coord.recipes.lock;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class LockOnZooKeeperCompatTest extends LockContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
