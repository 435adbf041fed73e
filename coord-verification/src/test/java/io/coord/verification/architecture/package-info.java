/** The rules that the build enforces on the shape of the code: which module and package may use which. */
@NullMarked
package io.coord.verification.architecture;

import org.jspecify.annotations.NullMarked;
