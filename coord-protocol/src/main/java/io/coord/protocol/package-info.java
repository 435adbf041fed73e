/**
 * Numbers that both sides of ZooKeeper's wire protocol agree on: opcodes, error codes and reserved xids. Immutable, so
 * free of threads.
 */
@NullMarked
package io.coord.protocol;

import org.jspecify.annotations.NullMarked;
