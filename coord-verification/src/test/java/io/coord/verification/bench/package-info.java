/**
 * Our server and client beside ZooKeeper's and Curator's, in interleaved rounds on one machine. Servers run in processes of
 * their own; all else on the threads of the benchmark.
 */
@NullMarked
package io.coord.verification.bench;

import org.jspecify.annotations.NullMarked;
