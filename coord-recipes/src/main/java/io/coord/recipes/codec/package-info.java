/** Values as the data of znodes, for {@code as(codec)} of the client's calls. Immutable, so free of threads. */
@NullMarked
package io.coord.recipes.codec;

import org.jspecify.annotations.NullMarked;
