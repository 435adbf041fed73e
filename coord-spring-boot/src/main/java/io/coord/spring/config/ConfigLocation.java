package io.coord.spring.config;

import io.coord.protocol.data.InvalidPathException;
import io.coord.protocol.data.ZnodePath;
import io.coord.spring.autoconfigure.CoordConfigFormat;
import io.coord.spring.autoconfigure.CoordProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * What stands behind {@code coord:} in {@code spring.config.import}.
 *
 * @param path of the one znode, with its variants for profiles, that is meant; null for those of the application
 * @param format null when the location does not say
 */
record ConfigLocation(@Nullable String path, @Nullable CoordConfigFormat format) {

    static final String PREFIX = "coord:";

    private static final String FORMAT = "format=";

    /** @param text without the prefix: {@code [/path][?format=keys|properties|yaml]} */
    static ConfigLocation parse(String text) {
        int query = text.indexOf('?');
        String path = query < 0 ? text : text.substring(0, query);
        CoordConfigFormat format = query < 0 ? null : format(text, text.substring(query + 1));
        if (path.isEmpty()) {
            return new ConfigLocation(null, format);
        }
        try {
            ZnodePath.validate(path);
        } catch (InvalidPathException e) {
            throw invalid(text, e.getMessage());
        }
        if (path.equals(ZnodePath.ROOT)) {
            throw invalid(text, "the root itself is shared with everything else on the servers");
        }
        return new ConfigLocation(path, format);
    }

    private static CoordConfigFormat format(String text, String query) {
        for (CoordConfigFormat format : CoordConfigFormat.values()) {
            if (query.equals(FORMAT + format.name().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        throw invalid(
                text,
                "behind the question mark stands 'format=' and one of "
                        + Arrays.toString(CoordConfigFormat.values()).toLowerCase(Locale.ROOT));
    }

    private static FailureAnalyzedException invalid(String text, @Nullable String problem) {
        return new FailureAnalyzedException(
                "The location '" + PREFIX + text + "' in 'spring.config.import' is not valid: " + problem + ".",
                "Correct it. Examples: 'coord:', 'optional:coord:', 'coord:/shop/settings', 'coord:/shop/settings.yaml',"
                        + " 'coord:/shop/settings?format=yaml'.");
    }

    /**
     * The znodes that are meant, what wins last.
     *
     * @param application name of the application, null when it has none
     */
    List<ConfigSection> sections(CoordProperties.Config settings, @Nullable String application, List<String> profiles) {
        CoordConfigFormat otherwise = format != null ? format : settings.format();
        List<ConfigSection> sections = new ArrayList<>();
        if (path != null) {
            add(sections, path, otherwise, settings, profiles);
            return sections;
        }
        add(sections, settings.root() + '/' + settings.defaultContext(), otherwise, settings, profiles);
        if (application != null && !application.equals(settings.defaultContext())) {
            add(sections, settings.root() + '/' + application, otherwise, settings, profiles);
        }
        return sections;
    }

    private void add(
            List<ConfigSection> sections,
            String base,
            CoordConfigFormat otherwise,
            CoordProperties.Config settings,
            List<String> profiles) {
        sections.add(ConfigSection.of(base, "", format, otherwise));
        for (String profile : profiles) {
            sections.add(ConfigSection.of(base, settings.profileSeparator() + profile, format, otherwise));
        }
    }
}
