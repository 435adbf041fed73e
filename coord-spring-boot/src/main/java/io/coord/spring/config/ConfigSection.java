package io.coord.spring.config;

import io.coord.spring.autoconfigure.CoordConfigFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A znode with configuration, and documents beside it whose names are its own and an ending. One of them is enough. All together are one
 * property source.
 *
 * @param path of the znode
 * @param format what the znode holds
 * @param hasDocuments whether there may be documents beside it; not when it is one by its own ending
 */
record ConfigSection(String path, CoordConfigFormat format, boolean hasDocuments) {

    /** What wins last. */
    private static final List<Map.Entry<String, CoordConfigFormat>> ENDINGS = List.of(
            Map.entry(".yml", CoordConfigFormat.YAML),
            Map.entry(".yaml", CoordConfigFormat.YAML),
            Map.entry(".properties", CoordConfigFormat.PROPERTIES));

    /**
     * @param variant stands behind the name, but before an ending that says the format
     * @param said format that the location names; no ending says another
     * @param otherwise format when neither the location nor an ending names one
     */
    static ConfigSection of(
            String base, String variant, @Nullable CoordConfigFormat said, CoordConfigFormat otherwise) {
        if (said == null) {
            for (Map.Entry<String, CoordConfigFormat> ending : ENDINGS) {
                if (base.endsWith(ending.getKey())) {
                    String name =
                            base.substring(0, base.length() - ending.getKey().length());
                    return new ConfigSection(name + variant + ending.getKey(), ending.getValue(), false);
                }
            }
        }
        return new ConfigSection(base + variant, otherwise, said == null || said == CoordConfigFormat.KEYS);
    }

    /** Documents beside the znode, what wins last. */
    List<ConfigDocument> documents() {
        if (!hasDocuments) {
            return List.of();
        }
        return ENDINGS.stream()
                .map(ending -> new ConfigDocument(path + ending.getKey(), ending.getValue()))
                .toList();
    }

    /** Of the property source, and of what is kept for a start without servers. */
    String name() {
        return ConfigLocation.PREFIX + path;
    }

    /** A znode that holds a whole file. */
    record ConfigDocument(String path, CoordConfigFormat format) {}
}
