package io.coord.recipes.server;

class CompressionOnCoordTest extends CompressionContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
