package io.coord.spring.lock;

import java.time.Duration;

/**
 * What applies to all locked methods unless their annotations say otherwise.
 *
 * @param holdWarning how long a lock may be held before the log says so; zero for any time
 * @param order of the lock advice among others; lower is further out
 */
public record LockSettings(Duration waitTime, OnFailure onFailure, OnLost onLost, Duration holdWarning, int order) {}
