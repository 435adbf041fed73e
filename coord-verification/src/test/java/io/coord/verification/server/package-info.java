/**
 * The servers that tests run against, behind one small interface: real ZooKeeper and ours, in the test's process or in one
 * of their own. Any thread may start and close them.
 */
@NullMarked
package io.coord.verification.server;

import org.jspecify.annotations.NullMarked;
