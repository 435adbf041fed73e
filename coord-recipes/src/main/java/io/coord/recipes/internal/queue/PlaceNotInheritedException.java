package io.coord.recipes.internal.queue;

/** The session ended before a contender could take over the place of another one, and that place ended with it. */
public final class PlaceNotInheritedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PlaceNotInheritedException() {
        super("the place to inherit was lost with its session");
    }
}
