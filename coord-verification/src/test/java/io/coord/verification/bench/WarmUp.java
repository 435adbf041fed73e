package io.coord.verification.bench;

import io.coord.verification.bench.Meter.Usage;
import io.coord.verification.bench.ServerPair.Measurement;

/**
 * Repeats a row's own load on a server until its just-in-time compiler has little left to do. A server answers a few requests
 * at a time by other paths than many at once, and on one processor each method that is compiled meanwhile holds requests up
 * for milliseconds: a tail measured then is the compiler's. Both servers get the same chance.
 */
final class WarmUp {
    private static final int MOST_LOADS = 10;
    private static final double QUIET_SHARE = 0.01;

    private WarmUp() {}

    static void run(Measurement<Usage> load) throws Exception {
        for (int i = 0; i < MOST_LOADS; i++) {
            if (load.measure().compileShare() <= QUIET_SHARE) {
                return;
            }
        }
    }
}
