package io.coord.recipes.server;

class UserCodeOnZooKeeperCompatTest extends UserCodeContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
