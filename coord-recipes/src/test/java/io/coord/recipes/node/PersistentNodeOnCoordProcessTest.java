package io.coord.recipes.node;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class PersistentNodeOnCoordProcessTest extends PersistentNodeContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
