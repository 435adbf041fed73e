package io.coord.verification.simulation;

/** Runs seeds by hand: {@code <first seed> <count>}. */
final class SimulationMain {
    private SimulationMain() {}

    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        int count = Integer.parseInt(args[1]);
        Statistics sum = new Statistics();
        int failed = 0;
        long start = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            SimulatedCluster.Result one = new SimulatedCluster(seed, Mutation.NONE).run();
            SimulatedCluster.Result two = new SimulatedCluster(seed, Mutation.NONE).run();
            if (one.traceHash() != two.traceHash()) {
                System.out.println("seed " + seed + " TRACES DIFFER " + one.failure() + " / " + two.failure());
            }
            if (one.failure() != null) {
                failed++;
                System.out.println("seed " + seed + " " + one.failure());
                if (args.length > 2) {
                    one.trace().forEach(System.out::println);
                    one.failure().printStackTrace(System.out);
                }
            }
            sum.add(one.stats());
        }
        System.out.println(sum);
        System.out.println(failed + " of " + count + " failed, " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
}
