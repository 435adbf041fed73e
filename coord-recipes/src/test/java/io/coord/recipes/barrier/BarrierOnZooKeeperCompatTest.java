package io.coord.recipes.barrier;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class BarrierOnZooKeeperCompatTest extends BarrierContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
