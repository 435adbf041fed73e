package io.coord.recipes.server;

class UserCodeOnCoordTest extends UserCodeContract {
    @Override
    protected TestServer startServer() {
        return new CoordTestServer();
    }
}
