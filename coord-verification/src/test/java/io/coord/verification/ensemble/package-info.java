/** Ensembles of servers in processes of their own, which are killed, stopped and started again. */
@NullMarked
package io.coord.verification.ensemble;

import org.jspecify.annotations.NullMarked;
