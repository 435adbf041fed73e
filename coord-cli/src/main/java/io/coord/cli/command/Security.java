package io.coord.cli.command;

import io.coord.protocol.tls.TlsConfig;

/**
 * How connections are encrypted.
 *
 * @param verifyingHostname whether a server's certificate must be for the host that was asked for
 */
public record Security(TlsConfig tls, boolean verifyingHostname) {}
