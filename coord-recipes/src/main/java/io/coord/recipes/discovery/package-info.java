/**
 * Service registration and discovery with the znodes and the JSON of Curator's {@code x-discovery}. A registration's serial
 * queue owns its core; a directory is fed by a cache, on one callback queue.
 */
@NullMarked
package io.coord.recipes.discovery;

import org.jspecify.annotations.NullMarked;
