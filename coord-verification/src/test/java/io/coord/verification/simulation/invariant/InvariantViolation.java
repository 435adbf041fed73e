package io.coord.verification.simulation.invariant;

/** A promise was broken. */
public final class InvariantViolation extends AssertionError {
    private static final long serialVersionUID = 1;

    private final String invariant;

    InvariantViolation(String invariant, String sentence, String what) {
        super(invariant + " (" + sentence + "): " + what);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
