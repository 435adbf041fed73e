package io.coord.client.error;

/**
 * Marks an exception after which the effect of the call <em>may</em> have happened, or may still happen: the request was
 * written to a connection and no answer came back. Every {@link CoordException} without this mark is certain: nothing was
 * changed.
 */
public interface OutcomeUnknown {}
