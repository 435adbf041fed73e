/**
 * For those who operate a server: four-letter words, commands, health and metrics over HTTP. Lives on threads of its own, {@code
 * coord-admin} and {@code coord-admin-http}, and asks the owner thread by message; only {@link
 * io.coord.server.internal.admin.ServerInspection} runs there.
 */
@NullMarked
package io.coord.server.internal.admin;

import org.jspecify.annotations.NullMarked;
