package io.coord.server.config;

import io.coord.server.EmbeddedServerConfig;

/**
 * All that a configuration file says.
 *
 * @param server the server itself
 * @param ensemble who else there is
 */
public record ServerConfig(EmbeddedServerConfig server, EnsembleConfig ensemble) {}
