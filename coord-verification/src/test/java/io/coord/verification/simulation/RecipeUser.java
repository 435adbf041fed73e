package io.coord.verification.simulation;

/** What one client does with one recipe for as long as it lives. */
interface RecipeUser {
    void start();

    /** Faults are over: it comes to its end, or goes on only as far as others need it for theirs. */
    void end();

    /** Whether it has all that it wants. */
    boolean isEnded();

    /** What it wants, for whoever reads that it has not ended. */
    String wish();
}
