/** The process: options, one command, a script or a conversation. The main thread; signals interrupt it. */
@NullMarked
package io.coord.cli;

import org.jspecify.annotations.NullMarked;
