package io.coord.recipes.discovery;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class DiscoveryOnCoordProcessTest extends DiscoveryContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
