package io.coord.recipes.leader;

import io.coord.recipes.server.CoordServerProcess;
import io.coord.recipes.server.TestServer;

class LeaderSelectorOnCoordProcessTest extends LeaderSelectorContract {
    @Override
    protected TestServer startServer() {
        return CoordServerProcess.shared();
    }
}
