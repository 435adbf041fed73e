/**
 * Who changed what, for the record: the owner thread notes it, the thread {@code coord-audit} writes it to the log.
 */
@NullMarked
package io.coord.server.internal.audit;

import org.jspecify.annotations.NullMarked;
