package io.coord.recipes.leader;

import io.coord.recipes.server.TestServer;
import io.coord.recipes.server.ZooKeeperTestServer;

class LeaderSelectorOnZooKeeperCompatTest extends LeaderSelectorContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
