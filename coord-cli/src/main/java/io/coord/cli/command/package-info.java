/**
 * The commands, one class for each, and what they work with. A command runs on the shell's thread and may block there; watch events
 * come on the client's callback threads.
 */
@NullMarked
package io.coord.cli.command;

import org.jspecify.annotations.NullMarked;
