package io.coord.spring.lock;

import java.time.Duration;

/**
 * What applies to all locked methods unless their annotations say otherwise.
 *
 * @param order of the lock advice among others; lower is further out
 */
public record LockSettings(Duration waitTime, OnFailure onFailure, OnLost onLost, int order) {}
