/**
 * A small shop that runs as several instances: they register themselves, sell from one stock under a lock, elect the one that
 * restocks, and follow one configuration znode. All state that the instances share lives in znodes; what a class keeps besides
 * that says which thread owns it.
 */
@NullMarked
package io.coord.sample;

import org.jspecify.annotations.NullMarked;
