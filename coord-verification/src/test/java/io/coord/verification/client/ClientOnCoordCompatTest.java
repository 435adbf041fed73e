package io.coord.verification.client;

import io.coord.verification.server.RunsOn;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunsOn.Coord.class)
class ClientOnCoordCompatTest extends ClientContract {}
