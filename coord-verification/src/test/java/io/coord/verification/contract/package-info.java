/**
 * What a ZooKeeper server promises to its clients, as tests that run on real ZooKeeper, which makes their expectations
 * true, and on ours. Each test has sessions and a parent znode of its own; each class shares one server.
 */
@NullMarked
package io.coord.verification.contract;

import org.jspecify.annotations.NullMarked;
