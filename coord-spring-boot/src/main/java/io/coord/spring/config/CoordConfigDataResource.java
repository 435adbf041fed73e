package io.coord.spring.config;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataResource;

/** All that one location in {@code spring.config.import} stands for with the profiles that are active. */
final class CoordConfigDataResource extends ConfigDataResource {

    private final ConfigDataLocation location;
    private final List<ConfigSection> sections;
    private final List<String> profiles;
    private final @Nullable String skipped;

    /** @param skipped why nothing is to be imported; null when it is */
    CoordConfigDataResource(
            ConfigDataLocation location,
            List<ConfigSection> sections,
            List<String> profiles,
            @Nullable String skipped) {
        this.location = location;
        this.sections = List.copyOf(sections);
        this.profiles = List.copyOf(profiles);
        this.skipped = skipped;
    }

    boolean isOptionalLocation() {
        return location.isOptional();
    }

    /** What wins last. */
    List<ConfigSection> sections() {
        return sections;
    }

    List<String> profiles() {
        return profiles;
    }

    @Nullable
    String skipped() {
        return skipped;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CoordConfigDataResource resource
                && sections.equals(resource.sections)
                && profiles.equals(resource.profiles)
                && Objects.equals(skipped, resource.skipped);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sections, profiles, skipped);
    }

    /** As it stands in {@code spring.config.import}. */
    @Override
    public String toString() {
        return location.toString();
    }
}
