package io.coord.recipes.workqueue;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class WorkQueueOnZooKeeperCompatTest extends WorkQueueContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
