/**
 * What can go wrong with a call, as unchecked exceptions that say whether the effect may have happened. Immutable once
 * thrown, so free of threads.
 */
@NullMarked
package io.coord.client.error;

import org.jspecify.annotations.NullMarked;
