package io.coord.recipes.server;

class UserCodeOnCoordProcessTest extends UserCodeContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
