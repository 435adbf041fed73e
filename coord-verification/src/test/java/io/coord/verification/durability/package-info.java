/** Servers killed in the middle of writing: what was acknowledged must be there afterwards. */
@NullMarked
package io.coord.verification.durability;

import org.jspecify.annotations.NullMarked;
