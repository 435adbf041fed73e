package io.coord.verification.simulation;

/**
 * One entry of a simulated replicated log.
 *
 * @param command null for the entry with which a leader opens its term
 * @param origin who submitted it, and in which of its lives
 * @param ticket of the submission there
 * @param stream of the origin; the entries of one stream have no gaps
 */
record RaftEntry(long index, long term, byte[] command, String origin, long ticket, long stream) {
    static final byte[] NO_COMMAND = {};

    boolean isCommand() {
        return command.length > 0;
    }
}
