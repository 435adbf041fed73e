package io.coord.recipes.cache;

import io.coord.protocol.data.Stat;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A znode as it was when it was last read. Immutable as long as nobody writes into {@link #data()}, which is not copied.
 *
 * <p>The stat belongs to the data. Its counters of children ({@code cversion}, {@code numChildren}, {@code pzxid}) are as
 * of that read, too: children that come and go later are nodes of their own in a cache of a tree.
 *
 * <pre>{@code
 * CoordCache cache = CoordCache.builder(client, "/config").childrenOnly().build().start();
 * for (CachedNode node : cache.children("/config").values()) {
 *     use(node.path(), node.stat().version(), node.text());
 * }
 * }</pre>
 *
 * @param path as the client names it
 * @param data never null; empty for a znode without data, and when the cache does not keep them, see {@link #hasData()}
 */
public record CachedNode(String path, Stat stat, byte[] data) {
    /** Stands for data that the cache does not keep. */
    static final byte[] LEFT_OUT = {};

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Whether the data are here: a cache with bounds may keep a node without them; {@code stat.dataLength()} is right then, too. */
    public boolean hasData() {
        return data != LEFT_OUT;
    }

    /** The data as text in UTF-8; bytes that are none become replacement characters. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    CachedNode withStat(Stat newer) {
        return new CachedNode(path, newer, data);
    }

    /**
     * The node as one line of JSON: {@code path}, {@code stat} with all its eleven fields, and {@code data} as text; data
     * that are not UTF-8 stand as {@code dataBase64} instead.
     */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("path", path);
        json.putObject("stat")
                .put("czxid", stat.czxid())
                .put("mzxid", stat.mzxid())
                .put("ctime", stat.ctime())
                .put("mtime", stat.mtime())
                .put("version", stat.version())
                .put("cversion", stat.cversion())
                .put("aversion", stat.aversion())
                .put("ephemeralOwner", stat.ephemeralOwner())
                .put("dataLength", stat.dataLength())
                .put("numChildren", stat.numChildren())
                .put("pzxid", stat.pzxid());
        String text = strictText();
        if (text != null) {
            json.put("data", text);
        } else {
            json.put("dataBase64", Base64.getEncoder().encodeToString(data));
        }
        return JSON.writeValueAsString(json);
    }

    private @Nullable String strictText() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CachedNode node
                && path.equals(node.path)
                && stat.equals(node.stat)
                && Arrays.equals(data, node.data);
    }

    @Override
    public int hashCode() {
        return Objects.hash(path, stat, Arrays.hashCode(data));
    }

    @Override
    public String toString() {
        return "CachedNode[" + path + ", version " + stat.version() + ", " + data.length + " bytes]";
    }
}
