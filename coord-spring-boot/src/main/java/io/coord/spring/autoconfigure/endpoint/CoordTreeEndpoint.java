package io.coord.spring.autoconfigure.endpoint;

import io.coord.client.CoordClient;
import io.coord.client.StatHolder;
import io.coord.protocol.data.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Znodes, one at a time with the names of its children, within the client's namespace and with its rights. There is no such endpoint until
 * {@code management.endpoint.coordtree.access} allows it, and data is masked unless {@code show-values} says otherwise. Asks the servers.
 * Thread-safe: immutable.
 */
@Endpoint(id = "coordtree", defaultAccess = Access.NONE)
final class CoordTreeEndpoint {

    private static final int MOST_CHILDREN = 1_000;

    private final CoordClient client;
    private final Sanitizer sanitizer;
    private final Show showValues;
    private final Set<String> roles;

    CoordTreeEndpoint(CoordClient client, Sanitizer sanitizer, Show showValues, Set<String> roles) {
        this.client = client;
        this.sanitizer = sanitizer;
        this.showValues = showValues;
        this.roles = roles;
    }

    /**
     * A znode.
     *
     * @param data as text, as {@code base64:…} where it is none, masked where it is not to be seen; null when there is none
     * @param children the names of the first 1,000
     */
    record Znode(String path, @Nullable Object data, State stat, List<String> children) {}

    /** A znode's stat; times by the server's clock. */
    record State(
            long czxid,
            long mzxid,
            long pzxid,
            Instant created,
            Instant modified,
            int version,
            int cversion,
            int aversion,
            String ephemeralOwner,
            int dataLength,
            int numChildren) {}

    @ReadOperation
    WebEndpointResponse<Object> root(SecurityContext security) {
        return read("/", security);
    }

    @ReadOperation
    WebEndpointResponse<Object> znode(SecurityContext security, @Selector(match = Match.ALL_REMAINING) String... path) {
        return read("/" + String.join("/", path), security);
    }

    private WebEndpointResponse<Object> read(String path, SecurityContext security) {
        boolean shown = showValues.isShown(security, roles);
        return ServersAnswer.of(() -> {
            StatHolder stat = new StatHolder();
            byte[] data = client.getData().storingStatIn(stat).forPath(path);
            List<String> children = client.getChildren().forPath(path);
            return new Znode(
                    path,
                    data.length == 0 ? null : sanitizer.sanitize(new SanitizableData(null, path, text(data)), shown),
                    state(stat.get()),
                    children.stream().sorted().limit(MOST_CHILDREN).toList());
        });
    }

    private static String text(byte[] data) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return "base64:" + Base64.getEncoder().encodeToString(data);
        }
    }

    private static State state(Stat stat) {
        return new State(
                stat.czxid(),
                stat.mzxid(),
                stat.pzxid(),
                Instant.ofEpochMilli(stat.ctime()),
                Instant.ofEpochMilli(stat.mtime()),
                stat.version(),
                stat.cversion(),
                stat.aversion(),
                "0x" + Long.toHexString(stat.ephemeralOwner()),
                stat.dataLength(),
                stat.numChildren());
    }
}
