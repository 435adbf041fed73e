package io.coord.verification.simulation.invariant;

import io.coord.server.internal.replication.Command;
import io.coord.server.internal.state.Effects;

/** What one position of the log did. */
public record Commit(long position, Command command, Effects effects) {}
