package io.coord.verification.bench;

import io.coord.verification.bench.ServerPair.Measurement;

/**
 * Repeats a row's own load until the just-in-time compiler of who is measured has little left to do. A server answers a few
 * requests at a time by other paths than many at once, and on one processor each method that is compiled meanwhile holds
 * requests up for milliseconds: a tail measured then is the compiler's, and so is a good part of the CPU of a client that does a
 * few thousand things a second. Both sides get the same chance.
 */
final class WarmUp {
    private static final int MOST_LOADS = 10;
    private static final double QUIET_SHARE = 0.01;

    private WarmUp() {}

    /** @param load what share of the CPU went to the compiler */
    static void run(Measurement<Double> load) throws Exception {
        for (int i = 0; i < MOST_LOADS; i++) {
            if (load.measure() <= QUIET_SHARE) {
                return;
            }
        }
    }
}
