package io.coord.client.error;

/**
 * Marks an exception after which the effect of the call <em>may</em> have happened, or may still happen: the request was
 * written to a connection and no answer came back. Every {@link CoordException} without this mark is certain: nothing was
 * changed.
 *
 * <pre>{@code
 * client.create().forPathAsync("/order", bytes).whenComplete((path, failure) -> {
 *     if (failure instanceof OutcomeUnknown) {
 *         client.checkExists().forPathAsync("/order").thenAccept(stat -> use(stat));
 *     }
 * });
 * }</pre>
 */
public interface OutcomeUnknown {}
