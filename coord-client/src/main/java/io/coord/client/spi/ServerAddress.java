package io.coord.client.spi;

/**
 * A server of the connect string, by name: the name is resolved again for each attempt.
 *
 * <pre>{@code
 * for (ServerAddress server : EnsembleConfig.parse(client.getConfig().forEnsemble()).clientAddresses()) {
 *     use(server.host(), server.port());
 * }
 * }</pre>
 *
 * @param host name or literal address, IPv6 without brackets
 */
public record ServerAddress(String host, int port) {
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
