package io.coord.recipes.leader;

/**
 * One time of being the leader.
 *
 * @param generation counts the times that this latch became leader, from 1; a callback that carries an older generation
 *     than one seen before is out of date
 * @param fencingToken zxid at which the latch's znode was created. It grows from leader to leader of one path, so a
 *     resource that remembers the greatest can refuse earlier leaders. The order holds within one ensemble and its data.
 * @param path of the latch's znode, for the {@code check} of a transaction
 */
public record Leadership(long generation, long fencingToken, String path) {}
