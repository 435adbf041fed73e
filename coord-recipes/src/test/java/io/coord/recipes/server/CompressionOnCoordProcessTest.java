package io.coord.recipes.server;

class CompressionOnCoordProcessTest extends CompressionContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
