package io.coord.recipes.lock;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class MultiLockOnZooKeeperCompatTest extends MultiLockContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
