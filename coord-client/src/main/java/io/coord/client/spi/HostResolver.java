package io.coord.client.spi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Turns the name of a server into addresses. Asked again for each attempt to connect, on a thread that may wait, never on
 * the network thread; an attempt that has ended meanwhile ignores the answer. Addresses in the connect string are not asked
 * for.
 *
 * <p>Implementations are thread-safe.
 *
 * <pre>{@code
 * HostResolver fixed = host -> List.of(InetAddress.getByName("10.0.0.7"));
 * CoordClient client = CoordClient.builder().connectString("zk:2181").connector(Connector.tcp(fixed)).build();
 * }</pre>
 */
@FunctionalInterface
public interface HostResolver {
    /**
     * @return at least one address, in any order
     */
    List<InetAddress> resolve(String host) throws UnknownHostException;

    /**
     * As the JDK resolves: by the rules of the operating system, its hosts file and search domains included. The JDK keeps
     * an answer for 30 seconds and a failure for 10 unless the security properties {@code networkaddress.cache.ttl} and
     * {@code networkaddress.cache.negative.ttl} say otherwise, so a changed record is honoured that much later at most.
     * That is well below what DNS records themselves live, and why the client asks no name server of its own: it would
     * disagree with everything else on the machine.
     */
    static HostResolver system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
