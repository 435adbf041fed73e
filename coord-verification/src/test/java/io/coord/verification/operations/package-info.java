/** What operators see: words, commands and metrics of our server beside those of real ZooKeeper. */
@NullMarked
package io.coord.verification.operations;

import org.jspecify.annotations.NullMarked;
