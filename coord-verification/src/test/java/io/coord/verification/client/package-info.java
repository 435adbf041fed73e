/** What an application sees of {@code coord-client}, the same on our server and on real ZooKeeper. */
@NullMarked
package io.coord.verification.client;

import org.jspecify.annotations.NullMarked;
