package io.coord.verification.curator;

import io.coord.verification.server.RunsOn;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunsOn.Coord.class)
class CuratorOnCoordCompatTest extends CuratorContract {}
