/** Stock Curator on real ZooKeeper and on our server: the same tests, unmodified clients. */
@NullMarked
package io.coord.verification.curator;

import org.jspecify.annotations.NullMarked;
