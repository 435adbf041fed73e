package io.coord.recipes.lock;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class SemaphoreOnCoordProcessTest extends SemaphoreContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
