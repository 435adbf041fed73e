/**
 * Random operations on real ZooKeeper and on ours side by side; every reply, stat and event must be the same. All on the
 * test's own thread.
 */
@NullMarked
package io.coord.verification.differential;

import org.jspecify.annotations.NullMarked;
