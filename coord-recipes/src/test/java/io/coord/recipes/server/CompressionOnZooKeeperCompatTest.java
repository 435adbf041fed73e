package io.coord.recipes.server;

class CompressionOnZooKeeperCompatTest extends CompressionContract {
    @Override
    protected TestServer startServer() {
        return new ZooKeeperTestServer();
    }
}
