package io.coord.verification.ensemble.faults;

import io.coord.client.CoordClient;
import java.util.List;

/** One kind of things that clients do, and what must be true of all that they were told. */
interface Work {
    String name();

    /** How many clients do it, each on a thread of its own. */
    int clients();

    /**
     * One step of one client. Throws nothing that the ensemble's state may cause.
     *
     * @param number of the client, from 0
     */
    void step(int number, CoordClient client);

    /** The faults are over and nobody works any more: what is wrong, in words; empty when nothing is. */
    List<String> violations(CoordClient client);

    Tally tally();
}
