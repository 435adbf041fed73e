package io.coord.recipes.workqueue;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class WorkQueueOnCoordProcessTest extends WorkQueueContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
